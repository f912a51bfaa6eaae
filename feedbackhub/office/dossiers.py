"""Dossiers: everything about one contact or one answer, for staff; each look is in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..loop.core import Core
from ..loop.views import ContactView, contact_view
from ..store.queries import answer_lists, contacts, staff_deliveries
from ..store.queries import staff_lists as rows
from ..store.types import AnyRow
from .audit import record
from .dispatch import DeliveryLine, delivery_line
from .lists import AnswerLine, answer_line

__all__ = ["AskLine", "ContactDossier", "GestureLine", "gesture_lines", "open_contact"]


@dataclass(frozen=True, slots=True)
class AskLine:
    """One ask about a contact, with its deliveries."""

    id: str
    survey: str
    version: int
    again: bool
    state: str
    reason: str
    ladder: tuple[str, ...]
    due_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    deliveries: tuple[DeliveryLine, ...]
    answer: AnswerLine | None


@dataclass(frozen=True, slots=True)
class GestureLine:
    """One gesture, not taken back; `by` is empty unless names are switched on."""

    kind: str
    at: datetime
    value: str
    cost_cents: int | None
    currency: str
    note: str
    by: str
    nth: int
    manner: str
    words: str


@dataclass(frozen=True, slots=True)
class ContactDossier:
    """Everything about one contact.

    Args:
        contact: The contact with its decision.
        customer_name: The customer's name.
        agent: Who served; empty unless names are switched on.
        asks: What was asked about it, the first ask first.
        gestures: What was done about it, newest first.
        claimed: Answers by open links that only claim to be about it.
    """

    contact: ContactView
    customer_name: str
    agent: str
    asks: tuple[AskLine, ...]
    gestures: tuple[GestureLine, ...]
    claimed: tuple[AnswerLine, ...]


def open_contact(core: Core, public_id: str, language: str, viewer: str) -> ContactDossier:
    """Return everything about a contact, and note who looked.

    Args:
        core: The instance.
        public_id: The contact's public id.
        language: The viewer's language.
        viewer: Who looks, for the audit log.

    Raises:
        NotFound: There is no such contact.
    """
    with core.store.read() as connection:
        row = contacts.contact_by_public_id(connection, public_id)
        if row is None:
            raise NotFound("no such contact")
        asks, answers = _asks(connection, core, row.id, language)
        gestures = gesture_lines(connection, core, row.id, answers)
        claimed = tuple(answer_line(core, each, language) for each in answer_lists.claims_about(connection, row.id))
    now = core.clock.now()
    core.store.write(lambda c: record(c, now, viewer, "contact.viewed", f"contact:{public_id}"))
    return ContactDossier(
        contact=contact_view(row, core.links, core.settings.base_url(row.brand)),
        customer_name=row.customer_name or "",
        agent=(row.agent_name or "") if core.settings.web.show_agent_names else "",
        asks=asks,
        gestures=gestures,
        claimed=claimed,
    )


def _asks(
    connection: Connection, core: Core, contact_id: int, language: str
) -> tuple[tuple[AskLine, ...], list[int]]:
    found = rows.asks_of(connection, contact_id)
    deliveries: dict[int, list[DeliveryLine]] = {}
    for row in staff_deliveries.deliveries_of(connection, [ask.id for ask in found]):
        deliveries.setdefault(row.invitation_id, []).append(delivery_line(row))
    answers = answer_lists.answers_about(connection, contact_id)
    lines = {row.public_id: answer_line(core, row, language) for row in answers}
    asks = [
        AskLine(
            ask.public_id, ask.survey, ask.version, ask.after_response_id is not None, ask.state, ask.reason,
            tuple(ask.ladder), ask.due_at, ask.sent_at, ask.expires_at, ask.ended_at,
            tuple(deliveries.get(ask.id, ())), lines.get(ask.response_public_id),
        )
        for ask in found
    ]  # fmt: skip
    return tuple(asks), [row.id for row in answers]


def gesture_lines(
    connection: Connection, core: Core, contact_id: int | None, responses: Sequence[int]
) -> tuple[GestureLine, ...]:
    """Return the gestures about a contact or some responses, newest first."""
    named = core.settings.web.show_agent_names
    return tuple(_gesture(row, named) for row in rows.gestures_about(connection, contact_id, responses))


def _gesture(row: AnyRow, named: bool) -> GestureLine:
    return GestureLine(
        row.kind, row.at, row.value, row.cost_cents, row.currency, row.note, row.by if named else "", row.nth,
        row.manner, row.words,
    )  # fmt: skip
