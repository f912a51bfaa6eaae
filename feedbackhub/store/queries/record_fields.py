"""The columns of each record set: what they are called, where they come from, and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlalchemy.sql.elements import KeyedColumnElement

from ...contract.exports import Column, ColumnKind
from ..tables import (
    DIMENSIONS,
    agent,
    contact,
    customer,
    decision,
    delivery,
    gesture,
    invitation,
    open_answer,
    response,
    survey_version,
)
from .erasing import MARK
from .record_joins import earlier


@dataclass(frozen=True)
class Field:
    """A column of a record set and the expression that fills it."""

    column: Column
    source: ColumnElement[Any]

    @property
    def labelled(self) -> ColumnElement[Any]:
        """The expression under the column's name."""
        return self.source.label(self.column.name)


def field(name: str, source: ColumnElement[Any], kind: ColumnKind, about: str, personal: bool = False) -> Field:
    """Return a column."""
    return Field(Column(name, kind, about, personal), source)


_ABOUT = {
    "channel": "Channel of the contact, such as phone or chat",
    "team": "Team that served",
    "topic": "What the contact was about",
    "product": "Product that the contact was about",
    "brand": "Brand that the customer turned to",
    "language": "Language that the customer was asked in",
    "segment": "The customer's segment",
    "country": "The customer's country",
}


def _dimensions(of: Any, other: Any = None, **renamed: str) -> tuple[Field, ...]:
    """Return the frozen dimensions of a table; where it has no row, those of another one."""
    found = []
    for name in DIMENSIONS:
        source: KeyedColumnElement[Any] | Any = of.c[name]
        if other is not None:
            source = func.coalesce(source, other.c[name], "")
        found.append(field(renamed.get(name, name), source, "text", _ABOUT[name]))
    return tuple(found)


def _who() -> tuple[Field, ...]:
    return (
        field("customer", customer.c.public_id, "text", "Id of the customer"),
        field("customer_name", customer.c.name, "text", "Name of the customer", personal=True),
        field("agent", agent.c.public_id, "text", "Id of the agent who served"),
        field("agent_name", agent.c.name, "text", "Name of the agent who served", personal=True),
    )


# What erasing put in its place is nobody's id.
_EXTERNAL_ID = case((contact.c.external_id.startswith(MARK), ""), else_=contact.c.external_id)


def _case() -> tuple[Field, ...]:
    return (
        field("contact", contact.c.public_id, "text", "Id of the contact"),
        field("source", contact.c.source, "text", "Where the contact was reported from"),
        field("external_id", _EXTERNAL_ID, "text", "The contact's id in that system", personal=True),
        field("resolution", contact.c.resolution, "integer", "Which end of that contact: 2 after its first reopening"),
    )


def _flags(of: Any) -> tuple[Field, ...]:
    return (
        field("test", of.c.test, "flag", "Whether it is a test outside all numbers"),
        field("imported", of.c.imported, "flag", "Whether it comes from before feedbackhub"),
    )


_BY_A_PERSON = and_(
    response.c.verdict != "discarded", or_(response.c.confidence == "human", response.c.verdict == "accepted")
)
#: Whether a response counts in the numbers.
COUNTED = and_(invitation.c.test.is_(False), _BY_A_PERSON)
#: The same of an invitation that may have no response at all, where the rest would be unknown.
_ANSWERED = and_(response.c.id.is_not(None), _BY_A_PERSON)
_OPEN = field("open", open_answer.c.open_link_id.is_not(None), "flag", "Whether it came by an open link")

