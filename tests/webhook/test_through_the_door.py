"""From the other system's request to the contact that is asked about."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from feedbackhub.office.requests import retry
from feedbackhub.store import tables
from feedbackhub.testing import Instance, Peer

from . import bodies
from .conftest import MakeInstance, source_of

SECRET = "s3cret"


def send(here: Instance, name: str, body: Any, **headers: str) -> TestResponse:
    """Send a request as the other system would."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {field.replace("_", "-"): value for field, value in headers.items()}
    return here.browser().post(f"/in/{name}", data=raw, content_type="application/json", headers=named)


def signed(body: Any) -> dict[str, str]:
    """Return Intercom's signature."""
    return {"X_Hub_Signature": "sha1=" + hmac.new(SECRET.encode(), json.dumps(body).encode(), "sha1").hexdigest()}


def contacts(here: Instance) -> list[Any]:
    """Return all contacts that were recorded."""
    with here.core.store.read() as connection:
        return list(connection.execute(select(tables.contact).order_by(tables.contact.c.id)))


def waiting(here: Instance) -> Any:
    """Return the newest request of the inbox."""
    with here.core.store.read() as connection:
        return connection.execute(select(tables.inbound).order_by(tables.inbound.c.id.desc())).first()


def test_a_closed_conversation_is_asked_about(instance: MakeInstance, peer: Peer) -> None:
    peer.answers("GET", "/contacts/5c0ffee5", {"email": "nadia@example.com", "name": "Nadia Putri"})
    source = {"preset": "intercom", "address": peer.url, "credentials": {"token": "t"}, "verify": {"secret": SECRET}}
    here = instance(intercom=source)
    body = bodies.intercom_ticket()
    assert send(here, "intercom", body, **signed(body)).status_code == 202
    here.run()
    [found] = contacts(here)
    assert (found.source, found.external_id, found.channel) == ("intercom", "9000002", "chat")
    assert waiting(here).state == "done"


def test_a_request_that_is_not_signed_leaves_nothing(instance: MakeInstance) -> None:
    here = instance(intercom={"preset": "intercom", "verify": {"secret": SECRET}})
    body = bodies.intercom_old()
    assert send(here, "intercom", body).status_code == 401
    assert send(here, "intercom", body, X_Hub_Signature="sha1=" + hashlib.sha1(b"").hexdigest()).status_code == 401
    assert waiting(here) is None


def test_the_same_delivery_twice_counts_once(instance: MakeInstance) -> None:
    here = instance(desk={"preset": "zendesk", "verify": {"scheme": "header", "secret": SECRET}})
    for _ in range(2):
        sent = send(here, "desk", bodies.zendesk_trigger(), X_Webhook_Secret=SECRET,
                    X_Zendesk_Webhook_Invocation_Id="01ABC")
        assert sent.status_code == 202
    here.run()
    assert len(contacts(here)) == 1
    with here.core.store.read() as connection:
        assert len(connection.execute(select(tables.inbound)).all()) == 1


def test_a_body_that_cannot_be_read_waits_and_is_read_once_the_mapping_is_mended(instance: MakeInstance) -> None:
    verify = {"scheme": "header", "secret": SECRET}
    body = {"number": 7, "closed": "01.03.2026 12:00", "mail": "nadia@example.com"}
    paths = {"external_id": "number", "customer.email": "mail", "ended_at": "closed"}
    here = instance(desk={"paths": paths, "verify": verify})
    assert send(here, "desk", body, X_Webhook_Secret=SECRET).status_code == 202
    here.run()
    row = waiting(here)
    assert (row.state, [each["field"] for each in row.problems]) == ("failed", ["ended_at"])
    mended = instance(desk={"paths": paths, "verify": verify, "dates": {"formats": ["%d.%m.%Y %H:%M"]}})
    retry(mended.core, row.public_id, "tests")
    mended.run()
    assert waiting(mended).state == "done"
    [found] = contacts(mended)
    assert (found.external_id, found.ended_at.isoformat()) == ("7", "2026-03-01T12:00:00+00:00")


def test_broken_json_waits_and_is_read_once_the_template_is_told(instance: MakeInstance) -> None:
    verify = {"scheme": "header", "secret": SECRET}
    paths = {"external_id": "id", "customer.email": "mail", "topic": "title"}
    raw = b'{"id": "7", "title": "He said "hello", twice", "mail": "nadia@example.com"}'
    here = instance(desk={"paths": paths, "verify": verify})
    send(here, "desk", raw, X_Webhook_Secret=SECRET)
    here.run()
    row = waiting(here)
    assert row.state == "failed"
    assert row.problems[0]["reason"].startswith('the JSON breaks at line 1, column 32, after the key "title"')
    template = '{"id": "{{ticket.id}}", "title": "{{ticket.title}}", "mail": "{{ticket.requester.email}}"}'
    mended = instance(desk={"paths": paths, "verify": verify, "template": template})
    retry(mended.core, row.public_id, "tests")
    mended.run()
    assert [each.topic for each in contacts(mended)] == ['He said "hello", twice']


