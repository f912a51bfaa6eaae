"""Subscribers of plugins: each is handed the events it wants, in order, and fails for itself alone.

A plugin's code runs outside any transaction. What it says follows is stored together with the position, if that is
still the one it began from: of two processes that hand out the same events, only one stores anything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, Refused, Unavailable
from ..contract.work import Subscriber
from ..machinery.containment import GivenUp, PluginFault
from ..store.queries import log as rows
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .effects import Checked, apply, checked_effects
from .facts import public_events
from .plain import plain

__all__ = ["Subscribers", "name_of"]

log = logging.getLogger("feedbackhub.plugins")
#: The most events handed over at once.
BATCH = 500
#: Positions of subscribers that want none of the newest events are stored only now and then.
LAG = 500
LONGEST_REST = timedelta(minutes=1)


def name_of(plugin: str, subscriber: Subscriber) -> str:
    """Return the name under which a subscriber's position is stored."""
    return f"{plugin}:{subscriber.name}"


@dataclass(frozen=True)
class _Reader:
    """One subscriber of a plugin."""

    plugin: str
    subscriber: Subscriber

    @property
    def name(self) -> str:
        return name_of(self.plugin, self.subscriber)

    def wants(self, event: AnyRow) -> bool:
        types = self.subscriber.types
        return not types or any(
            event.type.startswith(each[:-1]) if each.endswith("*") else event.type == each for each in types
        )


@dataclass(frozen=True)
class _Behind:
    """A reader that has something to read: the position that is stored, and where to go on from."""

    reader: _Reader
    stored: int
    start: int


@dataclass(frozen=True)
class _Rest:
    """A reader that failed: how often in a row, and until when it is left alone."""

    failures: int
    until: datetime


