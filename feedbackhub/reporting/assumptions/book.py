"""What was entered for each assumption: kept change by change, so that every one can be undone and seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, func, insert, select
from sqlalchemy.exc import IntegrityError

from ...columns import Moment
from ...contract.errors import Conflict, NotFound
from ...contract.hub import Hub
from .catalogue import CURRENCY, Assumption
from .ranges import Range

__all__ = ["Assumptions", "Entry", "Held", "assumptions_table"]


def assumptions_table(name: str, metadata: MetaData, longest_word: int = 100) -> Table:
    """Return a table for what is entered, one row for every change.

    Args:
        name: Its name, which begins with the plugin's prefix.
        metadata: Where the plugin's tables are.
        longest_word: Length of the column for words; 3 is enough where the only word is a currency.
    """
    return Table(
        name,
        metadata,
        Column("name", String(40), primary_key=True),
        # Counts the changes of one assumption: the highest is what holds, and two people cannot both make the next one.
        Column("number", Integer, primary_key=True, autoincrement=False),
        # Whether something is entered; otherwise the default holds.
        Column("is_entered", Boolean, nullable=False),
        Column("low", Float),
        Column("likely", Float),
        Column("high", Float),
        Column("word", String(longest_word), nullable=False),
        Column("source", Text, nullable=False),
        Column("changed_at", Moment, nullable=False),
        Column("changed_by", String(200), nullable=False),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody entered.

    Args:
        low, likely, high: The range, None for a word.
        word: The word, else empty.
        source: Where it comes from.
    """

    low: float | None = None
    likely: float | None = None
    high: float | None = None
    word: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What holds for an assumption.

    Args:
        about: The assumption.
        entry: What was entered, None where the default holds.
        number: How often it was changed.
        changed_at: When it was changed last, None for never.
        changed_by: Who did.
    """

    about: Assumption
    entry: Entry | None = None
    number: int = 0
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def range(self) -> Range | None:
        """What is assumed, None for nothing."""
        entry = self.entry
        if entry is None or entry.low is None or entry.likely is None or entry.high is None:
            return self.about.default
        return Range(entry.low, entry.likely, entry.high)

    @property
    def word(self) -> str:
        """The word that holds, empty for none."""
        return self.entry.word if self.entry is not None else self.about.word

    @property
    def source(self) -> str:
        """Where it comes from; a default's is a text to be translated."""
        return self.entry.source if self.entry is not None else self.about.source


class Assumptions:
    """The assumptions of one plugin in one instance.

    Args:
        hub: The plugin's hub.
        table: Where what is entered is kept.
        named: All that are assumed, in the order that they are shown in.
    """

    def __init__(self, hub: Hub, table: Table, named: Sequence[Assumption]) -> None:
        self._hub, self._table = hub, table
        self._named: Mapping[str, Assumption] = {each.name: each for each in named}

    def all(self) -> dict[str, Held]:
        """Return what holds for each, by name, in their order."""
        rows = self._hub.tables.read(select(self._table).order_by(self._table.c.number))
        newest = {row["name"]: row for row in rows}
        return {name: _held(about, newest.get(name)) for name, about in self._named.items()}

    def get(self, name: str) -> Held:
        """Return what holds for one; raises NotFound."""
        return self._history(name)[-1]

    def changes(self) -> int:
        """Return how many changes there were; another number means other assumptions."""
        (row,) = self._hub.tables.read(select(func.count().label("n")).select_from(self._table))
        return int(row["n"])

    def currency(self) -> str:
        """Return the currency, empty while none is entered."""
        return self.get(CURRENCY).word if CURRENCY in self._named else ""

    def put(self, name: str, entry: Entry | None, by: str, seen: int | None = None) -> Held:
        """Keep what somebody entered; nothing is written where it holds already.

        Args:
            name: The assumption.
            entry: What holds from now on, None for the default.
            by: Who entered it.
            seen: After how many changes they saw it; None to put it whatever there is.

        Raises:
            NotFound: There is no such assumption.
            Conflict: Somebody else has changed it since.
        """
        before = self.get(name)
        if seen is not None and seen != before.number:
            raise Conflict("it was changed by somebody else meanwhile")
        if entry == before.entry:
            return before
        fields: dict[str, Any] = {"low": None, "likely": None, "high": None, "word": "", "source": ""}
        if entry is not None:
            fields = {each: getattr(entry, each) for each in fields}
        row = {
            "name": name, "number": before.number + 1, "is_entered": entry is not None, **fields,
            "changed_at": self._hub.clock.now(), "changed_by": by[:200],
        }  # fmt: skip
        try:
            self._hub.tables.write(insert(self._table).values(row))
        except IntegrityError:
            raise Conflict("it was changed by somebody else meanwhile") from None
        self._hub.log.info("the assumption %s was changed", name)
        return self.get(name)

    def undo(self, name: str, by: str, seen: int) -> Held:
        """Put back what held before the last change; raises NotFound and Conflict."""
        history = self._history(name)
        if len(history) < 2:
            raise NotFound("nothing was changed")
        return self.put(name, history[-2].entry, by, seen)

    def _history(self, name: str) -> list[Held]:
        """Return what held from the beginning on; raises NotFound."""
        about = self._named.get(name)
        if about is None:
            raise NotFound("no such assumption")
        query = select(self._table).where(self._table.c.name == name).order_by(self._table.c.number)
        return [Held(about), *(_held(about, row) for row in self._hub.tables.read(query))]


def _held(about: Assumption, row: Mapping[str, Any] | None) -> Held:
    if row is None:
        return Held(about)
    entry = None
    if row["is_entered"]:
        entry = Entry(row["low"], row["likely"], row["high"], row["word"], row["source"])
    return Held(about, entry, row["number"], row["changed_at"], row["changed_by"])
