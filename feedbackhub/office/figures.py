"""Figures for whoever watches an instance from outside: what the database knows, read by cheap statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..loop.core import Core
from ..loop.lag import Lag, subscribers_lag, without_position
from ..loop.pulse import metered, pulses
from ..store.queries import log
from ..store.queries.answer_lists import waiting_suspects
from .engine_view import LaneLine, lanes_now

__all__ = ["Figures", "figures"]


@dataclass(frozen=True)
class Figures:
    """What the database knows at one moment.

    Args:
        now: The moment.
        lanes: How each lane stands.
        subscribers: How far each reader of the event log is.
        position: The newest event's position.
        unnumbered: How many events wait for their position.
        engines: How many processes send.
        sends: What all processes have sent, by its labels: channel, kind and outcome.
        suspects: How many of the newest answers look like a machine's and were not judged.
    """

    now: datetime
    lanes: Sequence[LaneLine]
    subscribers: Sequence[Lag]
    position: int
    unnumbered: int
    engines: int
    sends: Mapping[tuple[str, ...], int]
    suspects: int


def figures(core: Core) -> Figures:
    """Return the figures of this moment.

    Raises:
        Unavailable: The database is away.
    """
    now = core.clock.now()
    with core.store.read() as connection:
        lanes, position = lanes_now(connection, core), log.last_position(connection)
        suspects = waiting_suspects(connection)
    return Figures(
        now=now,
        lanes=lanes,
        subscribers=subscribers_lag(core),
        position=position,
        unnumbered=without_position(core),
        engines=sum(each.lives(now) for each in pulses(core.store)),
        sends={labels: n for (name, labels), n in metered(core.store).items() if name == "sends"},
        suspects=suspects,
    )