class Subscribers:
    """Feeds the subscribers of all plugins of one instance.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        found = core.plugins.each("feedbackhub_subscribers")
        self._readers = [_Reader(plugin, subscriber) for plugin, subscriber in found]
        self._rests: dict[str, _Rest] = {}
        #: What was looked through without being wanted, by the stored position that it goes on from.
        self._passed: dict[str, tuple[int, int]] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._stopping = False

    def feed(self) -> bool:
        """Hand every subscriber its next events, in this thread, and tell whether anybody got anything."""
        return self._feed_all(self._active())

    def _feed_all(self, readers: Sequence[_Reader]) -> bool:
        """Hand each of these readers its next events and tell whether anybody got anything; all have their turn."""
        return sum(self._feed(each) for each in self._behind(readers)) > 0

    def wake(self) -> None:
        """Let every plugin whose subscribers have something to read catch up, each in a thread of its own."""
        for plugin in sorted({each.reader.plugin for each in self._behind(self._active())}):
            thread = self._threads.get(plugin)
            if thread is None or not thread.is_alive():
                name = f"feedbackhub-follow-{plugin}"
                self._threads[plugin] = threading.Thread(target=self._catch_up, args=(plugin,), name=name, daemon=True)
                self._threads[plugin].start()

    def stop(self) -> None:
        """Begin with nothing more."""
        self._stopping = True

    def wait(self, seconds: float) -> None:
        """Wait until nobody is being fed any more, but no longer than this."""
        until = time.monotonic() + seconds
        for thread in list(self._threads.values()):
            thread.join(max(0.0, until - time.monotonic()))

    def _catch_up(self, plugin: str) -> None:
        try:
            readers = [each for each in self._active() if each.plugin == plugin]
            while not self._stopping and self._feed_all(readers):
                pass
        except FeedbackhubError as error:
            log.warning("the subscribers of plugin %s wait: %s", plugin, error)
        except Exception:
            log.exception("the subscribers of plugin %s wait", plugin)

    def _active(self) -> list[_Reader]:
        return [each for each in self._readers if each.plugin in self._core.plugins.brought]

    def _behind(self, readers: Sequence[_Reader]) -> list[_Behind]:
        """Return the readers that have something to read and do not rest; others' positions move on by the way."""
        now = self._core.clock.now()
        waking = [each for each in readers if not self._rests_now(each.name, now)]
        if not waking:
            return []
        with self._core.store.read() as connection:
            top = rows.last_position(connection)
            stored = rows.positions(connection, [each.name for each in waking])
            fresh = [each for each in waking if each.name not in stored]
            behind = [
                _Behind(each, stored[each.name], start)
                for each in waking
                if each.name in stored and (start := self._start(each.name, stored[each.name])) < top
            ]
            wanting, passing = self._sorted(connection, behind, top)
        self._pass(passing, top, now)
        return wanting + self._begun(fresh, top, now)

    def _begun(self, fresh: Sequence[_Reader], top: int, now: datetime) -> list[_Behind]:
        """Give new readers their first position and return those that begin with the history."""
        if not fresh:
            return []
        first = {each.name: top if each.subscriber.from_now else 0 for each in fresh}

        def run(connection: Connection) -> None:
            for name, position in first.items():
                rows.begin_at(connection, name, position, now)

        self._core.store.write(run)
        return [_Behind(each, 0, 0) for each in fresh if not each.subscriber.from_now and top]

    def _sorted(
        self, connection: Connection, behind: Sequence[_Behind], top: int
    ) -> tuple[list[_Behind], list[_Behind]]:
        """Return who wants something of the newest events, or has many to read, and who wants none of them.

        Most stand at the same place, so what is new is read once for all of them.
        """
        new: dict[int, list[AnyRow]] = {}
        wanting: list[_Behind] = []
        passing: list[_Behind] = []
        for each in behind:
            if top - each.start <= BATCH and each.start not in new:
                new[each.start] = rows.events_between(connection, each.start, top)
            is_wanted = top - each.start > BATCH or any(each.reader.wants(event) for event in new[each.start])
            (wanting if is_wanted else passing).append(each)
        return wanting, passing

    def _start(self, name: str, stored: int) -> int:
        since, passed = self._passed.get(name, (stored, stored))
        return passed if since == stored else stored

    def _pass(self, passing: Sequence[_Behind], top: int, now: datetime) -> None:
        """Note that these readers want nothing up to a position; in the database only when they lag far behind."""
        late = [each for each in passing if top - each.stored > LAG]
        for each in passing:
            self._passed[each.reader.name] = (each.stored, top)

        def run(connection: Connection) -> None:
            for each in late:
                self._move(connection, each, top, now)

        if late:
            self._core.store.write(run)

    @staticmethod
    def _move(connection: Connection, behind: _Behind, top: int, now: datetime) -> bool:
        """Move a reader on, unless somebody else has done so since it was read."""
        lock_keys(connection, [f"subscriber:{behind.reader.name}"])
        if rows.position_of(connection, behind.reader.name, lock=True) != behind.stored:
            return False
        rows.move_to(connection, behind.reader.name, top, "", now)
        return True

    def _feed(self, behind: _Behind) -> bool:
        """Hand one reader its next events and tell whether that went well."""
        reader, name = behind.reader, behind.reader.name
        if self._stopping:
            return False
        try:
            with self._core.store.read() as connection:
                found, top = rows.events_after(connection, behind.start, reader.subscriber.types, BATCH)
                events = tuple(public_events(connection, found))
            effects = self._handled(reader, events) if events else Checked()
            self._store(behind, effects, top)
        except GivenUp:
            return False
        except Exception as error:  # a plugin's statement may fail in any way the database knows
            self._fail(name, error)
            return False
        self._rests.pop(name, None)
        return True

    def _handled(self, reader: _Reader, events: Sequence[object]) -> Checked:
        containment, what = self._core.containment, f"handle {reader.subscriber.name}"
        said = containment.call(reader.plugin, what, reader.subscriber.handle, events)
        try:
            return checked_effects(self._core, reader.plugin, said)
        except Refused as wrong:
            raise containment.blame(reader.plugin, what, str(wrong)) from None

    def _store(self, behind: _Behind, effects: Checked, top: int) -> None:
        core, now = self._core, self._core.clock.now()

        def run(connection: Connection) -> None:
            if self._move(connection, behind, top, now):
                apply(connection, core, behind.reader.plugin, effects, now)

        core.store.write(run)

    def _rests_now(self, name: str, now: datetime) -> bool:
        rest = self._rests.get(name)
        # A clock that was set back must not make anybody rest for longer.
        return rest is not None and timedelta(0) < rest.until - now <= LONGEST_REST

    def _fail(self, name: str, error: Exception) -> None:
        """Leave a reader alone for a while, each time longer, and note why."""
        reason = plain(error if isinstance(error, FeedbackhubError) else type(error).__name__)
        is_known = isinstance(error, PluginFault)
        log.warning("subscriber %s failed: %s", name, reason, exc_info=None if is_known else error)
        failures = self._rests[name].failures + 1 if name in self._rests else 1
        now = self._core.clock.now()
        wait = min(timedelta(seconds=2 ** min(failures, 10)), LONGEST_REST)
        self._rests[name] = _Rest(failures, now + wait)
        try:
            self._core.store.write(lambda connection: rows.note_error(connection, name, reason, now))
        except Unavailable as gone:
            log.warning("the failure of subscriber %s could not be noted: %s", name, gone)
