"""The task that sends one delivery: once each time it runs, until it has arrived or the schedule is over."""

from __future__ import annotations

import threading
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from feedbackhub import Call, Effects, Event, Fact, Hub, TemporaryFailure

from .calls import Called, Calls
from .endpoints import Book, Endpoint
from .log import Delivery, Log
from .outcome import Outcome, wait_after

__all__ = ["PATIENCE", "Push"]

#: The engine counts every run, also those that found the endpoint resting; how often is tried is ours to say.
PATIENCE = (timedelta(minutes=1),) * 5000
BUSY = timedelta(seconds=2)
#: What an event is about, as the log names it.
_IDS = ("contact", "invitation", "delivery", "response")
#: Seconds over which what waited for an endpoint is spread out.
SPREAD = 30


class Push:
    """Sends deliveries.

    Args:
        hub: The plugin's hub.
        book: The endpoints.
        log: The deliveries.
        calls: Calls endpoints.
    """

    def __init__(self, hub: Hub, book: Book, log: Log, calls: Calls) -> None:
        self._hub, self._book, self._log, self._calls = hub, book, log, calls
        self._lock, self._under_way = threading.Lock(), Counter[str]()

    def run(self, call: Call) -> None:
        """Send a delivery once.

        Raises:
            TemporaryFailure: It has to be sent again, or its endpoint is left alone for now.
        """
        row = self._log.find(str(call.payload["delivery"]))
        if row is None or row.round != call.payload["round"] or row.status != "waiting":
            return
        endpoint = self._book.find(row.endpoint)
        if endpoint is None:
            return
        if not endpoint.is_on:
            self._log.put_aside(row, "held")
            return
        self._wait_for(endpoint, row)
        with self._seat(endpoint, row):
            self._send(endpoint, row)

    def _wait_for(self, endpoint: Endpoint, row: Delivery) -> None:
        """Leave an endpoint alone that failed or asked for it; that is no attempt."""
        now = self._hub.clock.now()
        if endpoint.rest_until is not None and endpoint.rest_until > now:
            rest = endpoint.rest_until - now
            raise TemporaryFailure("the endpoint is left alone for a while", rest + _spread(row))

    @contextmanager
    def _seat(self, endpoint: Endpoint, row: Delivery) -> Iterator[None]:
        """Hold a place: an endpoint that failed or was slow gets one call at a time, so that others get theirs."""
        with self._lock:
            if endpoint.is_frail and self._under_way[endpoint.id]:
                raise TemporaryFailure("the endpoint is busy", BUSY + _spread(row))
            self._under_way[endpoint.id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way[endpoint.id] -= 1

    def _send(self, endpoint: Endpoint, row: Delivery) -> None:
        event = self._event(row)
        if event is None:
            self._log.put_aside(row, "failed", "the event is not in the log any more")
            return
        before = self._log.last_note(endpoint.id, row.subject, row.id) if endpoint.is_note and row.subject else None
        called = self._calls.send(endpoint, event, before.digest if before else "")
        self._record(endpoint, event, row, called)

    def _event(self, row: Delivery) -> Event | None:
        found = self._hub.read.events(row.position - 1, until=row.position, size=1)
        return found[0] if found else None

    def _record(self, endpoint: Endpoint, event: Event, row: Delivery, called: Called) -> None:
        outcome = called.outcome
        wait = wait_after(row.attempts + 1, outcome.asked) if outcome.kind == "again" else None
        reason = self._book.why_off(endpoint, outcome)
        if reason:
            outcome = Outcome("gone", outcome.answer, outcome.error)
        noted = self._log.after(row, outcome, called.milliseconds, wait, called.digest)
        told = [Fact("webhooks.disabled", {"endpoint": endpoint.id, "reason": reason})] if reason else []
        changes = self._book.after(endpoint, called.outcome, called.milliseconds)
        self._hub.apply(Effects([noted, *changes], events=told))
        self._note(endpoint, event, row, outcome)
        if reason:
            self._hub.log.warning("endpoint %s was disabled: %s", endpoint.id, reason)
        elif wait is not None:
            raise TemporaryFailure(outcome.error, wait)

    def _note(self, endpoint: Endpoint, event: Event, row: Delivery, outcome: Outcome) -> None:
        """Leave a line in the log, by the ids that all lines about a contact have."""
        ids = {name: event.payload[name] for name in _IDS if isinstance(event.payload.get(name), str)}
        more = {"endpoint": endpoint.id, "type": event.type, "outcome": outcome.kind, "attempt": row.attempts + 1}
        self._hub.log.info("event handed over", extra={**ids, **more})


def _spread(row: Delivery) -> timedelta:
    return timedelta(seconds=zlib.crc32(row.id.encode()) % SPREAD)