def test_a_contact_whose_customer_is_unknown_waits_for_the_token(instance: MakeInstance, peer: Peer) -> None:
    peer.answers("GET", "/contacts/5c0ffee5", {"email": "nadia@example.com"})
    source: dict[str, Any] = {"preset": "intercom", "address": peer.url, "verify": {"secret": SECRET}}
    here, body = instance(desk=source), bodies.intercom_ticket()
    send(here, "desk", body, **signed(body))
    here.run()
    row = waiting(here)
    assert "set plugins.webhook.sources.desk.credentials.token" in row.problems[0]["reason"]
    mended = instance(desk={**source, "credentials": {"token": "t"}})
    retry(mended.core, row.public_id, "tests")
    mended.run()
    assert len(contacts(mended)) == 1


def test_a_reopened_ticket_ends_again_as_another_resolution(instance: MakeInstance) -> None:
    here = instance(desk={"preset": "zendesk", "verify": {"scheme": "header", "secret": SECRET}})
    for status, at in (("Solved", "2026-03-01T12:00Z"), ("Open", "2026-03-01T13:00Z"), ("Solved", "2026-03-01T14:00Z")):
        send(here, "desk", bodies.zendesk_trigger(status=status, updated_at=at), X_Webhook_Secret=SECRET)
        here.run()
    assert [each.resolution for each in contacts(here)] == [1, 2]


def test_a_preset_that_is_not_configured_cannot_be_called(instance: MakeInstance) -> None:
    here = instance()
    assert send(here, "preset-zendesk", bodies.zendesk_trigger()).status_code == 404


def test_an_administrator_reads_what_to_paste(instance: MakeInstance) -> None:
    here = instance(fd={"preset": "freshdesk"}, zd={"preset": "zendesk"}, cw={"preset": "chatwoot", "verify": "query"})
    desk = source_of(here, "fd").setup("en")
    assert desk.verified == "User name feedbackhub and a password (HTTP Basic)."
    assert [len(each.get_secret_value()) for each in desk.secrets.values()] == [32]
    assert "https://feedback.example.com/in/fd" in " ".join(desk.steps)
    assert '"ticket_id": "{{ticket.id}}"' in desk.template
    assert source_of(here, "zd").setup("en").verified == (
        "HMAC-SHA256 of {timestamp}{body} in the header field x-zendesk-webhook-signature. No secret is set, so every "
        "request is refused: set plugins.webhook.sources.zd.verify.secret."
    )
    [address] = source_of(here, "cw").setup("id").secrets.values()
    assert address.get_secret_value().startswith("https://feedback.example.com/in/cw?key=")


def test_a_sender_that_shows_the_answer_is_told_where_the_card_is(instance: MakeInstance) -> None:
    reply = '{"canvas": {"url": "https://feedback.example.com/desk/open?source=intercom&customer={customer.id}"}}'
    source = {
        "verify": {"scheme": "header", "secret": SECRET}, "reply": reply, "ended": [{"path": "ended"}],
        "paths": {"external_id": "conversation.id", "customer.id": "contact.id"},
    }  # fmt: skip
    here = instance(card=source)
    answer = send(here, "card", {"contact": {"id": 'a"b'}, "conversation": {"id": "1"}}, X_Webhook_Secret=SECRET)
    assert answer.json == {"canvas": {"url": "https://feedback.example.com/desk/open?source=intercom&customer=a%22b"}}
    assert send(here, "card", {"contact": {}}, X_Webhook_Secret=SECRET).status_code == 202
    here.run()
    assert contacts(here) == []


def test_the_helpdesks_own_customer_id_leads_staff_to_the_card(instance: MakeInstance) -> None:
    here = instance(zendesk={"preset": "zendesk", "verify": {"scheme": "header", "secret": SECRET}})
    send(here, "zendesk", bodies.zendesk_trigger(), X_Webhook_Secret=SECRET)
    here.run()
    address = "/desk/open?source=zendesk&customer=77001"
    assert here.browser().get(address, headers={"Sec-Fetch-Dest": "document"}).location.startswith("/sign-in")
    opened = here.browser("agent").get(address, headers={"Sec-Fetch-Dest": "document"}, follow_redirects=True)
    assert (opened.status_code, "Nadia Putri" in opened.text) == (200, True)
