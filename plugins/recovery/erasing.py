"""Erasing a person: words about them go, numbers stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Data, Hub, Identifier, Plugin, Problem

from .names import known_of, misnamed
from .offer_tables import offers_forgotten
from .opening import print_of
from .settings import Settings
from .tables import case, person, step

__all__ = ["Keeper", "forgotten"]

#: Dimensions that may hold words about one person.
WORDY = ("topic", "product")


class Keeper(Plugin):
    """Finds the cases of a person by keyed hashes of what they were known by, and names that mean nothing.

    Args:
        hub: The plugin's hub.
    """

    data = Data(keeps=("notes", "letters"), sends=("name", "address"))

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def check(self) -> Iterable[Problem]:
        """Say what the settings name that is not there."""
        settings = self._hub.settings(Settings)
        return misnamed(settings, known_of(self._hub, settings))

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove all words about a person and return of how many cases; their course and numbers stay."""
        prints = [print_of(self._hub, each.kind, each.value) for each in identifiers]
        ids = select(person.c.case).where(person.c.print.in_(prints)).distinct()
        found = self._hub.tables.read(select(case.c.id, case.c.dimensions).where(case.c.id.in_(ids)))
        if found:
            self._hub.tables.write(*forgotten({row["id"]: row["dimensions"] for row in found}))
        return len(found)


def forgotten(about: Mapping[str, Mapping[str, str]]) -> list[Executable]:
    """Return the statements that take out of some cases what was written about their customer.

    Args:
        about: The cases, with the dimensions of each; topics and products may have been written for one contact.
    """
    cases = sorted(about)
    if not cases:
        return []
    blank = [
        update(case).where(case.c.id == id_).values(dimensions={**dimensions, **dict.fromkeys(WORDY, "")})
        for id_, dimensions in about.items()
    ]
    return [
        *blank,
        update(step).where(step.c.case.in_(cases), step.c.text != "").values(text=""),
        # A helpdesk's case may be found, and read, by its number.
        update(case).where(case.c.id.in_(cases)).values(reference="", url=""),
        delete(person).where(person.c.case.in_(cases)),
        *offers_forgotten(cases),
    ]
