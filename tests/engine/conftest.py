"""An instance with tasks in lanes of its own, and a runner that only notes what it is handed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from tests.loop.story import Line


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody by mail."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("mail",)),)})


@pytest.fixture
def mail() -> Line:
    """A channel that reaches mail addresses."""
    return Line("mail", ("email",))


@pytest.fixture
def core(settings: Settings, clock: SetClock, mail: Line) -> Iterator[Core]:
    """An open instance with this channel besides the bundled ones, and without tasks of plugins."""
    opened = open_core(settings, clock)
    plugins = opened.plugins.having("feedbackhub_channels", {**opened.plugins.channels, "mail": mail}.items())
    yield replace(opened, plugins=plugins.having("feedbackhub_tasks", ()))
    opened.close()
