"""What a list's address says: the filters, the days, and which page; never personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for

from ..machinery.links import is_public_id
from ..office.lists import Listed, Place
from .current import core
from .redirects import local_path

__all__ = ["back", "chosen", "days", "option", "pager", "pairs", "place", "ticked", "values"]

LONGEST = 200


def chosen(name: str) -> str:
    """Return a filter of the address, empty when it is not set."""
    return request.args.get(name, "")[:LONGEST]


def ticked(name: str) -> bool:
    """Tell whether a filter that is on or off is on."""
    return request.args.get(name) == "1"


def option(name: str, known: Iterable[str]) -> str:
    """Return a filter of the address that must be one of these, empty for anything else."""
    value = chosen(name)
    return value if value in known else ""


def values(offered: Iterable[str], value: str) -> list[str]:
    """Return what a filter can be set to; what it is set to belongs to it even when it is rare."""
    found = list(offered)
    return found if not value or value in found else [*found, value]


def pairs(found: Iterable[str], name: Callable[[str], str] = str) -> list[tuple[str, str]]:
    """Return values with what each is called, for a choice in a template."""
    return [(value, name(value)) for value in found]


def place() -> Place:
    """Return which page the address asks for."""
    after, before = chosen("after"), chosen("before")
    return Place(after if is_public_id(after) else "", before if is_public_id(before) else "")


def days() -> tuple[datetime | None, datetime | None]:
    """Return the moments that ``from`` and ``to`` span, both days included, in the company's time zone."""
    first, last = day("from"), day("to")
    return midnight(first), midnight(last + timedelta(days=1)) if last and last < date.max else None


def day(name: str) -> date | None:
    """Return a day of the address, None for none and for what is no day."""
    try:
        return date.fromisoformat(chosen(name))
    except ValueError:
        return None


def midnight(of: date | None) -> datetime | None:
    """Return the moment at which a day begins in the company's time zone."""
    if of is None or not date(1900, 1, 1) <= of <= date(9000, 1, 1):
        return None
    return datetime.combine(of, time(), ZoneInfo(core().settings.timezone)).astimezone(UTC)


def pager(listed: Listed[Any]) -> dict[str, str]:
    """Return the addresses of the pages before and after, with the filters kept."""
    return {"newer": page_at(listed.newer), "older": page_at(listed.older)}


def page_at(where: Place | None) -> str:
    """Return the address of a page of the list that is shown."""
    if where is None:
        return ""
    # Not handed to url_for, which reads names such as _external as orders.
    kept = [(name, value) for name, value in request.args.items() if name not in ("after", "before") and value]
    at = ("after", where.after) if where.after else ("before", where.before)
    return f"{url_for(request.endpoint or '', **(request.view_args or {}))}?{urlencode([*kept, at])}"


def back(default: str) -> str:
    """Return the list's address that a form came from, so that its filters hold after the deed."""
    wanted = local_path(request.form.get("back"), default)
    wanted = wanted.removeprefix(request.script_root) if request.script_root else wanted
    return wanted if wanted.partition("?")[0] == default else default