RESPONSES = (
    field("id", response.c.public_id, "text", "Id of the response"),
    field("survey", invitation.c.survey, "text", "Name of the survey"),
    field("version", survey_version.c.number, "integer", "Version of the survey that was answered"),
    field("answered_at", response.c.created_at, "moment", "When the first answer came"),
    field("changed_at", response.c.changed_at, "moment", "When the last change came"),
    field("settled_at", response.c.settled_at, "moment", "When it was complete, or quiet for half an hour"),
    field("contact_at", invitation.c.contact_at, "moment", "When the contact ended"),
    field("sent_at", invitation.c.sent_at, "moment", "When it was asked for"),
    field("counted", COUNTED, "flag", "Whether it counts: a person's answer, no test, not discarded"),
    field("complete", response.c.complete, "flag", "Whether every required question is answered"),
    field("confidence", response.c.confidence, "text", "human, or suspect of coming from a machine"),
    field("signs", response.c.signs, "list", "Why it is suspect"),
    field("verdict", response.c.verdict, "text", "What staff decided about it: accepted, discarded"),
    field("via", response.c.via, "text", "How it came in: page, api, import, or a channel"),
    _OPEN,
    field("answer_language", response.c.language, "text", "Language that it was answered in"),
    field("question", response.c.headline_question, "text", "Question of the rating"),
    field("rating", response.c.headline, "integer", "The first rating, as it was given"),
    field("rating_max", response.c.headline_max, "integer", "Best possible rating, or worst, of that question"),
    field("score", response.c.score, "integer", "That rating from 0 to 100, 100 being good"),
    field("low", response.c.low, "flag", "Whether that is a bad answer"),
    field("solved", response.c.solved, "flag", "Whether the customer says that it was solved"),
    field("wants_call", response.c.wants_call, "flag", "Whether the customer wants to be called"),
    field("call_settled_at", response.c.call_settled_at, "moment", "When that call was made"),
    field("comment", response.c.comment, "text", "The customer's own words", personal=True),
    field("answers", response.c.answers, "json", "All answers by question", personal=True),
    field("invitation", invitation.c.public_id, "text", "Id of the invitation"),
    field("after_response", earlier.c.public_id, "text", "Id of the response that it was asked again after"),
    *_case(),
    *_who(),
    *_dimensions(invitation),
    *_flags(invitation),
)

CONTACTS = (
    field("id", contact.c.public_id, "text", "Id of the contact"),
    *_case()[1:],
    field("started_at", contact.c.started_at, "moment", "When it began"),
    field("ended_at", contact.c.ended_at, "moment", "When it ended"),
    field("reopened_at", contact.c.reopened_at, "moment", "When it was reopened"),
    field("recorded_at", contact.c.recorded_at, "moment", "When feedbackhub heard of it"),
    field("direction", contact.c.direction, "text", "inbound or outbound"),
    field("closed_by", contact.c.closed_by, "text", "Who closed it, such as agent, customer or bot"),
    field("tags", contact.c.tags, "list", "Its tags", personal=True),
    field("url", contact.c.url, "text", "Its address in the other system", personal=True),
    field("ask", contact.c.ask, "flag", "Whether the other system lets the customer be asked"),
    field("attributes", contact.c.attributes, "json", "Whatever else was reported", personal=True),
    *_who(),
    field("outcome", decision.c.outcome, "text", "What was decided: ask or dont_ask"),
    field("rule", decision.c.rule, "text", "Rule that decided"),
    field("survey", invitation.c.survey, "text", "Survey of its first ask"),
    field("invitation", invitation.c.public_id, "text", "Id of its first ask"),
    field("invitation_state", invitation.c.state, "text", "What became of that ask"),
    *_dimensions(contact),
    *_flags(contact),
)

INVITATIONS = (
    field("id", invitation.c.public_id, "text", "Id of the invitation"),
    field("survey", invitation.c.survey, "text", "Name of the survey"),
    field("state", invitation.c.state, "text", "due, sent, answered, cancelled, expired or undeliverable"),
    field("contact_at", invitation.c.contact_at, "moment", "When the contact ended"),
    field("invited_at", invitation.c.created_at, "moment", "When it was decided to ask"),
    field("due_at", invitation.c.due_at, "moment", "When it was to be sent"),
    field("sent_at", invitation.c.sent_at, "moment", "When it was sent first"),
    field("expires_at", invitation.c.expires_at, "moment", "Until when it can be answered"),
    field("ended_at", invitation.c.ended_at, "moment", "When it was answered, called off or over"),
    field("sent", invitation.c.sent_at.is_not(None), "flag", "Whether it was sent"),
    field("reminders", invitation.c.reminders, "integer", "How many reminders may follow"),
    _OPEN,
    field("answered", _ANSWERED, "flag", "Whether a person answered it, and nobody discarded the answer"),
    field("response", response.c.public_id, "text", "Id of the response"),
    field("after_response", earlier.c.public_id, "text", "Id of the response that it asks again after"),
    *_case(),
    *_who(),
    *_dimensions(invitation),
    *_flags(invitation),
)

