"""Re-ask: after an apology or a fix, ask the same person once more; the first answer is never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound, Problem, Refused
from ..contract.records import Ask, DontAsk
from ..machinery.i18n import N_
from ..machinery.settings import AskEntry
from ..store.queries import answers as rows
from ..store.queries import invitations, people, reasks
from ..store.queries.locks import lock_keys
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from . import journal
from .core import Core
from .guards import address_for, reachable, suppressed
from .invite import Target, invite
from .postpone import postponed
from .shelf import Version
from .situation import read_recorded
from .views import survey_link

SURVEY = "re-ask"


@dataclass(frozen=True)
class Reasked:
    """The invitation that a re-ask made.

    Args:
        id: Its public id.
        survey: The survey asked.
        link: The personal link.
        due_at: When it goes out.
        expires_at: Until when it can be answered.
    """

    id: str
    survey: str
    link: str
    due_at: datetime
    expires_at: datetime


def reask(core: Core, response: str, survey: str = SURVEY, delay: timedelta = timedelta(0)) -> Reasked:
    """Ask a customer again after an answer: past the throttle, on a clock of its own, never past a suppression.

    Args:
        core: The instance.
        response: Public id of the answer that this follows.
        survey: The survey to ask.
        delay: How long to wait.

    Raises:
        NotFound: There is no such response.
        Refused: There is no such survey.
        Conflict: It was asked about already, the customer must not be asked, or cannot be reached.
    """
    now = core.clock.now()
    with core.store.read() as connection:
        version = core.shelf.newest(connection, survey)
        known = rows.response_by_public_id(connection, response) is not None
    if not known:
        raise NotFound("no such response")
    if version is None:
        raise Refused(Problem("survey", f"there is no survey named {survey}"))
    chosen = version

    def run(connection: Connection) -> tuple[Reasked, str]:
        row = rows.response_by_public_id(connection, response)
        if row is None:
            raise NotFound("no such response")
        lock_keys(connection, [f"reask:{row.id}", f"customer:{row.customer_id}"])
        if reasks.standing(connection, row.id):
            raise Conflict(N_("this answer was asked about again already"))
        return _invite(connection, core, row, chosen, now + delay, now)

    asked, contact = core.store.write(run)
    journal.planned(contact, asked.id, asked.survey)
    return asked


def _invite(
    connection: Connection, core: Core, row: AnyRow, version: Version, due_at: datetime, now: datetime
) -> tuple[Reasked, str]:
    first = invitations.by_public_id(connection, row.invitation_public_id)
    if first is None or first.contact_id is None:
        raise Conflict(N_("this answer belongs to no contact"))
    kin = people.kin_of(connection, row.customer_id) if row.customer_id is not None else []
    ask = _planned(core, first.ladder, version, due_at)
    _mind_clock(connection, kin, ask)
    situation = read_recorded(connection, core, first.contact_id, now)
    for guard in (suppressed, reachable):
        answer = guard(situation, ask)
        if isinstance(answer, DontAsk):
            raise Conflict(answer.reason)
        ask = answer
    ask = postponed(core, situation, ask)
    to = address_for(situation, ask.channels[0])
    if to is None:  # `reachable` has just kept the channels that have one
        raise Conflict(N_("the customer cannot be reached"))
    target = Target(
        contact_id=first.contact_id,
        customer_id=row.customer_id,
        agent_id=row.agent_id,
        dimensions={name: getattr(first, name) for name in DIMENSIONS},
        contact_at=row.contact_at,
        test=row.test,
        after_response_id=row.id,
    )
    _, public_id = invite(connection, target, ask, version.id, to, core.settings.public_url, now)
    due_at = ask.due_at if to.kind else now
    link = survey_link(core.links, core.settings.base_url(row.brand), public_id)
    return Reasked(public_id, ask.survey, link, due_at, due_at + ask.expires_after), first.contact_public_id


def _planned(core: Core, ladder: Sequence[str], version: Version, due_at: datetime) -> Ask:
    """Return the ask: spans from the policy's entry for this survey, otherwise the ladder of the first ask."""
    name = version.survey.name
    entry = next((each for each in core.settings.ask if each.survey == name), None)
    spans = entry or AskEntry(name="re-ask")
    days = core.settings.throttle.surveys.get(version.survey.type, 0)
    return Ask(
        policy=spans.name,
        survey=name,
        survey_type=version.survey.type,
        channels=entry.channels if entry else tuple(ladder),
        due_at=due_at,
        reminder_after=spans.reminder_after,
        reminders=spans.reminders,
        expires_after=spans.expires_after,
        edit_window=spans.edit_window,
        throttle=timedelta(days=days),
    )


def _mind_clock(connection: Connection, kin: list[int], ask: Ask) -> None:
    if not ask.throttle or not kin:
        return
    last = reasks.last_of_type(connection, kin, ask.survey_type)
    if last is not None and last + ask.throttle > ask.due_at:
        raise Conflict(f"the customer was asked again on {last:%Y-%m-%d}, within {ask.throttle.days} days")
