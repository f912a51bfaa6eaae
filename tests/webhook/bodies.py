"""Bodies as helpdesks send them; the shapes are theirs, everybody in them is invented."""

from __future__ import annotations

from typing import Any

NOON = 1_772_366_400  # 2026-03-01 12:00 UTC, the day before the tests' clock stands


def zendesk_trigger(**changed: str) -> dict[str, str]:
    """What our template for triggers becomes."""
    return {
        "ticket_id": "5021",
        "status": "Solved",
        "requester_id": "77001",
        "requester_email": "nadia@example.com",
        "requester_phone": "",
        "requester_language": "Bahasa Indonesia",
        "assignee_id": "88002",
        "assignee_name": "Tom Reyes",
        "group": "Billing",
        "brand": "Acme",
        "via": "Mail",
        "ticket_type": "Question",
        "tags": "refund vip",
        "created_at": "2026-03-01T09:00Z",
        "updated_at": "2026-03-01T12:00Z",
        "requester_name": "Nadia Putri",
        **changed,
    }


def zendesk_event(status: str = "SOLVED") -> dict[str, Any]:
    """A subscription to ticket events: ids only."""
    return {
        "type": "zen:event-type:ticket.status_changed",
        "account_id": 9,
        "id": "0d5a1f0e-1111-4222-8333-944455556666",
        "time": "2026-03-01T12:00:00Z",
        "zendesk_event_version": "2022-06-20",
        "subject": "zen:ticket:5022",
        "detail": {
            "assignee_id": "88002",
            "created_at": "2026-03-01T09:00:00Z",
            "group_id": "66003",
            "id": "5022",
            "requester_id": "77001",
            "status": status,
            "tags": ["refund"],
            "type": "QUESTION",
            "via": {"channel": "email"},
        },
        "event": {"current": status, "previous": "OPEN"},
    }


def freshdesk(**changed: str) -> dict[str, Any]:
    """A rule's webhook in the mode "Simple": wrapped, and what triggered it is no JSON."""
    fields = {
        "triggered_event": "{status:{from:2,to:4}}",
        "ticket_id": "311",
        "ticket_url": "https://acme.freshdesk.com/a/tickets/311",
        "ticket_type": "Question",
        "ticket_source": "Phone",
        "ticket_status": "Resolved",
        "ticket_tags": "refund, vip",
        "agent_email": "tom@example.com",
        "agent_name": "Tom Reyes",
        "requester_name": "Nadia Putri",
        "requester_email": "nadia@example.com",
    }
    return {"freshdesk_webhook": {**fields, **changed}}


def intercom_old(topic: str = "conversation.admin.closed", email: str = "nadia@example.com") -> dict[str, Any]:
    """A notification of an API version before 2.0: the customer is in it."""
    item = {
        "type": "conversation",
        "id": "9000001",
        "created_at": NOON - 3600,
        "updated_at": NOON,
        "user": {"type": "user", "id": "5c0ffee5", "user_id": "shop-42", "name": "Nadia Putri", "email": email},
        "assignee": {"type": "admin", "id": "501", "name": "Tom Reyes", "email": "tom@example.com"},
        "conversation_message": {"author": {"type": "user", "id": "5c0ffee5"}, "subject": ""},
        "conversation_parts": {
            "conversation_parts": [
                {"part_type": "comment", "created_at": NOON - 60, "author": {"type": "user", "id": "5c0ffee5"}},
                {"part_type": "close", "created_at": NOON, "author": {"type": "admin", "id": "501"}},
            ]
        },
        "conversation_rating": {},
        "open": False,
        "state": "closed",
        "tags": {"type": "tag.list", "tags": [{"id": "1", "name": "refund"}]},
        "links": {"conversation_web": "https://app.intercom.com/a/apps/abc/conversations/9000001"},
    }
    return {"type": "notification_event", "app_id": "abc", "id": "notif_1", "topic": topic, "data": {"item": item}}


