"""Events as plugins see them: public ids instead of row numbers, with the dimensions frozen at the time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from ..contract.records import Event
from ..store.queries import facts as rows
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from .plugin_queue import CORE_FACTS

__all__ = ["public_events"]

#: What the keys of the core's payloads number, under which name plugins see it.
_KEYS = {
    "contact": ("contact", "contact"),
    "contact_id": ("contact", "contact"),
    "invitation": ("invitation", "invitation"),
    "response": ("response", "response"),
    "response_id": ("response", "response"),
    "delivery": ("delivery", "delivery"),
    "gesture": ("gesture", "gesture"),
    "agent_id": ("agent", "agent"),
    "customers": ("customer", "customers"),
}
Known = Mapping[str, Mapping[int, AnyRow]]


def public_events(connection: Connection, found: Sequence[AnyRow]) -> list[Event]:
    """Return events without row numbers; what does not exist any more, or was erased, is left out of them.

    Args:
        connection: For reading; at most seven statements, however many events there are.
        found: Rows of the log.
    """
    numbers: dict[str, set[int]] = {kind: set() for kind, _ in _KEYS.values()}
    for row in found:
        for key, value in row.payload.items() if _is_ours(row) else ():
            if key in _KEYS:
                numbers[_KEYS[key][0]].update(_numbers(value))
    known = {kind: _look_up(connection, kind, wanted) if wanted else {} for kind, wanted in numbers.items()}
    return [_event(row, known) for row in found]


def _event(row: AnyRow, known: Known) -> Event:
    return Event(row.position, row.type, row.at, _payload(row, known) if _is_ours(row) else row.payload)


def _is_ours(row: AnyRow) -> bool:
    return row.type.partition(".")[0] in CORE_FACTS


def _numbers(value: Any) -> list[int]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, int) and not isinstance(each, bool)]


_LOOK: Mapping[str, Callable[[Connection, Collection[int]], dict[int, AnyRow]]] = {
    "invitation": rows.invitations,
    "contact": rows.contacts,
    "gesture": rows.gestures,
}


def _look_up(connection: Connection, kind: str, numbers: Collection[int]) -> dict[int, AnyRow]:
    look = _LOOK.get(kind)
    return look(connection, numbers) if look else rows.public_ids(connection, kind, numbers)


def _payload(row: AnyRow, known: Known) -> dict[str, Any]:
    payload: dict[str, Any] = {}
    for key, value in row.payload.items():
        if key not in _KEYS:
            payload[key] = value
            continue
        kind, name = _KEYS[key]
        found = [known[kind][number].public_id for number in _numbers(value) if number in known[kind]]
        if isinstance(value, list):
            payload[name] = found
        elif found:
            payload[name] = found[0]
    for kind in ("gesture", "contact", "contact_id", "invitation"):
        numbers = _numbers(row.payload.get(kind))
        about = known[_KEYS[kind][0]].get(numbers[0]) if numbers else None
        if about is not None:
            payload |= _about(about)
    return payload


def _about(row: AnyRow) -> dict[str, Any]:
    """Return whom an event is about and, of an invitation, what was frozen on it."""
    given = row._mapping
    found = {name: given[name] for name in ("contact", "customer", "survey") if given.get(name)}
    if "survey" in given:
        found["dimensions"] = {name: given[name] for name in DIMENSIONS}
    return {**found, "test": bool(given["test"])}
