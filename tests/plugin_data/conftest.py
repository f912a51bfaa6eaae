"""Instances with the plugins of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from tests.plugin_data.guests import Guest

OpenWith = Callable[..., Core]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody by a link."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("link",)),)})


@pytest.fixture
def open_with(settings: Settings, clock: SetClock) -> Iterator[OpenWith]:
    """Open the instance with these plugins besides the bundled ones; several at once are several processes."""
    opened: list[Core] = []

    def open_(*guests: Guest, at: SetClock | None = clock) -> Core:
        opened.append(open_core(settings, at, extra={guest.__name__: guest for guest in guests}))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
