"""Kept reports: each made by one process at a time, gone when somebody is erased whom they may quote."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from ..tables import snapshot
from ..types import AnyRow
from .locks import needs_locks

__all__ = ["Claim", "claim", "drop", "forget_all", "hold", "keep", "kept", "let_go", "prune", "trim"]


class Claim(NamedTuple):
    """Who makes which report; nobody else does meanwhile."""

    analysis: str
    digest: str
    holder: str


def kept(connection: Connection, analysis: str, digest: str) -> AnyRow | None:
    """Return ``report, made_at, held_until`` of a report, None when it is neither kept nor being made."""
    query = select(snapshot.c.report, snapshot.c.made_at, snapshot.c.held_until)
    return connection.execute(query.where(_this(analysis, digest))).one_or_none()


def claim(connection: Connection, wanted: Claim, now: datetime, until: datetime) -> bool:
    """Claim the making of a report, and tell whether nobody else was at it."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    this = {"analysis": wanted.analysis, "digest": wanted.digest}
    connection.execute(dialect.insert(snapshot).values(this).on_conflict_do_nothing(index_elements=list(this)))
    is_free = or_(snapshot.c.held_until.is_(None), snapshot.c.held_until <= now)
    change = update(snapshot).where(_this(**this), is_free).values(holder=wanted.holder, held_until=until)
    return connection.execute(change).rowcount == 1


def hold(connection: Connection, claimed: Claim, until: datetime) -> None:
    """Hold a claim for longer."""
    connection.execute(update(snapshot).where(_mine(claimed)).values(held_until=until))


def keep(connection: Connection, claimed: Claim, report: str, made_at: datetime) -> bool:
    """Keep a report, and tell whether its claim still stood: a claim falls when somebody is erased."""
    values = {"report": report, "size": len(report), "made_at": made_at, "holder": "", "held_until": None}
    return connection.execute(update(snapshot).where(_mine(claimed)).values(values)).rowcount == 1


def let_go(connection: Connection, claimed: Claim) -> None:
    """Give up a claim; what was kept before stays."""
    connection.execute(delete(snapshot).where(_mine(claimed), snapshot.c.report.is_(None)))
    connection.execute(update(snapshot).where(_mine(claimed)).values(holder="", held_until=None))


def drop(connection: Connection, analysis: str, digest: str) -> None:
    """Forget one report."""
    connection.execute(delete(snapshot).where(_this(analysis, digest)))


def forget_all(connection: Connection) -> int:
    """Forget all reports and all claims, and let nobody claim one before this transaction is over.

    A claim stands before anything is read for its report. So whatever is kept later was read later, too.

    Args:
        connection: Inside a write.

    Returns:
        How many reports were kept.
    """
    if needs_locks(connection):
        connection.execute(text("LOCK TABLE snapshot IN EXCLUSIVE MODE"))
    there = connection.execute(select(func.count()).where(snapshot.c.report.is_not(None))).scalar_one()
    connection.execute(delete(snapshot))
    return int(there)


def prune(connection: Connection, before: datetime) -> int:
    """Forget reports that were made before a moment, and claims that were left; return how many."""
    is_old = or_(snapshot.c.made_at < before, and_(snapshot.c.report.is_(None), snapshot.c.held_until < before))
    return connection.execute(delete(snapshot).where(is_old)).rowcount


def trim(connection: Connection, most: int, characters: int) -> int:
    """Forget the oldest reports beyond a number and beyond a size of all together; return how many."""
    newest = select(snapshot.c.analysis, snapshot.c.digest, snapshot.c.size).where(snapshot.c.report.is_not(None))
    total, removed = 0, 0
    rows = connection.execute(newest.order_by(snapshot.c.made_at.desc(), snapshot.c.digest)).all()
    for place, row in enumerate(rows):
        total += row.size
        if place >= most or total > characters:
            drop(connection, row.analysis, row.digest)
            removed += 1
    return removed


def _this(analysis: str, digest: str) -> ColumnElement[bool]:
    return and_(snapshot.c.analysis == analysis, snapshot.c.digest == digest)


def _mine(claimed: Claim) -> ColumnElement[bool]:
    return and_(_this(claimed.analysis, claimed.digest), snapshot.c.holder == claimed.holder)
