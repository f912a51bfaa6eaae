"""Sending again from any point of the log, and what was held back while an endpoint was off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.sql import Executable

from feedbackhub import Call, Effects, Hub, Scheduled, new_public_id

from .endpoints import Book, Endpoint
from .log import Log, insertion, planned
from .planning import is_for

__all__ = ["REPLAY", "RESUME", "Replays", "Stretch"]

REPLAY, RESUME = "replay", "resume"
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the event log.

    Args:
        after: Behind this position.
        until: Up to this one.
        since: From this moment on; None for no such limit.
    """

    after: int
    until: int
    since: datetime | None = None


class Replays:
    """Plans deliveries of what happened already.

    Args:
        hub: The plugin's hub.
        book: The endpoints.
        log: The deliveries.
    """

    def __init__(self, hub: Hub, book: Book, log: Log) -> None:
        self._hub, self._book, self._log = hub, book, log

    def stretch(self, after: int = 0, since: datetime | None = None) -> Stretch:
        """Return everything from a point up to now."""
        return Stretch(max(0, after), self._hub.read.event_position(), since)

    def count(self, endpoint: Endpoint, part: Stretch) -> int:
        """Return how many events of an endpoint's types there are; of notes, how many answers may get one."""
        return self._hub.read.count_events(part.after, until=part.until, types=endpoint.types, since=part.since)

    def begin(self, endpoint: Endpoint, part: Stretch) -> None:
        """Send every event of a part of the log once more, each with the id that it has always had."""
        since = part.since.isoformat() if part.since else ""
        payload = {"endpoint": endpoint.id, "after": part.after, "until": part.until, "since": since}
        self._hub.schedule(REPLAY, {**payload, "turn": new_public_id()})

    def resume(self, endpoint: Endpoint) -> None:
        """Send what was held back."""
        self._hub.schedule(RESUME, {"endpoint": endpoint.id})

    def run(self, call: Call) -> None:
        """Plan the next events of a replay, and the rest of it."""
        asked = call.payload
        endpoint = self._book.find(str(asked["endpoint"]))
        if endpoint is None or not endpoint.is_on:
            return
        since = datetime.fromisoformat(asked["since"]) if asked["since"] else None
        found = self._hub.read.events(
            int(asked["after"]), until=int(asked["until"]), types=endpoint.types, since=since, size=CHUNK
        )
        if not found:
            return
        known = self._log.known([endpoint.id], found[0].position, found[-1].position)
        now = self._hub.clock.now()
        changes: list[Executable] = []
        tasks: list[Scheduled] = []
        fresh = []
        for event in found:
            row = known.get((endpoint.id, event.position))
            if row is not None:
                change, task = self._log.again(row, now)
                changes += change
                tasks.append(task)
            elif is_for(self._hub, endpoint, event):
                fresh.append(planned(endpoint.id, event, now))
        last = found[-1].position
        rest = Scheduled(REPLAY, {**asked, "after": last}, key=f"{asked['turn']} {last}")
        self._hub.apply(Effects([*changes, *insertion(fresh)], [*tasks, *(row.task for row in fresh), rest]))

    def run_resume(self, call: Call) -> None:
        """Let deliveries that were held back begin anew."""
        endpoint = self._book.find(str(call.payload["endpoint"]))
        while endpoint is not None and endpoint.is_on and (rows := self._log.held(endpoint.id, CHUNK)):
            now = self._hub.clock.now()
            begun = [self._log.again(row, now) for row in rows]
            changes = [change for changes, _ in begun for change in changes]
            self._hub.apply(Effects(changes, [task for _, task in begun]))
            endpoint = self._book.find(endpoint.id)
