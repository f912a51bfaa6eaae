"""Erasing a person: words about them go, numbers stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Data, Hub, Identifier, Plugin

from .offer_tables import offers_forgotten
from .opening import print_of
from .tables import case, person, step

__all__ = ["Keeper", "forgotten"]


class Keeper(Plugin):
    """Finds the cases of a person by keyed hashes of what they were known by.

    Args:
        hub: The plugin's hub.
    """

    data = Data(keeps=("notes", "letters"), sends=("name", "address"))

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove all words about a person and return of how many cases; their course and numbers stay."""
        prints = [print_of(self._hub, each.kind, each.value) for each in identifiers]
        found = self._hub.tables.read(select(person.c.case).where(person.c.print.in_(prints)).distinct())
        ids = sorted(row["case"] for row in found)
        if ids:
            self._hub.tables.write(*forgotten(ids))
        return len(ids)


def forgotten(cases: Sequence[str]) -> list[Executable]:
    """Return the statements that take out of some cases what was written about their customer."""
    if not cases:
        return []
    return [
        update(step).where(step.c.case.in_(cases), step.c.text != "").values(text=""),
        # A helpdesk's case may be found, and read, by its number.
        update(case).where(case.c.id.in_(cases)).values(reference="", url=""),
        delete(person).where(person.c.case.in_(cases)),
        *offers_forgotten(cases),
    ]
