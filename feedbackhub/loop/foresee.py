"""Foresee: what would be decided on an ended contact, without recording anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.intake import ContactEvent
from ..contract.records import Identifier
from .contained import contained_rules
from .core import Core
from .decide import Verdict, decide
from .identify import identifiers_in
from .situation import read_situation

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
        return verdict_on(connection, core, event, given, now)


def verdict_on(
    connection: Connection, core: Core, event: ContactEvent, given: Sequence[Identifier], now: datetime
) -> Verdict:
    """Return what is decided on a contact whose identifiers were read and whose end is known."""
    situation, _ = read_situation(connection, core, event, given, now)
    return decide(core.settings, situation, contained_rules(core), _types(connection, core))


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


def _types(connection: Connection, core: Core) -> Callable[[str], str | None]:
    def survey_type(name: str) -> str | None:
        version = core.shelf.newest(connection, name)
        return version.survey.type if version else None

    return survey_type
