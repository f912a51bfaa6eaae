"""Decisions, states and signs in words: every code that lists and dossiers hold, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..contract.records import Decision
from ..machinery.i18n import N_, Translator, format_datetime

__all__ = [
    "ASK_STATES",
    "DELIVERY_KINDS",
    "DELIVERY_STATES",
    "DIRECTIONS",
    "ENDED_BY",
    "RETURNED_KINDS",
    "SUPPRESSION_REASONS",
    "code_text",
    "decision_text",
    "fact_lines",
    "reason_text",
    "rule_name",
    "sign_text",
]

RULES = {
    "policy": N_("No entry of the ask policy"),
    "not_wanted": N_("The source said not to ask"),
    "suppressed": N_("Does not want to be asked"),
    "reachable": N_("No way to reach the customer"),
    "throttled": N_("Asked not long ago"),
    "imported": N_("Imported"),
    "open_link": N_("Came by an open link"),
    "asking.quiet_hours": N_("Quiet hours"),
    "asking.sampling": N_("Not in the sample"),
    "asking.closed_by": N_("Not ended by a person"),
    "asking.outbound": N_("Begun by the company"),
    "asking.too_old": N_("Too long ago"),
    "patterns.do_not_ask": N_("On a do-not-ask pattern"),
}

#: State of an ask: its words and the colour of its badge.
ASK_STATES = {
    "due": (N_("Will be asked"), "info"),
    "sent": (N_("Asked, no answer yet"), "plain"),
    "answered": (N_("Answered"), "good"),
    "cancelled": (N_("Called off"), "plain"),
    "expired": (N_("No answer"), "plain"),
    "undeliverable": (N_("Could not be reached"), "bad"),
}

DELIVERY_STATES = {
    "due": (N_("Due"), "info"),
    "sending": (N_("Being sent"), "info"),
    "sent": (N_("Sent"), "good"),
    "parked": (N_("Parked"), "bad"),
    "failed": (N_("Failed"), "bad"),
    "bounced": (N_("Came back"), "bad"),
    "cancelled": (N_("Called off"), "plain"),
}

DELIVERY_KINDS = {"first": N_("First message"), "reminder": N_("Reminder"), "fallback": N_("Next channel")}

RETURNED_KINDS = {
    "bounce": N_("Came back"),
    "soft_bounce": N_("Delayed"),
    "complaint": N_("Complaint"),
    "opt_out": N_("Opt-out"),
    "opt_in": N_("Opt-in"),
    "answer": N_("Answer by reply"),
    "unclear": N_("Unclear answer"),
    "machine": N_("Automatic reply"),
    "late": N_("Answer after the end"),
    "reply": N_("Reply"),
}

SUPPRESSION_REASONS = {
    "opt_out": N_("Opted out"),
    "bounce": N_("Messages came back"),
    "complaint": N_("Complained about a message"),
    "staff": N_("Put here by staff"),
}

# Why something was called off or is over; an error of another system is shown as it came.
REASONS = {
    "reopened": N_("The contact was reopened."),
    "answered": N_("The customer has answered."),
    "suppressed": N_("The customer does not want to be asked."),
    "bounced": N_("An earlier message came back."),
    "expired": N_("The time to answer is over."),
    "merged": N_("The same person was asked already, under another name."),
    "cancelled": N_("The ask was called off."),
    "staff": N_("Staff called it off."),
    "undeliverable": N_("No channel reached the customer."),
    "the message came back": N_("The message came back."),
}

SIGNS = {
    "honeypot": N_("A field was filled in that people do not see."),
    "prefetch": N_("The browser said that it only loads the page ahead."),
    "no_page": N_("The answer came without the page having been opened."),
    "old_page": N_("The page had been opened more than a day before."),
    "too_fast": N_("It came less than a second after the page was opened."),
    "right_after_sending": N_("It came within seconds after the message was sent."),
    "no_language": N_("The browser named no language, as programs do."),
    "other_site": N_("The form was sent by the page of another web site."),
    "repeated": N_("Somebody with the same address and browser has answered this open link on the same day."),
    "many_ratings": N_("Several different ratings came within a minute."),
}

ENDED_BY = {
    "agent": N_("An agent"),
    "customer": N_("The customer"),
    "auto": N_("The system by itself"),
    "bot": N_("A bot"),
    "spam": N_("As spam"),
}

DIRECTIONS = {"inbound": N_("Begun by the customer"), "outbound": N_("Begun by the company")}

FACTS = {
    "asked_at": N_("Last asked"),
    "until": N_("Free again from"),
    "survey_type": N_("Kind of survey"),
    "channels": N_("Channels, in this order"),
    "not_active": N_("Not active"),
    "suppression": N_("Why not"),
    "due_at": N_("Planned for"),
    "survey": N_("Survey"),
    "share": N_("Share that is asked"),
    "closed_by": N_("Ended by"),
    "ended_at": N_("Ended"),
    "days": N_("Days at most"),
    "list": N_("List"),
    "entry": N_("Entry"),
    "pattern": N_("Pattern"),
    "failed_rules": N_("Rules that failed and were passed over"),
}


def rule_name(t: Translator, rule: str) -> str:
    """Return what a rule is called; a plugin's own is shown by its name."""
    return code_text(t, RULES, rule)


def code_text(t: Translator, known: Mapping[str, str], code: str) -> str:
    """Say a code in words; an unknown one is shown as it is."""
    return t(known[code]) if code in known else code


def decision_text(t: Translator, decision: Decision, policy: str) -> str:
    """Say why a contact was or was not asked: in the words recorded, which are English, or elsewhere in the rule's."""
    if decision.rule == "open_link":
        return t("The customer came by an open link, so there was nothing to decide.")
    if decision.outcome == "ask":
        return t("Entry {policy} of the ask policy matches and nothing speaks against it.", policy=policy)
    return decision.reason if t.language == "en" or decision.rule not in RULES else t(RULES[decision.rule])


def reason_text(t: Translator, reason: str) -> str:
    """Say why something did not go on; what another system said is shown as it came."""
    return code_text(t, REASONS, reason)


def sign_text(t: Translator, sign: str) -> str:
    """Say which sign of a machine was seen."""
    return code_text(t, SIGNS, sign)


def fact_lines(t: Translator, facts: Mapping[str, Any], timezone: str) -> list[tuple[str, str]]:
    """Return a decision's facts as pairs of name and words, those that are empty left out."""
    lines = [(t(FACTS[key]) if key in FACTS else key, fact(t, key, value, timezone)) for key, value in facts.items()]
    return [(name, words) for name, words in lines if words]


def fact(t: Translator, key: str, value: Any, timezone: str) -> str:
    """Return one fact in words."""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    if known := {"suppression": SUPPRESSION_REASONS, "closed_by": ENDED_BY}.get(key):
        return code_text(t, known, str(value))
    moment = moment_of(value)
    return str(value) if moment is None else format_datetime(moment, t.language, timezone)


def moment_of(value: Any) -> datetime | None:
    """Return the moment that a fact names, None for any other fact."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
