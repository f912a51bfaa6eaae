"""Postpone: rules may move the moment of a message that is already decided on, out of quiet hours for instance.

Their vetoes are about first asks and are passed over here; so is a moment earlier than the one planned.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.records import Ask
from ..store.types import AnyRow
from .contained import contained_rules
from .core import Core
from .guards import Situation
from .opinion import opinion
from .situation import read_recorded

__all__ = ["free_moment", "postponed"]


def postponed(core: Core, situation: Situation, ask: Ask) -> Ask:
    """Return an ask at the moment to which the rules move it."""
    for plugin, rule in contained_rules(core):
        said = opinion(plugin, rule, situation, ask, {})
        if isinstance(said, Ask) and said.due_at > ask.due_at:
            ask = replace(ask, due_at=said.due_at)
    return ask


def free_moment(
    connection: Connection, core: Core, invitation: AnyRow, channel: str, due_at: datetime, now: datetime
) -> datetime:
    """Return when a further message of an ask may go: a reminder, or the next channel of its ladder.

    Args:
        connection: An open connection.
        core: The instance.
        invitation: The invitation's row.
        channel: The channel that the message takes.
        due_at: When it would go.
        now: The present moment.
    """
    if invitation.contact_id is None:
        return due_at
    ask = Ask(
        policy="",
        survey=invitation.survey,
        survey_type=invitation.survey_type,
        channels=(channel,),
        due_at=due_at,
        reminder_after=timedelta(seconds=invitation.reminder_after),
        reminders=invitation.reminders,
        expires_after=max(invitation.expires_at - due_at, timedelta(seconds=1)),
        edit_window=timedelta(seconds=invitation.edit_window),
        throttle=timedelta(0),
    )
    return postponed(core, read_recorded(connection, core, invitation.contact_id, now), ask).due_at
