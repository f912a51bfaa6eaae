"""An instance with the odd plugin, kept for a whole module where nothing in it changes."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from feedbackhub import Query
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Reports, Settings
from tests.app_fixtures import START
from tests.web.live import live

__all__ = ["live"]

ODD = Path(__file__).with_name("odd.py")
MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))


def with_odd(settings: Settings) -> Settings:
    """Return settings with the odd plugin in the plugins' folder, and little patience."""
    folder = settings.data_dir / "plugins.d"
    folder.mkdir()
    shutil.copy(ODD, folder / "odd.py")
    return settings.model_copy(update={"reports": Reports(seconds=1.5, processes=2, memory_mb=1024)})


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The usual settings, with the odd plugin."""
    return with_odd(settings)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[str], None]) -> Iterator[Core]:
    """An instance on SQLite for all tests of a module."""
    folder = tmp_path_factory.mktemp("instance")
    filled(f"sqlite:///{folder / 'feedbackhub.db'}")
    write_key(folder / KEY_FILE)
    opened = open_core(with_odd(Settings(data_dir=folder)), SetClock(START))
    yield opened
    opened.close()
