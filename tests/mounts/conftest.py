"""An instance with plugins made for a test: packages with templates, static files and texts of their own."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from feedbackhub.contract.hookspecs import hookimpl
from feedbackhub.loop.core import Core
from feedbackhub.loop.plugin_views import dress
from feedbackhub.machinery.catalogs import empty
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.settings import Settings
from tests.web.live import Live, live

__all__ = ["Live", "live"]

Package = Callable[..., Path]


def plugin(folder: Path | None = None, **objects: Any) -> SimpleNamespace:
    """Return a plugin's module: ``plugin(folder, pages=[…], routes=[…])``."""

    def hook(name: str, brought: Any) -> Any:
        def bring(hub: Any) -> Any:
            return brought(hub) if callable(brought) else brought

        bring.__name__ = name
        return hookimpl(bring)

    hooks = {f"feedbackhub_{name}": hook(f"feedbackhub_{name}", brought) for name, brought in objects.items()}
    return SimpleNamespace(**hooks, **({"__path__": [str(folder)]} if folder else {}))


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """Write a plugin's folder: ``package("zoo", {"templates/a.html": "…"}, id={"Ape": "Kera"})``."""

    def write(name: str, files: dict[str, str], **texts: dict[str, str]) -> Path:
        folder = tmp_path / "packages" / name
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content, encoding="utf-8")
        for language, words in texts.items():
            path = folder / "locale" / language / "LC_MESSAGES" / f"{name}.mo"
            path.parent.mkdir(parents=True)
            source = "\n".join(f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in words.items())
            with path.open("wb") as file:
                write_mo(file, read_po(StringIO(empty(language) + source), locale=language))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    return write


@pytest.fixture
def modules() -> dict[str, Any]:
    """The plugins of the instance; a test file brings its own."""
    return {}


@pytest.fixture
def core(core: Core, settings: Settings, clock: SetClock, modules: dict[str, Any]) -> Core:
    """The instance with the plugins of the test and none of the bundled."""
    made = Core(**{**vars(core), "plugins": load_given(settings, clock, Http(settings.http), modules)})
    assert [each.reason for each in made.plugins.states if each.state != "active"] == []
    dress(made)
    return made
