"""Where plugins are: installed beside feedbackhub, in the folder of single files, or named on the command line."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, entry_points
from pathlib import Path
from types import ModuleType

from .plugin_checks import BadPlugin

__all__ = ["BUNDLED", "GROUP", "Found", "found_in", "installed"]

GROUP = "feedbackhub"
#: The distribution whose plugins are part of feedbackhub itself.
BUNDLED = "feedbackhub"
MODULE = "feedbackhub_plugin_file_"


@dataclass(frozen=True)
class Found:
    """A plugin before it is loaded.

    Args:
        name: Its name.
        version: The version of the distribution that brings it, empty for a file.
        origin: That distribution, or the file.
        target: What an import of it is called: a module's name, or the file again.
        load: Imports it.
    """

    name: str
    version: str
    origin: str
    target: str
    load: Callable[[], object]

    @property
    def bundled(self) -> bool:
        """Whether it is part of feedbackhub itself."""
        return self.origin == BUNDLED


def installed() -> Iterator[Found]:
    """Yield the plugins of installed distributions."""
    told: dict[Distribution | None, tuple[str, str]] = {}
    for point in entry_points(group=GROUP):
        if point.dist not in told:  # one distribution may bring many, and reading what it says of itself is slow
            told[point.dist] = _told(point.dist)
        origin, version = told[point.dist]
        yield Found(point.name, version, origin, point.value, point.load)


def found_in(folder: Path) -> Iterator[Found]:
    """Yield the plugins of a folder: each file ``name.py``, and each folder ``name`` that is a package."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".py" and path.is_file():
            yield of_file(path)
        elif (path / "__init__.py").is_file():
            yield of_file(path / "__init__.py")


def of_file(path: Path) -> Found:
    """Return the plugin that a file is, named after it; a package is named after its folder.

    A leading ``feedbackhub_`` is left out, and ``_`` becomes ``-``, as in the name of a distribution.
    """
    path = path.resolve()
    stem = path.parent.name if path.name == "__init__.py" else path.stem
    name = stem.removeprefix("feedbackhub_").replace("_", "-")
    return Found(name, "", str(path), str(path), lambda: import_file(name, path))


def import_file(name: str, path: Path) -> ModuleType:
    """Import a file as a module of its own and return it.

    Args:
        name: The plugin's name.
        path: The file; ``__init__.py`` for a package.

    Raises:
        BadPlugin: There is no such file.
    """
    module_name = MODULE + name.replace("-", "_")
    folders = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(module_name, path, submodule_search_locations=folders)
    if spec is None or spec.loader is None or not path.is_file():
        raise BadPlugin(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    return module


def _told(distribution: Distribution | None) -> tuple[str, str]:
    """Return what a distribution is called, and its version."""
    return (distribution.name, distribution.version) if distribution else ("an unknown distribution", "")
