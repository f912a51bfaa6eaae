"""An instance in which everybody is asked through the mailbox, else by pager."""

import io
import logging
from collections.abc import Iterator

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.logs import set_up_logging
from feedbackhub.machinery.settings import AskEntry, AskMatch, Settings
from tests.rights.placed import Placed, place


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask by mailbox, about shop contacts by pager."""
    entries = (
        AskEntry(name="shop", match=AskMatch(source=("shop",)), channels=("pager",)),
        AskEntry(name="all", channels=("mailbox",), reminders=1),
    )
    return settings.model_copy(update={"ask": entries})


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged as JSON lines during the test."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    written = io.StringIO()
    set_up_logging("debug", written)
    yield written
    root.handlers[:], root.level = before, level


@pytest.fixture
def placed(core: Core, clock: SetClock, stream: io.StringIO) -> Placed:
    """Berta and Carl, with everything that can be known of them."""
    return place(core, clock)
