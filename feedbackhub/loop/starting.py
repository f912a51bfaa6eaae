"""Starting: what is looked at between claiming a task and doing anything for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import Unavailable
from ..store.queries import claiming
from ..store.types import AnyRow
from .core import Core
from .fence import Claim
from .limits import rated

__all__ = ["claim_of", "give_back", "start", "start_noted"]

log = logging.getLogger(__name__)
#: Who waits for longer between claim and start has to fit into the lane's rate once more.
_LATE = timedelta(seconds=1)


def claim_of(row: AnyRow) -> Claim:
    """Return the claim that a row just claimed stands for."""
    return Claim(row.id, row.attempt, row.lease_until, row.base)


def start(core: Core, row: AnyRow) -> Claim | None:
    """Return the right to run a task that this process has claimed; None when it has lost it meanwhile.

    Nothing is written for one that was claimed just now and never lost: one commit for each message is enough. Should
    its worker die, that is no attempt, but from then on the beginning is noted, so that what kills is found out.

    Args:
        core: The instance.
        row: The claimed task.
    """
    now = core.clock.now()
    waited = _waited(core, row, now)
    if row.lost or waited > _lease(core) / 2 or _is_late(core, row, waited):
        return start_noted(core, row)
    return claim_of(row)


def start_noted(core: Core, row: AnyRow) -> Claim | None:
    """Note that a task begins and return the right to run it; None when another has begun it or it comes back later.

    Args:
        core: The instance.
        row: The claimed task, as it is in the database.
    """
    now = core.clock.now()
    until, held = now + _lease(core), (row.id, row.attempt)
    late = _is_late(core, row, _waited(core, row, now))

    def run(connection: Connection) -> bool:
        if late:
            allowed = rated(connection, core.settings.engine, [row.lane], now)
            if allowed.room(row.lane, 1) < 1:
                claiming.give_back(connection, [held])
                return False
            allowed.use(row.lane, 1)
            allowed.store(connection)
        return claiming.begin(connection, held, until)

    return Claim(row.id, row.attempt, until, row.base) if core.store.write(run) else None


def give_back(core: Core, rows: Sequence[AnyRow]) -> None:
    """Give claims back that have not begun, which costs them no attempt.

    While the database is away nothing is given back: they return by themselves when their leases end.
    """
    held = [(row.id, row.attempt) for row in rows]
    if not held:
        return
    try:
        core.store.write(lambda connection: claiming.give_back(connection, held))
    except Unavailable as error:
        log.warning("%s tasks come back when their leases end: %s", len(held), error)


def _lease(core: Core) -> timedelta:
    return timedelta(seconds=core.settings.engine.lease_seconds)


def _waited(core: Core, row: AnyRow, now: datetime) -> timedelta:
    # A clock that was set back says that it was claimed in the future.
    claimed_at: datetime = row.lease_until - _lease(core)
    return abs(now - claimed_at)


def _is_late(core: Core, row: AnyRow, waited: timedelta) -> bool:
    return row.lane in core.settings.engine.rates and waited > _LATE
