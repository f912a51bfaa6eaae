"""What reports can be filtered by."""

from __future__ import annotations

from sqlalchemy import Connection, select

from ..tables import DIMENSIONS, tally

MOST = 100


def offered(connection: Connection, since: str, until: str) -> dict[str, list[str]]:
    """Return surveys and the values of each dimension that were counted on some days, by name.

    Args:
        connection: For reading.
        since: First day, as an ISO date.
        until: Last day.
    """
    among = ("", *DIMENSIONS)
    query = (
        select(tally.c.dimension, tally.c.survey, tally.c.value)
        .where(tally.c.basis == "contact", tally.c.day.between(since, until))
        .where(tally.c.question == "", tally.c.dimension.in_(among))
        .distinct()
    )
    found: dict[str, set[str]] = {"survey": set(), **{name: set() for name in DIMENSIONS}}
    for row in connection.execute(query):
        name, value = (row.dimension, row.value) if row.dimension else ("survey", row.survey)
        if value:
            found[name].add(value)
    return {name: sorted(values, key=lambda value: (value.casefold(), value))[:MOST] for name, values in found.items()}
