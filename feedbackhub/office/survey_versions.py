"""Surveys with their versions: which there are, how they fared lately, and what one version changed."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ..contract.errors import NotFound
from ..loop.core import Core
from ..store.queries import invitations, staff_lists
from ..store.types import AnyRow
from ..surveys import Survey, Types, thawed

__all__ = [
    "DAYS",
    "Change",
    "SurveyLine",
    "VersionText",
    "changes",
    "find_version",
    "list_surveys",
    "newest_version",
    "versions",
]

#: Days that the list of surveys counts.
DAYS = 90
#: Unchanged lines shown around a change.
AROUND = 3


@dataclass(frozen=True, slots=True)
class VersionText:
    """One published version with its text, and the question types that it was published with."""

    survey: str
    number: int
    source: str
    at: datetime
    by: str
    types: Types


@dataclass(frozen=True, slots=True)
class SurveyLine:
    """One survey in the list: its newest version, and how it fared lately."""

    newest: VersionText
    survey: Survey
    sent: int
    answered: int
    used_by: tuple[str, ...]


def list_surveys(core: Core) -> list[SurveyLine]:
    """Return every survey with its newest version, by name."""
    since = core.clock.now() - timedelta(days=DAYS)
    with core.store.read() as connection:
        found = invitations.versions_of(connection)
        counts = staff_lists.survey_counts(connection, f"{since:%Y-%m-%d}")
    newest: dict[str, AnyRow] = {}
    for row in found:
        newest.setdefault(row.survey, row)
    return [
        SurveyLine(
            _text(row),
            core.shelf.version(row.id).survey,
            counts.get((name, "sent"), 0),
            counts.get((name, "answered"), 0),
            tuple(entry.name for entry in core.settings.ask if entry.survey == name),
        )
        for name, row in newest.items()
    ]


def _text(row: AnyRow) -> VersionText:
    return VersionText(row.survey, row.number, row.source, row.published_at, row.published_by, thawed(row.types))


def versions(core: Core, survey: str) -> list[VersionText]:
    """Return all versions of a survey, newest first; none when there is no such survey."""
    with core.store.read() as connection:
        return [_text(row) for row in invitations.versions_of(connection, survey)]


def newest_version(core: Core, survey: str) -> VersionText | None:
    """Return a survey's newest version, None when there is no such survey."""
    return next(iter(versions(core, survey)), None)


def find_version(core: Core, survey: str, number: int | None = None) -> VersionText:
    """Return one version of a survey, the newest when no number is given.

    Raises:
        NotFound: There is no such version.
    """
    for each in versions(core, survey):
        if number is None or each.number == number:
            return each
    raise NotFound("there is no such survey or version")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison: ``gap`` stands for unchanged lines left out."""

    kind: Literal["same", "added", "removed", "gap"]
    before: int | None
    after: int | None
    text: str


def changes(before: str, after: str) -> list[Change]:
    """Return how a text became another, line by line; nothing when they are equal."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Change] = []
    for number, group in enumerate(difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND)):
        if number:
            found.append(Change("gap", None, None, ""))
        for tag, a, b, c, d in group:
            if tag == "equal":
                found += [Change("same", a + i + 1, c + i + 1, line) for i, line in enumerate(old[a:b])]
            else:
                found += _replaced(old, new, (a, b), (c, d))
    return found


def _replaced(old: Sequence[str], new: Sequence[str], gone: tuple[int, int], come: tuple[int, int]) -> list[Change]:
    removed = [Change("removed", place + 1, None, old[place]) for place in range(*gone)]
    return removed + [Change("added", None, place + 1, new[place]) for place in range(*come)]
