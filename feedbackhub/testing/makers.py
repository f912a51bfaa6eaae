"""Makers of the records that a plugin is handed, sensible unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..contract.inbound import Incoming
from ..contract.intake import ContactEvent
from ..contract.records import Brand, Choice, Identifier, Message

__all__ = ["START", "make_contact_event", "make_incoming", "make_message"]

#: When a test begins, unless its clock is set: a Monday morning.
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN = Identifier("email", "ann@example.com")
LINK = "https://feedback.example.com/s/AAAAAAAAAAAAAAAAAAAAAAAA"


def make_contact_event(external_id: str = "1", **fields: Any) -> ContactEvent:
    """Return an ended contact of Ann, who is reached by mail.

    Args:
        external_id: The contact's id in its source.
        fields: Other fields of `ContactEvent`; `customer` replaces Ann, None leaves her out.
    """
    ann = {"email": "ann@example.com", "name": "Ann", "language": "en"}
    values = {"source": "tests", "external_id": external_id, "channel": "chat", "customer": ann, **fields}
    return ContactEvent.model_validate(values)


def make_message(to: Identifier = ANN, **fields: Any) -> Message:
    """Return a message as a channel is handed one.

    Args:
        to: The address.
        fields: Other fields of `Message`.
    """
    usual: dict[str, Any] = {
        "id": "AAAAAAAAAAAA.1@feedback.example.com",
        "kind": "first",
        "to": to,
        "name": "Ann",
        "language": "en",
        "direction": "ltr",
        "subject": "How was our service?",
        "text": f"How was our service?\n\n{LINK}",
        "html": f'<p>How was our service?</p><p><a href="{LINK}">Answer</a></p>',
        "link": LINK,
        "stop_link": f"{LINK}/stop",
        "choices": tuple(Choice(str(n), str(n), "", f"{LINK}?r={n}") for n in range(1, 6)),
        "brand": Brand("default", "Example"),
    }
    return Message(**{**usual, **fields})


def make_incoming(
    body: bytes = b"{}", headers: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None, **fields: Any
) -> Incoming:
    """Return a request of another system.

    Args:
        body: Its raw body.
        headers: Its header fields; their names are written small.
        query: Its address' query.
        fields: Other fields of `Incoming`.
    """
    small = {name.lower(): value for name, value in (headers or {}).items()}
    return Incoming(**{"body": body, "received_at": START, "headers": small, "query": dict(query or {}), **fields})
