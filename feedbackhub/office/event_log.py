"""The event log as operators see it: what happened, who has read it, reading again from any point."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..contract.records import Event
from ..loop.core import Core
from ..loop.facts import public_events
from ..loop.lag import Lag, name_of, subscribers_lag
from ..loop.tallies import NAME, TYPES
from ..store.queries import log as rows
from ..store.queries import subscribers
from ..store.queries.locks import lock_keys
from .audit import record

__all__ = ["Kept", "Replay", "events_after", "kept", "last_events", "plan_replay", "replay", "retry", "subscriber_of"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Which events there are: the positions of the oldest and of the newest, 0 while there is none."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Replay:
    """A subscriber's reading again.

    Args:
        name: The subscriber.
        start: The first event that it gets.
        events: How many events it had read and gets once more, up to the newest.
    """

    name: str
    start: int
    events: int


def kept(core: Core) -> Kept:
    """Return which events there are."""
    with core.store.read() as connection:
        return Kept(rows.first_position(connection), rows.last_position(connection))


def events_after(
    core: Core, position: int, types: Sequence[str] = (), since: datetime | None = None, limit: int = 100
) -> list[Event]:
    """Return the first events behind a position, with public ids."""
    with core.store.read() as connection:
        found = rows.events_of(connection, rows.Span(position, None, tuple(types), since), limit)
        return public_events(connection, found)


def last_events(core: Core, types: Sequence[str], limit: int) -> list[Event]:
    """Return the newest events, oldest first, with public ids."""
    with core.store.read() as connection:
        return public_events(connection, rows.last_events(connection, types, limit))


def subscriber_of(core: Core, said: str) -> Lag:
    """Return the subscriber that somebody means: by its whole name, its plugin, or its own name, if only one fits.

    Raises:
        NotFound: There is none of that name; the text names the nearest.
    """
    known = {each.name: each for each in subscribers_lag(core)}
    if said in known:
        return known[said]
    fitting = [name for name in known if said in name.split(":")]
    if len(fitting) == 1:
        return known[fitting[0]]
    near = fitting or difflib.get_close_matches(said, [*known, *_parts(known)], n=1, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(known)}"
    raise NotFound(f"there is no subscriber {said}; {hint}")


def _parts(names: Sequence[str] | dict[str, Lag]) -> list[str]:
    return [part for name in names for part in name.split(":") if ":" in name]


def plan_replay(core: Core, said: str, start: int | datetime | None) -> Replay:
    """Return what reading again from a point would do.

    Args:
        core: The instance.
        said: The subscriber.
        start: The first event by its position, or the first from a moment on; None for the oldest that is kept.

    Raises:
        NotFound: There is no such subscriber, or nothing to read from there on.
        Conflict: Its plugin does not work here, the events were removed, or some would be left out.
    """
    reader = subscriber_of(core, said)
    types = _types(core).get(reader.name)
    if types is None:
        raise Conflict(f"nobody reads for {reader.name}: its plugin is not there or does not work")
    with core.store.read() as connection:
        first = _start(connection, start, core.clock.now())
        reached = max(reader.position, rows.first_position(connection) - 1)
        if first > reached + 1:
            raise Conflict(f"{reader.name} has read up to event {reached} only; from {first} on it would miss others")
        known = rows.count_events(connection, rows.Span(first - 1, reached, tuple(types)))
    return Replay(reader.name, first, known)


def _types(core: Core) -> dict[str, Sequence[str]]:
    brought = core.plugins.each("feedbackhub_subscribers")
    return {NAME: TYPES} | {name_of(plugin, each.name): each.types for plugin, each in brought}


def _start(connection: Connection, start: int | datetime | None, now: datetime) -> int:
    first, last = rows.first_position(connection), rows.last_position(connection)
    if not last:
        raise NotFound("there are no events yet")
    if start is None:
        return first
    if isinstance(start, datetime):
        return _first_since(connection, start, first, now)
    if start > last:
        raise NotFound(f"there is no event {start} yet; the newest is {last}")
    if start < first:
        raise Conflict(f"event {start} is not kept any more; the oldest is {first}: say --from start")
    return start


def _first_since(connection: Connection, moment: datetime, first: int, now: datetime) -> int:
    if moment > now:
        raise NotFound(f"{moment:%Y-%m-%d %H:%M} is still to come")
    oldest = rows.first_after(connection, first - 1)
    if first > 1 and oldest is not None and moment < oldest:
        raise Conflict(f"events before {oldest:%Y-%m-%d %H:%M} UTC are not kept any more: say --from start")
    found = rows.first_since(connection, moment)
    if found is None:
        raise NotFound(f"nothing has happened since {moment:%Y-%m-%d %H:%M}")
    return found


def replay(core: Core, wanted: Replay, by: str) -> None:
    """Let a subscriber read again; whoever runs the engine hands it the events.

    Args:
        core: The instance.
        wanted: What was planned.
        by: Who says so.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        lock_keys(connection, [f"subscriber:{wanted.name}"])
        subscribers.move_to(connection, wanted.name, wanted.start - 1, now)
        record(connection, now, by, "events.replayed", f"subscriber:{wanted.name}", {"from": wanted.start})

    core.store.write(run)


def retry(core: Core, said: str, by: str) -> Lag:
    """Let a subscriber that failed try again at once, and return how it stood.

    Raises:
        NotFound: There is no such subscriber.
        Conflict: It does not fail.
    """
    reader, now = subscriber_of(core, said), core.clock.now()

    def run(connection: Connection) -> bool:
        lock_keys(connection, [f"subscriber:{reader.name}"])
        if not subscribers.forgive(connection, reader.name):
            return False
        record(connection, now, by, "events.retried", f"subscriber:{reader.name}", {"event": reader.stuck_at})
        return True

    if not core.store.write(run):
        raise Conflict(f"{reader.name} does not fail")
    return reader
