"""Surveys as they are looked through and published; who published is in the audit log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound, Problem, Refused
from ..loop.core import Core
from ..loop.question_types import types_of
from ..loop.shelf import publish
from ..store.queries import invitations as rows
from ..store.types import AnyRow
from ..surveys import SurveyCheck, check_json, check_survey, parse_survey
from .audit import record

__all__ = ["Edition", "check", "editions", "find_survey", "publish_survey", "source_of"]

#: Characters that YAML would take for line ends inside quotes.
LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029", "\ufeff": "\\ufeff"}


@dataclass(frozen=True, slots=True)
class Edition:
    """The newest version of a survey.

    Args:
        name: The survey.
        type: Its type, which has a throttle clock of its own.
        version: Number of the version.
        languages: The languages it speaks.
        published_at: Since when.
        published_by: Who published it.
        source: Its text.
    """

    name: str
    type: str
    version: int
    languages: tuple[str, ...]
    published_at: datetime
    published_by: str
    source: str


def editions(core: Core) -> list[Edition]:
    """Return the newest version of every survey, by name."""
    with core.store.read() as connection:
        newest: dict[str, AnyRow] = {}
        for row in rows.versions_of(connection):
            newest.setdefault(row.survey, row)
    return [_edition(core, row) for row in newest.values()]


def find_survey(core: Core, name: str) -> Edition:
    """Return the newest version of a survey.

    Raises:
        NotFound: There is no such survey.
    """
    with core.store.read() as connection:
        found = rows.versions_of(connection, name)
    if not found:
        raise NotFound("no such survey")
    return _edition(core, found[0])


def _edition(core: Core, row: AnyRow) -> Edition:
    survey = core.shelf.version(row.id).survey
    return Edition(
        row.survey, survey.type, row.number, tuple(survey.languages), row.published_at, row.published_by, row.source
    )


def check(core: Core, source: str = "", survey: Mapping[str, Any] | None = None) -> SurveyCheck:
    """Tell all that is wrong with a survey, given as YAML text or as a value read from JSON."""
    types = types_of(core.plugins)
    return check_survey(source, types) if survey is None else check_json(survey, types)


def source_of(core: Core, survey: Mapping[str, Any]) -> str:
    """Return a survey read from JSON as the text that is kept.

    Raises:
        Refused: It is no valid survey.
    """
    types = types_of(core.plugins)
    found = check_json(survey, types)
    if found.survey is None:
        raise Refused(*(Problem(each.path, each.message) for each in found.problems))
    text = json.dumps(survey, ensure_ascii=False, indent=2)
    for letter, written in LINE_ENDS.items():
        text = text.replace(letter, written)
    if parse_survey(text, types) != found.survey:
        raise Refused(Problem("survey", "cannot be kept as it is; send it as YAML"))
    return text + "\n"


def publish_survey(core: Core, source: str, by: str, upon: int | None = None) -> tuple[str, int, bool]:
    """Publish a survey's text as its next version.

    Args:
        core: The instance.
        source: The YAML text.
        by: Who publishes, for the audit log.
        upon: Number of the newest version that the publisher has seen, 0 for none; None does not look.

    Returns:
        The survey's name, the version's number, and whether it is new.

    Raises:
        Refused: The text is no valid survey; every problem is named with its line.
        Conflict: Somebody published another version meanwhile.
    """
    types = types_of(core.plugins)
    found = check_survey(source, types)
    if found.survey is None:
        raise Refused(*(Problem(_where(each.line, each.path), each.message) for each in found.problems))
    now, survey = core.clock.now(), found.survey.name

    def run(connection: Connection) -> tuple[str, int, bool]:
        newest = rows.newest_version(connection, survey)
        if upon is not None and upon != (newest.number if newest is not None else 0):
            raise Conflict("somebody published another version of this survey meanwhile")
        name, number, fresh = publish(connection, source, by, now, types)
        if fresh:
            record(connection, now, by, "survey.published", f"survey:{name}", {"version": number})
        return name, number, fresh

    return core.store.write(run)


def _where(line: int | None, path: str) -> str:
    return ", ".join([f"line {line}"] * (line is not None) + [path] * bool(path))
