"""An instance with recorded answers, and exports that do as they are told."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import Connection, text, update

from bench.fill import fill
from feedbackhub import Batch, Column, Export
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.store import tables
from tests.loop.story import Line

Answered = Callable[..., Core]


@pytest.fixture
def answered(core: Core) -> Answered:
    """Store answered contacts, ten for each customer: ``answered(30, "words")``."""

    def make(responses: int, comment: str = "") -> Core:
        fill(core, responses)
        core.store.write(_go_on_numbering)
        if comment:
            core.store.write(lambda connection: connection.execute(update(tables.response).values(comment=comment)))
        return core

    return make


def _go_on_numbering(connection: Connection) -> None:
    """Let PostgreSQL number what comes after rows that brought their own numbers, as SQLite does by itself."""
    if connection.dialect.name != "sqlite":
        for name in ("contact", "invitation", "response"):
            connection.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))


class Slow(Export):
    """Writes ids, and does at each batch what it is told to."""

    name, title, suffix, media_type = "slow", "Slow", "txt", "text/plain"

    def __init__(self) -> None:
        self.at_each: Callable[[], object] = lambda: None
        self.at_end: Callable[[], object] = lambda: None
        self.shipped: list[tuple[str, bytes]] = []
        self.on_ship: Callable[[], None] = lambda: None

    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write one id on each line."""
        for batch in batches:
            target.write("".join(f"{each}\n" for each in batch.columns["id"]).encode())
            self.at_each()
        self.at_end()

    def ship(self, file: Path, name: str) -> None:
        """Keep what is handed on."""
        self.on_ship()
        self.shipped.append((name, file.read_bytes()))


@pytest.fixture
def slow() -> Slow:
    """An export of a plugin called ``tests``."""
    return Slow()


@pytest.fixture
def mail() -> Line:
    """A channel that reaches mail addresses."""
    return Line("mail", ("email",))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody by mail, at once."""
    return settings.model_copy(update={"ask": (AskEntry(name="default", channels=("mail",), delay=timedelta(0)),)})


@pytest.fixture
def core(settings: Settings, clock: SetClock, slow: Slow, mail: Line) -> Iterator[Core]:
    """An open instance with that export and that channel besides the bundled ones."""
    opened = open_core(settings, clock)
    exports = (*opened.plugins.each("feedbackhub_exports"), ("tests", slow))
    plugins = opened.plugins.having("feedbackhub_exports", exports)
    plugins = plugins.having("feedbackhub_channels", {**plugins.channels, "mail": mail}.items())
    yield replace(opened, plugins=plugins)
    opened.close()
