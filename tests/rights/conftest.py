"""An instance in which everybody is asked through the mailbox, else by pager; its story is played once a session."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.logs import set_up_logging
from feedbackhub.machinery.settings import AskEntry, AskMatch, Engine, Settings
from tests.app_fixtures import START
from tests.rights.placed import Placed, equipped, place
from tests.services.databases import Databases

POLICY = (
    AskEntry(name="shop", match=AskMatch(source=("shop",)), channels=("pager",)),
    AskEntry(name="all", channels=("mailbox",), reminders=1),
)


def settings_of(folder: Path, url: str) -> Settings:
    """Ask by mailbox, about shop contacts by pager; give up soon."""
    return Settings(data_dir=folder, database=url, ask=POLICY, engine=Engine(max_attempts=3))


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Write all logs as JSON lines to a file."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with path.open("a") as file:
        set_up_logging("debug", file)
        yield
    root.handlers[:], root.level = before, level


class Story:
    """Berta's and Carl's story, played once for each kind of database."""

    def __init__(self, folder: Path, filled: Callable[[str], None]) -> None:
        self.folder, self._filled = folder, filled
        self.ends: dict[str, Placed] = {}

    def play(self, url: str) -> None:
        """Play it in an empty database."""
        self._filled(url)
        folder = self.folder / url.partition(":")[0]
        folder.mkdir()
        write_key(folder / KEY_FILE)
        core = open_core(settings_of(folder, url), SetClock(START))
        with logging_to(folder / "hub.log"):
            self.ends[folder.name] = place(core, SetClock(START))
        core.close()

    def told_again(self, folder: Path, url: str) -> Placed:
        """Return where the two are found in a copy, with the time at which the story ended."""
        kind = url.partition(":")[0]
        shutil.copytree(self.folder / kind, folder)
        end = self.ends[kind]
        clock = SetClock(end.clock.now())
        core, pager = equipped(open_core(settings_of(folder, url), clock))
        pager.engaged, pager.broken = end.pager.engaged, end.pager.broken
        return replace(end, core=core, clock=clock, pager=pager)


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[str], None]) -> Story:
    """The story, for as long as the session lasts."""
    return Story(tmp_path_factory.mktemp("story"), filled)


@pytest.fixture
def placed(tmp_path: Path, databases: Databases, story: Story) -> Iterator[Placed]:
    """Berta and Carl, with everything that can be known of them."""
    url = databases.new(story.play)
    found = story.told_again(tmp_path / "hub", url)
    with logging_to(tmp_path / "hub" / "hub.log"):
        yield found
    found.core.close()
