"""The tables, in the words of the house."""

from .answering import answer, gesture, response, revision
from .asking import contact, decision, delivery, invitation, suppression, survey_version
from .base import DIMENSIONS, metadata
from .engine import event, idempotency, import_run, inbox, subscriber, tallied, tally, task
from .once import once
from .people import agent, customer, identifier, person, person_link
from .staff import api_key, audit, staff_session, staff_user

__all__ = [
    "DIMENSIONS",
    "agent",
    "answer",
    "api_key",
    "audit",
    "contact",
    "customer",
    "decision",
    "delivery",
    "event",
    "gesture",
    "idempotency",
    "identifier",
    "import_run",
    "inbox",
    "invitation",
    "metadata",
    "once",
    "person",
    "person_link",
    "response",
    "revision",
    "staff_session",
    "staff_user",
    "subscriber",
    "suppression",
    "survey_version",
    "tallied",
    "tally",
    "task",
]
