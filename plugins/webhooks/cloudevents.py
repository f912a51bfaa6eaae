"""An event as its receiver reads it: CloudEvents 1.0 in structured JSON, filled at the moment of sending."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from feedbackhub import Event, Hub, NotFound, Response

from .ids import event_id
from .log import subject_of

__all__ = ["MEDIA_TYPE", "cloud_event", "written"]

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
#: Events that tell of an answer are filled with the answer.
ANSWER = "response."


def cloud_event(hub: Hub, event: Event, include: Collection[str]) -> dict[str, Any]:
    """Return an event for an endpoint.

    Ids and dimensions are those of the event; an answer's rating and whatever `include` names are read now, so that
    what was erased or changed meanwhile does not leave.

    Args:
        hub: The plugin's hub.
        event: The event.
        include: Keys of `catalogue.INCLUDES`.
    """
    data = dict(event.payload)
    if event.type.startswith(ANSWER):
        data |= _answer(hub, str(data.get("response", "")), include)
    if "ticket" in include:
        data |= _ticket(hub, str(data.get("contact", "")))
    if "customer" in include and isinstance(data.get("customer"), str):
        data |= _customer(hub, str(data["customer"]))
    found: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id(hub.secret, event.position),
        "source": hub.public_url,
        "type": event.type,
        "time": event.at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
    }
    kind, subject = event.type.partition(".")[0], subject_of(event)
    if subject:
        found["subject"] = f"{kind}/{subject}" if subject == data.get(kind) else subject
    if isinstance(data.get("invitation"), str):
        found["invitationid"] = data["invitation"]
    return {**found, "data": data}


def written(body: Mapping[str, Any]) -> bytes:
    """Return the bytes that are signed and sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(hub: Hub, id_: str, include: Collection[str]) -> dict[str, Any]:
    try:
        found: Response = hub.read.response(id_)
    except NotFound:
        return {}
    data: dict[str, Any] = {
        "rating": found.rating,
        "score": found.score,
        "low": found.low,
        "counted": found.counted,
        "settled": found.settled,
        "language": found.language,
        "answered_at": found.answered_at.isoformat(),
        "changed_at": found.changed_at.isoformat(),
    }
    if "comment" in include:
        data["comment"] = found.comment
    if "answers" in include:
        data["answers"] = [
            {"question": each.question, "type": each.type, "value": each.value, "score": each.score}
            for each in found.answers
        ]
    return data


def _ticket(hub: Hub, id_: str) -> dict[str, Any]:
    try:
        found = hub.read.contact(id_)
    except NotFound:
        return {}
    return {"ticket": {"source": found.source, "id": found.external_id, "url": found.url}}


def _customer(hub: Hub, id_: str) -> dict[str, Any]:
    try:
        found = hub.read.customer(id_)
    except NotFound:
        return {}
    identifiers = [{"kind": each.kind, "value": each.value} for each in found.identifiers]
    return {"person": {"name": found.name, "identifiers": identifiers}}
