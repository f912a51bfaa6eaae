"""Handing events to one subscriber of a plugin, and what becomes of it when it fails.

A subscriber that fails stands still alone. The event that it fails at is looked for at once, by trying fewer and fewer
events, so that it has got everything before that one. Then it rests, longer each time, and after many failures in a
row it is parked: tried once an hour, when a server starts, and when a person says so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, Refused, Unavailable
from ..contract.records import Event
from ..contract.work import Subscriber
from ..machinery.containment import GivenUp, PluginFault
from ..store.queries import log as rows
from ..store.queries import subscribers as places
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .effects import Checked, apply, checked_effects
from .facts import public_events
from .lag import name_of, wants
from .plain import plain
from .standing import fewer, is_parked, next_failure, rests

__all__ = ["BATCH", "Behind", "Handing", "Reader", "move"]

log = logging.getLogger("feedbackhub.plugins")
#: The most events handed over at once.
BATCH = 500
#: How long nothing is tried while the plugin's code would not even be called.
_PAUSE = timedelta(seconds=5)


@dataclass(frozen=True)
class Reader:
    """One subscriber of a plugin."""

    plugin: str
    subscriber: Subscriber

    @property
    def name(self) -> str:
        """The name under which its position is stored."""
        return name_of(self.plugin, self.subscriber.name)

    def wants(self, type_: str) -> bool:
        """Tell whether it wants events of a type."""
        return wants(self.subscriber.types, type_)


@dataclass(frozen=True)
class Behind:
    """A reader that has something to read: how it stands, and where to go on from."""

    reader: Reader
    row: AnyRow | None
    start: int

    @property
    def stored(self) -> int:
        """The position that is stored."""
        return self.row.position if self.row is not None else 0


@dataclass(frozen=True)
class _Search:
    """The search for the one event that a reader fails at: how many are tried at once, and up to where it may be."""

    size: int
    until: int


class Handing:
    """Hands events to readers, one batch at a time.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._searches: dict[str, _Search] = {}
        self._pauses: dict[str, datetime] = {}
        self._tried: set[str] = set()

    def rests(self, reader: Reader, row: AnyRow | None, now: datetime) -> bool:
        """Tell whether a reader is left alone for now; one that is parked is tried once when a server starts."""
        pause = self._pauses.get(reader.name)
        if pause is not None and timedelta(0) < pause - now <= _PAUSE:
            return True
        return rests(row, now) and not (is_parked(row) and reader.name not in self._tried)

    def hand(self, behind: Behind) -> bool:
        """Hand a reader its next events and tell whether it goes on; a failure is noted, never raised."""
        name = behind.reader.name
        self._tried.add(name)
        while True:
            found: Sequence[AnyRow] = ()
            try:
                found, top = self._next(behind)
                self._store(behind, self._handled(behind.reader, self._public(found)), top)
            except (GivenUp, Unavailable) as gone:
                log.info("subscriber %s waits: %s", name, gone)
                return False
            except Exception as error:  # a plugin's statement may fail in any way the database knows
                if self._fail(behind, found, error):
                    continue
                return False
            self._searched(name, top)
            return True

    def _next(self, behind: Behind) -> tuple[list[AnyRow], int]:
        search = self._searches.get(behind.reader.name)
        size = search.size if search is not None else BATCH
        up_to = behind.row.stuck_at if behind.row is not None else None
        types = behind.reader.subscriber.types
        with self._core.store.read() as connection:
            return rows.events_after(connection, behind.start, types, size, up_to)

    def _public(self, found: Sequence[AnyRow]) -> tuple[Event, ...]:
        if not found:
            return ()
        with self._core.store.read() as connection:
            return tuple(public_events(connection, found))

    def _handled(self, reader: Reader, events: Sequence[Event]) -> Checked:
        if not events:
            return Checked()
        containment, what = self._core.containment, f"handle {reader.subscriber.name}"
        said = containment.call(reader.plugin, what, reader.subscriber.handle, events)
        try:
            return checked_effects(self._core, reader.plugin, said)
        except Refused as wrong:
            raise containment.blame(reader.plugin, what, str(wrong)) from None

    def _store(self, behind: Behind, effects: Checked, top: int) -> None:
        core, now = self._core, self._core.clock.now()

        def run(connection: Connection) -> None:
            if move(connection, behind, top, now):
                apply(connection, core, behind.reader.plugin, effects, now)

        core.store.write(run)

    def _searched(self, name: str, top: int) -> None:
        """End a search that has come to its end without another failure."""
        search = self._searches.get(name)
        if search is not None and top >= search.until:
            del self._searches[name]

    def _fail(self, behind: Behind, found: Sequence[AnyRow], error: Exception) -> bool:
        """Go on with fewer events, which is told, or note the failure and leave the reader alone for a while."""
        name, now = behind.reader.name, self._core.clock.now()
        outcome = error.outcome if isinstance(error, PluginFault) else "raised"
        if outcome in ("resting", "busy"):
            self._pauses[name] = now + _PAUSE
            return False
        size = fewer(len(found))
        if len(found) > 1 and outcome != "late":
            until = self._searches[name].until if name in self._searches else found[-1].position
            self._searches[name] = _Search(size, until)
            return True
        self._searches.pop(name, None)
        reason = plain(error if isinstance(error, FeedbackhubError) else type(error).__name__)
        log.warning(
            "subscriber %s failed: %s", name, reason, exc_info=None if isinstance(error, PluginFault) else error
        )
        self._note(behind, reason, found[size - 1].position if found else None, now)
        return False

    def _note(self, behind: Behind, reason: str, stuck_at: int | None, now: datetime) -> None:
        name = behind.reader.name

        def run(connection: Connection) -> None:
            lock_keys(connection, [f"subscriber:{name}"])
            row = places.one(connection, name, lock=True)
            if (row.position if row is not None else 0) == behind.stored:
                places.note_failure(connection, name, next_failure(row, reason, now, stuck_at), now)

        try:
            self._core.store.write(run)
        except Unavailable as gone:
            log.warning("the failure of subscriber %s could not be noted: %s", name, gone)


def move(connection: Connection, behind: Behind, top: int, now: datetime) -> bool:
    """Move a reader on, unless somebody else has done so since it was read; tell whether it was moved."""
    lock_keys(connection, [f"subscriber:{behind.reader.name}"])
    if places.position_of(connection, behind.reader.name, lock=True) != behind.stored:
        return False
    places.move_to(connection, behind.reader.name, top, now)
    return True
