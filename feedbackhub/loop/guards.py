"""The core's own reasons not to ask: pure, always applied, never skipped by a failing plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..contract.objects import Channel
from ..contract.records import Ask, Contact, DontAsk, History, Identifier
from ..machinery.i18n import N_

#: Reasons under which a whole person is left alone, not one address only.
PERSONAL = ("opt_out", "complaint", "staff")


@dataclass(frozen=True)
class Situation:
    """All that the guards look at.

    Args:
        contact: The contact that ended.
        history: Earlier asks of the person.
        channels: The channels that are there, by name.
        suppressed: Reason of suppression by identifier.
    """

    contact: Contact
    history: History
    channels: Mapping[str, Channel]
    suppressed: Mapping[Identifier, str] = field(default_factory=dict)


Guard = Callable[[Situation, Ask], Ask | DontAsk]
#: Why somebody is not asked, by the reason of the suppression.
_NOT_ASKED: Mapping[str, str] = {
    "opt_out": N_("The customer opted out."),
    "complaint": N_("The customer complained about a message."),
    "staff": N_("The customer is on the list of staff."),
}


def not_wanted(situation: Situation, ask: Ask) -> Ask | DontAsk:
    """Respect the agent or system that ended the contact with ``ask: false``."""
    return ask if situation.contact.ask else DontAsk("The source said not to ask.")


def suppressed(situation: Situation, ask: Ask) -> Ask | DontAsk:
    """Leave people alone who opted out or complained."""
    reasons = [reason for reason in situation.suppressed.values() if reason in PERSONAL]
    if not reasons:
        return ask
    return DontAsk(_NOT_ASKED[reasons[0]], {"suppression": reasons[0]})


def reachable(situation: Situation, ask: Ask) -> Ask | DontAsk:
    """Keep only the channels of the ladder that are there and have a usable address."""
    usable = tuple(name for name in ask.channels if address_for(situation, name) is not None)
    if usable:
        return replace(ask, channels=usable)
    missing = [name for name in ask.channels if name not in situation.channels]
    facts = {"channels": list(ask.channels), "not_active": missing}
    if any(reason == "bounce" for reason in situation.suppressed.values()):
        return DontAsk(N_("Messages to the customer's address came back."), facts)
    if len(missing) == len(ask.channels):
        return DontAsk(f"No channel of the ladder is active: {', '.join(ask.channels)}.", facts)
    return DontAsk(f"The customer has no address for {' or '.join(ask.channels)}.", facts)


def address_for(situation: Situation, name: str) -> Identifier | None:
    """Return where a channel would reach the customer, None when it cannot.

    A channel that reaches no kind of identifier needs none: it hands the link to the caller.
    """
    channel = situation.channels.get(name)
    if channel is None:
        return None
    if not channel.reaches:
        return Identifier("", "")
    customer = situation.contact.customer
    known = customer.identifiers if customer else ()
    usable = (i for i in known if i.kind in channel.reaches and i not in situation.suppressed)
    return next(usable, None)


def throttled(situation: Situation, ask: Ask) -> Ask | DontAsk:
    """Ask one person rarely, over all channels together; each survey type has its own clock."""
    if situation.contact.test:
        return ask
    for past in situation.history.asks:
        free = past.asked_at + ask.throttle
        if past.survey_type == ask.survey_type and ask.throttle and free > ask.due_at:
            return DontAsk(
                f"The customer was asked on {past.asked_at:%Y-%m-%d}; {ask.survey_type} is asked once in"
                f" {_span(ask.throttle)}.",
                {"asked_at": past.asked_at.isoformat(), "until": free.isoformat(), "survey_type": ask.survey_type},
            )
    return ask


def _span(span: timedelta) -> str:
    return f"{span.days} days" if span.days else f"{int(span.total_seconds() // 60)} minutes"


#: Applied in this order before the plugins' rules, and once more by the write itself.
GUARDS: tuple[tuple[str, Guard], ...] = (
    ("not_wanted", not_wanted),
    ("suppressed", suppressed),
    ("reachable", reachable),
    ("throttled", throttled),
)


def next_possible(history: History, throttle: timedelta, survey_type: str) -> datetime | None:
    """Return from when on the person may be asked again, None for at once."""
    times = [past.asked_at + throttle for past in history.asks if past.survey_type == survey_type]
    latest = max(times, default=None)
    return latest if latest is not None and latest > history.now else None
