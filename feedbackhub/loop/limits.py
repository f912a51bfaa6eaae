"""Limits: how many tasks of a lane may begin now, by its rate and by how many are under way, over all machines.

Both are looked up and used up inside the transaction that claims, while the lane's row is held: two pumps take turns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from ..machinery.settings import Engine as EngineSettings
from ..store.queries import lanes as rows
from ..store.types import AnyRow
from .rates import FULL, Bucket

__all__ = ["Allowance", "allowance", "rated"]


class Allowance:
    """How many more tasks the limited lanes may begin, as of one moment.

    Args:
        buckets: Tokens of the lanes that have a rate.
        free: How many more may be under way in the lanes that have such a limit.
        changed: Lanes whose tokens are to be stored even when nothing is used.
    """

    def __init__(self, buckets: Mapping[str, Bucket], free: Mapping[str, int], changed: Iterable[str] = ()) -> None:
        self._buckets, self._free, self._changed = dict(buckets), dict(free), set(changed)

    def room(self, lane: str, wanted: int) -> int:
        """Return how many of the wanted ones may begin."""
        bucket = self._buckets.get(lane)
        rated = wanted if bucket is None else min(wanted, bucket.ready)
        return max(0, min(rated, self._free.get(lane, rated)))

    def use(self, lane: str, begun: int) -> None:
        """Count tasks as begun."""
        if lane in self._buckets and begun:
            self._buckets[lane] = self._buckets[lane].without(begun)
            self._changed.add(lane)
        if lane in self._free:
            self._free[lane] -= begun

    @property
    def short(self) -> bool:
        """Whether a lane waits for its rate: there will be more to do before long."""
        return any(not bucket.ready for bucket in self._buckets.values())

    def store(self, connection: Connection) -> None:
        """Store what is left, in the transaction that claims."""
        for lane in sorted(self._changed):
            bucket = self._buckets[lane]
            rows.store_tokens(connection, lane, bucket.tokens, bucket.filled_at)


def rated(connection: Connection, settings: EngineSettings, lanes: Iterable[str], now: datetime) -> Allowance:
    """Return what lanes may begin by their rates alone, for tasks that are claimed already; else as `allowance`."""
    names = [lane for lane in lanes if lane in settings.rates]
    return Allowance(_buckets(rows.locked_lanes(connection, names, FULL, now), settings, now), {})


def allowance(connection: Connection, settings: EngineSettings, lanes: Iterable[str], now: datetime) -> Allowance:
    """Return what limited lanes may begin; nobody else may begin anything in them until the transaction ends.

    Args:
        connection: Inside a write.
        settings: The limits.
        lanes: The lanes that have work due.
        now: The present moment.
    """
    limited = [lane for lane in lanes if lane in settings.rates or lane in settings.concurrency]
    held = rows.locked_lanes(connection, limited, FULL, now)
    busy = rows.under_way(connection, [lane for lane in held if lane in settings.concurrency])
    free = {lane: settings.concurrency[lane] - n for lane, n in busy.items()}
    # What was filled in the future has to begin anew: the clock was set back.
    changed = [lane for lane, row in held.items() if lane in settings.rates and row.filled_at > now]
    return Allowance(_buckets(held, settings, now), free, changed)


def _buckets(held: Mapping[str, AnyRow], settings: EngineSettings, now: datetime) -> dict[str, Bucket]:
    rates = {lane: settings.rates[lane] for lane in held if lane in settings.rates}
    return {lane: Bucket(held[lane].tokens, held[lane].filled_at, rate).at(now) for lane, rate in rates.items()}
