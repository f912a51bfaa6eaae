"""How the helpdesks take a private note; what their public API documentation says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["PRESETS", "Preset"]


@dataclass(frozen=True, slots=True)
class Preset:
    """One call that adds a private note to a ticket.

    Args:
        title: The helpdesk's name.
        method: HTTP method.
        path: Path below the credentials' address.
        body: The JSON.
        headers: Further header fields.
    """

    title: str
    method: str
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = {
    "zendesk": Preset(
        "Zendesk", "PUT", "/api/v2/tickets/{ticket}", {"ticket": {"comment": {"body": "{note}", "public": False}}}
    ),
    "freshdesk": Preset(
        "Freshdesk", "POST", "/api/v2/tickets/{ticket}/notes", {"body": "{note_html}", "private": True}
    ),
    "intercom": Preset(
        "Intercom",
        "POST",
        "/conversations/{ticket}/reply",
        {"message_type": "note", "type": "admin", "admin_id": "{values.admin_id}", "body": "{note_html}"},
        {"Intercom-Version": "2.11"},
    ),
    "chatwoot": Preset(
        "Chatwoot",
        "POST",
        "/api/v1/accounts/{values.account_id}/conversations/{ticket}/messages",
        {"content": "{note}", "message_type": "outgoing", "private": True},
    ),
    "zammad": Preset(
        "Zammad",
        "POST",
        "/api/v1/ticket_articles",
        {
            "ticket_id": "{ticket}",
            "body": "{note}",
            "content_type": "text/plain",
            "type": "note",
            "internal": True,
        },
    ),
    "help_scout": Preset("Help Scout", "POST", "/v2/conversations/{ticket}/notes", {"text": "{note_html}"}),
}
