"""Subscribers of plugins: each is handed the events it wants, in order, and fails for itself alone.

A plugin's code runs outside any transaction. What it says follows is stored together with the position, if that is
still the one it began from: of two processes that hand out the same events, only one stores anything.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError
from ..store.queries import log as rows
from ..store.queries import subscribers as places
from ..store.types import AnyRow
from .core import Core
from .handing import BATCH, Behind, Handing, Reader, move

__all__ = ["Subscribers"]

log = logging.getLogger("feedbackhub.plugins")
#: Positions of subscribers that want none of the newest events are stored only now and then.
LAG = 500


class Subscribers:
    """Feeds the subscribers of all plugins of one instance.

    Args:
        core: The instance.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        found = core.plugins.each("feedbackhub_subscribers")
        self._readers = [Reader(plugin, subscriber) for plugin, subscriber in found]
        self._handing = Handing(core)
        #: What was looked through without being wanted, by the stored position that it goes on from.
        self._passed: dict[str, tuple[int, int]] = {}
        self._threads: dict[str, threading.Thread] = {}
        self._stopping = False

    def feed(self) -> bool:
        """Hand every subscriber its next events, in this thread, and tell whether anybody got anything."""
        return self._feed_all(self._active())

    def _feed_all(self, readers: Sequence[Reader]) -> bool:
        """Hand each of these readers its next events and tell whether anybody got anything; all have their turn."""
        return sum(self._hand(each) for each in self._behind(readers)) > 0

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

    def _active(self) -> list[Reader]:
        return [each for each in self._readers if each.plugin in self._core.plugins.brought]

    def _behind(self, readers: Sequence[Reader]) -> list[Behind]:
        """Return the readers that have something to read and do not rest; others' positions move on by the way."""
        now = self._core.clock.now()
        with self._core.store.read() as connection:
            stored = places.some(connection, [each.name for each in readers])
            waking = [each for each in readers if not self._handing.rests(each, stored.get(each.name), now)]
            if not waking:
                return []
            top = rows.last_position(connection)
            fresh = [each for each in waking if each.name not in stored]
            behind = [
                Behind(each, row, start)
                for each in waking
                if (row := stored.get(each.name)) is not None and (start := self._start(each.name, row.position)) < top
            ]
            _warn_of_removed(connection, behind, top)
            wanting, passing = self._sorted(connection, behind, top)
        self._pass(passing, top, now)
        return wanting + self._begun(fresh, top, now)

    def _begun(self, fresh: Sequence[Reader], top: int, now: datetime) -> list[Behind]:
        """Give new readers their first position and return those that begin with the history."""
        if not fresh:
            return []
        first = {each.name: top if each.subscriber.from_now else 0 for each in fresh}

        def run(connection: Connection) -> None:
            for name, position in first.items():
                places.begin_at(connection, name, position, now)

        self._core.store.write(run)
        return [Behind(each, None, 0) for each in fresh if not each.subscriber.from_now and top]

    def _sorted(
        self, connection: Connection, behind: Sequence[Behind], top: int
    ) -> tuple[list[Behind], list[Behind]]:
        """Return who wants something of the newest events, or has many to read, and who wants none of them.

        Most stand at the same place, so what is new is read once for all of them.
        """
        new: dict[int, Sequence[AnyRow]] = {}
        wanting: list[Behind] = []
        passing: list[Behind] = []
        for each in behind:
            if top - each.start <= BATCH and each.start not in new:
                new[each.start] = rows.kinds_between(connection, each.start, top)
            is_wanted = top - each.start > BATCH or any(each.reader.wants(event.type) for event in new[each.start])
            (wanting if is_wanted else passing).append(each)
        return wanting, passing

    def _start(self, name: str, stored: int) -> int:
        since, passed = self._passed.get(name, (stored, stored))
        return passed if since == stored else stored

    def _pass(self, passing: Sequence[Behind], top: int, now: datetime) -> None:
        """Note that these readers want nothing up to a position; in the database only when they lag far behind."""
        late = [each for each in passing if top - each.stored > LAG]
        for each in passing:
            self._passed[each.reader.name] = (each.stored, top)

        def run(connection: Connection) -> None:
            for each in late:
                move(connection, each, top, now)

        if late:
            self._core.store.write(run)

    def _hand(self, behind: Behind) -> bool:
        return not self._stopping and self._handing.hand(behind)


def _warn_of_removed(connection: Connection, behind: Sequence[Behind], top: int) -> None:
    """Say which readers come too late for events that they had still to read: their plugin was away for long."""
    late = [each for each in behind if each.start and top - each.start > LAG]
    first = rows.first_position(connection) if late else 0
    for each in late:
        if each.start + 1 < first:
            gap = (each.reader.name, each.start + 1, first - 1)
            log.warning("subscriber %s missed events %d to %d, which have been removed", *gap)
