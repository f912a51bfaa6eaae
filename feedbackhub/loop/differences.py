"""What a repeated contact event says differently; the first one stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..contract.intake import ContactEvent
from ..contract.records import Identifier
from ..store.types import AnyRow

_FIELDS = (
    "channel",
    "team",
    "topic",
    "product",
    "brand",
    "tags",
    "direction",
    "closed_by",
    "started_at",
    "ended_at",
    "url",
    "ask",
    "test",
    "attributes",
)


@dataclass(frozen=True)
class Difference:
    """One field of a repeated event that was ignored."""

    field: str
    stored: str
    given: str


def differences(
    row: AnyRow, kin: Collection[Identifier], event: ContactEvent, given: Sequence[Identifier]
) -> tuple[Difference, ...]:
    """Return which fields that the event names differ from what is stored.

    Args:
        row: The contact as stored.
        kin: All identifiers of its customer.
        event: The repeated event.
        given: The event's normalised identifiers.
    """
    found = []
    for name in _FIELDS:
        if name not in event.model_fields_set:
            continue
        stored, said = getattr(row, name), getattr(event, name)
        if stored != said:
            found.append(Difference(name, _shown(stored), _shown(said)))
    if event.agent is not None and event.agent.id != row.agent_external_id:
        found.append(Difference("agent.id", row.agent_external_id or "", event.agent.id))
    found += _of_customer(row, event)
    if any(each not in kin for each in given):
        # Which ones is personal data and stays out of the answer.
        found.append(Difference("customer", "other identifiers", "identifiers not known of this customer"))
    return tuple(found)


def _of_customer(row: AnyRow, event: ContactEvent) -> list[Difference]:
    """Return what is said otherwise of the customer; a name is personal data, like identifiers."""
    said = event.customer
    if said is None or row.customer_id is None:
        return []
    given = {"language": said.language, "segment": said.segment, "country": said.country.upper()}
    pairs = [(name, getattr(row, name), value) for name, value in given.items() if value]
    found = [Difference(f"customer.{name}", stored, value) for name, stored, value in pairs if stored != value]
    if said.name and said.name != row.customer_name:
        found.append(Difference("customer.name", "another name", "a name not known of this customer"))
    return found


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{key}={value[key]}" for key in sorted(value))
    return "" if value is None else str(value)
