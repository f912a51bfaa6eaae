"""The trace of the plugins' calls, as far as it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from ..tables import plugin_call
from ..types import AnyRow


def add(connection: Connection, calls: Sequence[Mapping[str, Any]]) -> None:
    """Keep calls."""
    if calls:
        connection.execute(insert(plugin_call), list(calls))


def keep_latest(connection: Connection, plugin: str, most: int) -> None:
    """Remove a plugin's calls but for the latest ones."""
    newest = select(plugin_call.c.id).where(plugin_call.c.plugin == plugin).order_by(plugin_call.c.id.desc())
    oldest_kept = newest.offset(most).limit(1).scalar_subquery()
    connection.execute(delete(plugin_call).where(plugin_call.c.plugin == plugin, plugin_call.c.id <= oldest_kept))


def latest(connection: Connection, plugin: str, outcomes: Sequence[str], limit: int) -> Sequence[AnyRow]:
    """Return calls, newest first.

    Args:
        connection: An open connection.
        plugin: Of one plugin, empty for all.
        outcomes: With one of these outcomes, none for all.
        limit: The most.
    """
    query = select(plugin_call).order_by(plugin_call.c.id.desc()).limit(limit)
    if plugin:
        query = query.where(plugin_call.c.plugin == plugin)
    if outcomes:
        query = query.where(plugin_call.c.outcome.in_(outcomes))
    return connection.execute(query).all()


def last_faults(connection: Connection, outcomes: Sequence[str], since: datetime) -> Sequence[AnyRow]:
    """Return, for each plugin with faults since a moment, the last one and their number."""
    found = (
        select(plugin_call.c.plugin, func.max(plugin_call.c.id).label("last"), func.count().label("n"))
        .where(plugin_call.c.outcome.in_(outcomes), plugin_call.c.at >= since)
        .group_by(plugin_call.c.plugin)
        .subquery()
    )
    query = select(plugin_call, found.c.n).join(found, found.c.last == plugin_call.c.id)
    return connection.execute(query.order_by(plugin_call.c.plugin)).all()


def forget(connection: Connection, plugin: str) -> None:
    """Remove all calls of a plugin."""
    connection.execute(delete(plugin_call).where(plugin_call.c.plugin == plugin))