DECISIONS = (
    *_case(),
    field("ended_at", contact.c.ended_at, "moment", "When the contact ended"),
    field("decided_at", decision.c.decided_at, "moment", "When it was decided"),
    field("outcome", decision.c.outcome, "text", "What was decided: ask or dont_ask"),
    field("rule", decision.c.rule, "text", "Rule that decided"),
    field("reason", decision.c.reason, "text", "Why, in words", personal=True),
    field("policy", decision.c.policy, "text", "Entry of the ask policy that matched"),
    field("facts", decision.c.facts, "json", "What the decision rests on", personal=True),
    field("survey", invitation.c.survey, "text", "Survey that was asked"),
    field("invitation", invitation.c.public_id, "text", "Id of the ask that followed"),
    *_who(),
    *_dimensions(contact),
    *_flags(contact),
)

DELIVERIES = (
    field("id", delivery.c.public_id, "text", "Id of the delivery"),
    field("invitation", invitation.c.public_id, "text", "Id of the invitation"),
    field("survey", invitation.c.survey, "text", "Name of the survey"),
    field("kind", delivery.c.kind, "text", "first, reminder or fallback"),
    field("sent_through", delivery.c.channel, "text", "Channel that it went through, such as email or sms"),
    field("address_kind", delivery.c.address_kind, "text", "Kind of the address"),
    field("address", delivery.c.address, "text", "Address that it went to", personal=True),
    field("state", delivery.c.state, "text", "due, sending, sent, failed, cancelled or bounced"),
    field("planned_at", delivery.c.created_at, "moment", "When it was planned"),
    field("due_at", delivery.c.due_at, "moment", "When it was due"),
    field("sent_at", delivery.c.sent_at, "moment", "When it was handed over"),
    field("delivered_at", delivery.c.delivered_at, "moment", "When it arrived, where the other side tells"),
    field("message_id", delivery.c.message_id, "text", "Message-ID, the same on every attempt"),
    field("receipt", delivery.c.receipt, "text", "What the other side called it", personal=True),
    field("error", delivery.c.error, "text", "Why it failed", personal=True),
    *_case(),
    *_who(),
    *_dimensions(invitation),
    *_flags(invitation),
)

GESTURES = (
    field("id", gesture.c.public_id, "text", "Id of the gesture"),
    field("at", gesture.c.at, "moment", "When it was made"),
    field("kind", gesture.c.kind, "text", "apology, compensation, call_back, or a kind of the settings"),
    field("manner", gesture.c.manner, "text", "How, of an apology: plain, explanation or promise"),
    field("words", gesture.c.words, "text", "What was said or sent", personal=True),
    field("nth", gesture.c.nth, "integer", "The how-manieth of its kind to this person"),
    field("value", gesture.c.value, "text", "What was given, in words", personal=True),
    field("cost_cents", gesture.c.cost_cents, "integer", "What it cost, in hundredths of the currency"),
    field("currency", gesture.c.currency, "text", "ISO 4217 code of the currency"),
    field("note", gesture.c.note, "text", "Anything else that was noted", personal=True),
    field("by", gesture.c.by, "text", "Who made it", personal=True),
    field("withdrawn_at", gesture.c.withdrawn_at, "moment", "When it was taken back as recorded by mistake"),
    field("response", response.c.public_id, "text", "Id of the response that it answers"),
    *_case(),
    *_who(),
    field("survey", invitation.c.survey, "text", "Survey of that response"),
    *_dimensions(contact, invitation),
    *_flags(gesture),
)