def intercom_ticket() -> dict[str, Any]:
    """A notification of a newer API version: the customer is an id."""
    item = {
        "type": "ticket",
        "id": "9000002",
        "ticket_state": {"category": "resolved"},
        "ticket_type": {"name": "Complaints"},
        "contacts": {"type": "contact.list", "contacts": [{"id": "5c0ffee5", "role": "user"}]},
        "admin_assignee_id": "501",
        "team_assignee_id": "0",
        "created_at": NOON - 3600,
        "updated_at": NOON + 5,
        "ticket_parts": {
            "ticket_parts": [
                {"part_type": "assignment", "created_at": NOON - 60, "author": {"type": "bot", "id": "1"}},
                {"part_type": "close", "created_at": NOON, "author": {"type": "admin", "id": "501"}},
            ]
        },
    }
    data = {"item": item}
    return {"type": "notification_event", "app_id": "abc", "id": "notif_2", "topic": "ticket.closed", "data": data}


def chatwoot(status: str = "resolved", assignee: dict[str, Any] | None = None) -> dict[str, Any]:
    """A change of a conversation's status."""
    sender = {"id": 31, "name": "Nadia Putri", "email": "nadia@example.com", "phone_number": "+14155550101"}
    return {
        "event": "conversation_status_changed",
        "account": {"id": 4, "name": "Acme"},
        "channel": "Channel::WebWidget",
        "id": 640,
        "inbox_id": 2,
        "labels": ["refund"],
        "meta": {"sender": sender, "assignee": assignee, "team": {"id": 1, "name": "Billing"}},
        "status": status,
        "created_at": NOON - 3600,
        "timestamp": NOON - 1800,
        "updated_at": NOON + 0.25,
    }


def zammad(state: str = "closed", owner: int = 5) -> dict[str, Any]:
    """The default payload."""
    nobody = {"id": 1, "firstname": "-", "lastname": ""}
    tom = {"id": owner, "firstname": "Tom", "lastname": "Reyes", "email": "tom@example.com"}
    customer = {
        "id": 8, "firstname": "Nadia", "lastname": "Putri", "email": "nadia@example.com", "phone": "0031 20 555 0101",
    }  # fmt: skip
    return {
        "ticket": {
            "id": 81,
            "number": "10081",
            "state": state,
            "title": "Refund",
            "customer": customer,
            "owner": tom if owner > 1 else nobody,
            "group": {"id": 3, "name": "Billing"},
            "organization": {"name": "Example Ltd"},
            "create_article_type": "phone",
            "create_article_sender": "Customer",
            "created_at": "2026-03-01T11:00:00.000Z",
            "updated_at": "2026-03-01T12:00:00.000Z",
        },
        "article": {"id": 1, "body": "He said \"thanks\"", "type": "note"},
    }


def help_scout_1(status: str = "closed") -> dict[str, Any]:
    """A conversation with persons as objects."""
    tom = {"id": 12, "firstName": "Tom", "lastName": "Reyes", "email": "tom@example.com", "type": "user"}
    nadia = {"id": 31, "firstName": "Nadia", "lastName": "Putri", "email": "nadia@example.com", "type": "customer"}
    return {
        "id": 7001,
        "type": "email",
        "isDraft": "false",
        "number": 349,
        "owner": tom,
        "mailbox": {"id": 2, "name": "Billing"},
        "customer": {**nadia, "phone": "call me"},
        "status": status,
        "createdBy": nadia,
        "createdAt": "2026-03-01T11:00:00Z",
        "closedAt": "2026-03-01T12:00:00Z",
        "closedBy": tom,
        "tags": ["refund", "vip"],
    }


def help_scout_2() -> dict[str, Any]:
    """A conversation with ids."""
    return {
        "id": 7002,
        "number": 350,
        "type": "chat",
        "status": "closed",
        "mailboxId": 2,
        "createdBy": {"id": 31, "type": "customer"},
        "createdAt": "2026-03-01T11:00:00Z",
        "closedBy": 12,
        "closedAt": "2026-03-01T12:00:00Z",
        "tags": [{"id": 1, "color": "#fff", "tag": "refund"}],
        "primaryCustomer": {"id": 31},
        "customFields": [],
        "_links": {"web": {"href": "https://secure.helpscout.net/conversation/7002/350"}},
    }
