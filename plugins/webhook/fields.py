"""The fields of ours that a path, a default or a value map may be given for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

__all__ = ["IDENTIFIERS", "MOMENTS", "SLUGS", "SWITCHES", "WORDS", "check_name", "flat"]

#: Ids and addresses: kept letter for letter.
IDENTIFIERS = ("external_id", "customer.id", "customer.email", "customer.phone", "agent.id")
#: Texts for people: squeezed into one line, and cut when too long.
WORDS = ("customer.name", "customer.segment", "agent.name", "team", "topic", "product")
SLUGS = ("channel", "brand")
MOMENTS = ("started_at", "ended_at", "reopened_at")
SWITCHES = ("ask", "test")
OTHERS = (
    "customer.language", "customer.timezone", "customer.country", "tags", "direction", "closed_by", "url",
)
FIELDS = (*IDENTIFIERS, *WORDS, *SLUGS, *MOMENTS, *SWITCHES, *OTHERS)
#: Tables whose names the operator chooses; `lookup` holds what only placeholders of look-ups need.
OPEN = re.compile(
    r"(customer\.ids|customer\.addresses|customer\.attributes|attributes|lookup)\.[a-z0-9][a-z0-9_.-]{0,63}"
)


def check_name(name: str) -> str:
    """Return the name of a field of ours.

    Raises:
        ValueError: There is no such field; the text names the nearest.
    """
    if name in FIELDS or OPEN.fullmatch(name):
        return name
    near = get_close_matches(name, FIELDS, 1) or get_close_matches(f"customer.{name}", FIELDS, 1)
    said = f"; did you mean {near[0]}?" if near else "; the fields are " + ", ".join(FIELDS)
    raise ValueError(f"there is no field {name}{said}")


def flat(tables: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted names of fields with their values, however the file nests them."""
    for name, value in tables.items():
        dotted = f"{before}{name}"
        if isinstance(value, Mapping) and dotted not in FIELDS:
            yield from flat(value, f"{dotted}.")
        else:
            yield dotted, value
