"""An instance whose channels do what a test tells them to."""

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
    """Ask everybody by mail, else by text message."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("mail", "sms")),)})


@pytest.fixture
def mail() -> Line:
    """A channel that reaches mail addresses."""
    return Line("mail", ("email",))


@pytest.fixture
def sms() -> Line:
    """A channel that reaches phones."""
    return Line("sms", ("phone",))


@pytest.fixture
def core(settings: Settings, clock: SetClock, mail: Line, sms: Line) -> Iterator[Core]:
    """An open instance with these two channels besides the bundled ones."""
    opened = open_core(settings, clock)
    channels = {**opened.plugins.channels, "mail": mail, "sms": sms}
    plugins = opened.plugins.having("feedbackhub_channels", channels.items())
    # These tests count tasks; those that plugins run by themselves are not among them.
    yield replace(opened, plugins=plugins.having("feedbackhub_tasks", ()))
    opened.close()
