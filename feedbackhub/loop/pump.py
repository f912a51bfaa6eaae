"""The pump: finds due work, claims as much as there are hands for, commits the claim, and hands it to a runner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..store.queries import claiming
from ..store.queries.locks import lock_keys
from ..store.types import AnyRow
from .core import Core
from .limits import Allowance, allowance
from .runner import Pool, Runner

__all__ = ["Pump", "claim_all"]

#: When to look again while there is work that may begin before long.
_SOON = 0.1


class Pump:
    """Hands due work to a runner; any number of them work beside each other.

    Args:
        core: The instance.
        runner: Who does the work.
    """

    def __init__(self, core: Core, runner: Runner) -> None:
        self._core, self._runner = core, runner
        self._turn = 0

    def look(self) -> float:
        """Claim what is due and there are hands for, hand it over, and return after how many seconds to look again."""
        core, now, tick = self._core, self._core.clock.now(), self._core.settings.engine.tick_seconds
        with core.store.read() as connection:
            groups = claiming.due_groups(connection, now)
        lanes = sorted({row.lane for row in groups})
        if not lanes or not _rooms(self._runner.pools(lanes, {})):
            return tick
        self._turn += 1
        claimed, short = core.store.write(lambda connection: self._claim(connection, groups, lanes, now))
        if claimed:
            self._runner.take(claimed)
        return min(tick, _SOON) if short else tick

    def _claim(
        self, connection: Connection, groups: Sequence[AnyRow], lanes: Sequence[str], now: datetime
    ) -> tuple[list[AnyRow], bool]:
        under_way: Mapping[str, int] = {}
        if self._runner.counts:
            lock_keys(connection, ["pump"])
            under_way = claiming.count_claimed(connection)
        pools = self._runner.pools(lanes, under_way)
        if not _rooms(pools):
            return [], bool(pools)
        allowed = allowance(connection, self._core.settings.engine, lanes, now)
        lease = now + timedelta(seconds=self._core.settings.engine.lease_seconds)
        taking = _Taking(connection, allowed, now, lease)
        claimed = [row for pool in pools for row in taking.from_pool(pool, self._in_turn(groups))]
        allowed.store(connection)
        # Who works elsewhere does not tell when hands get free.
        return claimed, allowed.short or self._runner.counts

    def _in_turn(self, groups: Sequence[AnyRow]) -> list[AnyRow]:
        """Return the groups beginning with another lane each time, so that the last hand is not always the same's."""
        at = self._turn % len(groups)
        return [*groups[at:], *groups[:at]]


def _rooms(pools: Sequence[Pool]) -> bool:
    return any(pool.room > 0 and max(pool.each.values(), default=0) > 0 for pool in pools)


class _Taking:
    """Takes work out of the queue inside one transaction."""

    def __init__(self, connection: Connection, allowed: Allowance, now: datetime, lease: datetime) -> None:
        self._connection, self._allowed, self._now, self._lease = connection, allowed, now, lease

    def from_pool(self, pool: Pool, groups: Sequence[AnyRow]) -> list[AnyRow]:
        """Claim for one pool: the most urgent first, and what is equally urgent shared out among the lanes."""
        each, room, claimed = dict(pool.each), pool.room, list[AnyRow]()
        for priority in sorted({row.priority for row in groups}):
            lanes = [row.lane for row in groups if row.priority == priority and each.get(row.lane, 0) > 0]
            while lanes and room > 0:
                share = max(1, room // len(lanes))
                for lane in list(lanes):
                    wanted = self._allowed.room(lane, min(share, room, each[lane]))
                    found = self._claim(lane, priority, wanted)
                    claimed += found
                    each[lane] -= len(found)
                    room -= len(found)
                    if len(found) < share or each[lane] <= 0:
                        lanes.remove(lane)
        return claimed

    def _claim(self, lane: str, priority: int, wanted: int) -> list[AnyRow]:
        if wanted <= 0:
            return []
        found = claiming.claim(self._connection, lane, priority, self._now, self._lease, wanted)
        self._allowed.use(lane, len(found))
        return found


def claim_all(core: Core, now: datetime, limit: int, but: str = "") -> list[AnyRow]:
    """Claim up to so many due tasks of all lanes, whatever their limits, the most urgent first.

    Args:
        core: The instance.
        now: The present moment.
        limit: The most.
        but: What the names of lanes begin with that are passed over, empty for none.
    """
    lease = now + timedelta(seconds=core.settings.engine.lease_seconds)
    with core.store.read() as connection:
        groups = [row for row in claiming.due_groups(connection, now) if not (but and row.lane.startswith(but))]
    if not groups:
        return []
    whole = Pool({row.lane: limit for row in groups}, limit)

    def run(connection: Connection) -> list[AnyRow]:
        return _Taking(connection, Allowance({}, {}), now, lease).from_pool(whole, groups)

    return core.store.write(run)
