"""What is kept of a wish to export, and how its file is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..contract.exports import Filters
from ..store.types import AnyRow

__all__ = ["download_name", "filters_from", "filters_to", "stored"]


def filters_to(**given: Any) -> dict[str, Any]:
    """Return filters as they are stored: JSON, only what was given."""
    values = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in given.items()}
    return {name: value for name, value in values.items() if value}


def stored(filters: Filters) -> dict[str, Any]:
    """Return filters as they are stored: what differs from asking nothing."""
    nothing = asdict(Filters())
    return filters_to(**{name: value for name, value in asdict(filters).items() if value != nothing[name]})


def filters_from(kept: Mapping[str, Any]) -> Filters:
    """Return filters that were stored."""
    moments = {name: datetime.fromisoformat(kept[name]) for name in ("since", "until") if kept.get(name)}
    return Filters(**{**kept, **moments})


def download_name(run: AnyRow, suffix: str, zone: ZoneInfo) -> str:
    """Return the name of a run's file for people: records, the span or the moment it was asked for, and its id."""
    filters = filters_from(run.filters)
    if run.schedule and filters.since is not None:
        when = f"{filters.since.astimezone(zone):%Y-%m-%d}"
    else:
        when = f"{run.created_at.astimezone(zone):%Y-%m-%d-%H%M}"
    return f"{run.records}-{when}-{run.public_id}.{suffix}"
