"""Static files of plugins below ``/x/<plugin>/static/``: read once at the start, so no path leads anywhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound

from ..loop.core import Core
from .permission import permission
from .static_files import StaticFile, read, served

__all__ = ["addresses", "file", "install"]

EXTENSION = "feedbackhub.plugin_static"
LARGEST = 5_000_000
Files = Mapping[str, Mapping[str, StaticFile]]
log = logging.getLogger("feedbackhub.plugins")


def install(app: Flask, core: Core) -> None:
    """Read the static files of every working plugin."""
    folders = {name: folder / "static" for name, folder in core.plugins.folders.items()}
    app.extensions[EXTENSION] = {name: files_in(name, folder) for name, folder in folders.items() if folder.is_dir()}


def files_in(plugin: str, folder: Path) -> dict[str, StaticFile]:
    """Return the files of a plugin's folder by their names; links that lead out of it and giants are left out."""
    found: dict[str, StaticFile] = {}
    inside = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        try:
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(inside) or path.stat().st_size > LARGEST:
                log.warning("plugin %s: static file %s is not served: too large, or outside its folder", plugin, name)
                continue
            found[name] = read(path)
        except OSError as error:
            log.warning("plugin %s: static file %s cannot be read: %s", plugin, name, type(error).__name__)
    return found


def shipped() -> Files:
    """Return the static files of all plugins."""
    found: Files = current_app.extensions[EXTENSION]
    return found


@permission("public")
def file(plugin: str, filename: str) -> Response:
    """Give one static file of a plugin."""
    found = shipped().get(plugin, {}).get(filename)
    if found is None:
        raise NotFound
    return served(found)


def addresses(plugin: str) -> Callable[[str], str]:
    """Return what a plugin's templates call as ``static("orders.css")``: the address of one of its static files."""
    known, root = shipped().get(plugin, {}), f"{request.script_root}/x/{plugin}/static/"

    def static(filename: str) -> str:
        return f"{root}{filename}?v={known[filename].version}"

    return static
