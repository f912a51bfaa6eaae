"""Foresee: what would be decided on an ended contact, without recording anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.intake import ContactEvent
from ..contract.records import Identifier
from .contained import contained_rules
from .core import Core
from .decide import Verdict, decide
from .identify import identifiers_in
from .shelf import Version
from .situation import foreseen_situation

__all__ = ["EARLY", "dated", "foresee", "verdict_on"]

#: How far ahead of ours the clocks of others may be.
EARLY = timedelta(hours=24)


def foresee(core: Core, event: ContactEvent) -> Verdict:
    """Return what would be decided on an ended contact if it were recorded now.

    Args:
        core: The instance.
        event: What a source says.

    Raises:
        Refused: The event cannot be used; every reason is named.
    """
    now = core.clock.now()
    event = dated(event, now)
    given = identifiers_in(event.customer, core.settings.default_region) if event.customer else ()
    with core.store.read() as connection:
        return verdict_on(connection, core, event, given, now)[0]


def verdict_on(
    connection: Connection, core: Core, event: ContactEvent, given: Sequence[Identifier], now: datetime
) -> tuple[Verdict, Version | None]:
    """Return what is decided on a contact whose identifiers were read and whose end is known.

    Returns:
        The verdict, and the version of the survey to be asked, None when nothing is to be asked.
    """
    situation = foreseen_situation(connection, core, event, given, now)
    surveys = _Surveys(connection, core)
    verdict = decide(core.settings, situation, contained_rules(core), surveys.type_of)
    return verdict, surveys.newest(verdict.ask.survey) if verdict.ask is not None else None


def dated(event: ContactEvent, now: datetime) -> ContactEvent:
    """Return a contact that says when it ended: now, where its source does not.

    Raises:
        Refused: It ended in the future.
    """
    if event.ended_at is None:
        event = event.model_copy(update={"ended_at": max(now, event.started_at or now)})
        event.model_fields_set.discard("ended_at")  # the source did not say it, so it cannot differ
    if event.ended_at is not None and event.ended_at > now + EARLY:
        raise Refused(Problem("ended_at", "lies more than a day in the future"))
    return event


class _Surveys:
    """The newest versions of surveys, each looked for once."""

    def __init__(self, connection: Connection, core: Core) -> None:
        self._connection, self._shelf = connection, core.shelf
        self._found: dict[str, Version | None] = {}

    def newest(self, name: str) -> Version | None:
        """Return a survey's newest version, None when there is no survey of that name."""
        if name not in self._found:
            self._found[name] = self._shelf.newest(self._connection, name)
        return self._found[name]

    def type_of(self, name: str) -> str | None:
        """Return the type of a survey, None when there is none of that name."""
        version = self.newest(name)
        return version.survey.type if version else None
