"""The tables, in the words of the house."""

from .answering import answer, gesture, response, revision
from .asking import contact, decision, delivery, invitation, suppression, survey_version
from .base import DIMENSIONS, metadata
from .engine import event, idempotency, import_run, inbox, subscriber, tallied, tally, task
from .exporting import export_run, export_schedule
from .inbound import inbound, inbound_contact, receiver
from .jobs import job
from .lanes import lane
from .once import once
from .open_links import day_salt, open_answer, open_link, open_visit
from .own_schema import own_schema
from .people import agent, customer, identifier, person, person_link
from .plugin_calls import plugin_call
from .schema import schema_revision
from .snapshots import snapshot
from .staff import api_key, audit, staff_session, staff_user
from .watching import engine_pulse, meter

__all__ = [
    "DIMENSIONS",
    "agent",
    "answer",
    "api_key",
    "audit",
    "contact",
    "customer",
    "day_salt",
    "decision",
    "delivery",
    "engine_pulse",
    "event",
    "export_run",
    "export_schedule",
    "gesture",
    "idempotency",
    "identifier",
    "import_run",
    "inbound",
    "inbound_contact",
    "inbox",
    "invitation",
    "job",
    "lane",
    "metadata",
    "meter",
    "once",
    "open_answer",
    "open_link",
    "open_visit",
    "own_schema",
    "person",
    "person_link",
    "plugin_call",
    "receiver",
    "response",
    "revision",
    "schema_revision",
    "snapshot",
    "staff_session",
    "staff_user",
    "subscriber",
    "suppression",
    "survey_version",
    "tallied",
    "tally",
    "task",
]
