"""What a body lacks is asked of the other system, and nothing that a body says can choose whom we ask."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import ContactEvent, PermanentFailure, Refused, TemporaryFailure
from feedbackhub.testing import Peer
from feedbackhub_plugins.webhook.placeholders import filled

from . import bodies
from .conftest import MakeInstance, contact, request, source_of, told

CONTACT = {
    "id": "5c0ffee5", "email": "nadia@example.com", "name": "Nadia Putri", "language_override": "id",
    "location": {"country_code": "ID"},
}  # fmt: skip


def enriched(instance: MakeInstance, body: Any, name: str = "desk", **source: Any) -> ContactEvent:
    """Return the contact that a body tells of, with what was looked up."""
    found = source_of(instance(**{name: source}), name)
    incoming = request(body)
    return found.enrich(contact(list(found.parse(incoming))), incoming)


def test_intercom_tells_who_the_customer_is(instance: MakeInstance, peer: Peer) -> None:
    peer.answers("GET", "/contacts/5c0ffee5", CONTACT)
    peer.answers("GET", "/admins/501", {"id": "501", "name": "Tom Reyes"})
    event = enriched(
        instance, bodies.intercom_ticket(), preset="intercom", address=peer.url, credentials={"token": "t0ken"}
    )
    assert told(event)["customer"] == {
        "email": "nadia@example.com", "ids": {"desk": "5c0ffee5"}, "name": "Nadia Putri", "language": "id",
        "country": "ID",
    }  # fmt: skip
    assert told(event)["agent"] == {"id": "501", "name": "Tom Reyes"}
    assert {each.headers["authorization"] for each in peer.seen} == {"Bearer t0ken"}


def test_nothing_is_asked_that_the_body_tells(instance: MakeInstance, peer: Peer) -> None:
    body = bodies.intercom_old()
    event = enriched(instance, body, preset="intercom", address=peer.url, credentials={"token": "t0ken"})
    assert (event.customer and event.customer.email, peer.seen) == ("nadia@example.com", [])


def test_zendesk_tells_requester_assignee_and_group(instance: MakeInstance, peer: Peer) -> None:
    nadia = {
        "id": 77001, "email": "nadia@example.com", "name": "Nadia Putri", "phone": None, "locale": "en-US",
        "iana_time_zone": "Asia/Jakarta",
    }  # fmt: skip
    peer.answers("GET", "/api/v2/users/77001.json", {"user": nadia})
    peer.answers("GET", "/api/v2/users/88002.json", {"user": {"id": 88002, "name": "Tom Reyes"}})
    peer.answers("GET", "/api/v2/groups/66003.json", {"group": {"name": "Billing"}})
    login = {"user": "ops@example.com/token", "password": "key"}
    event = enriched(instance, bodies.zendesk_event(), preset="zendesk", address=peer.url, credentials=login)
    assert told(event)["customer"] == {
        "email": "nadia@example.com", "ids": {"desk": "77001"}, "name": "Nadia Putri", "language": "en-US",
        "timezone": "Asia/Jakarta",
    }  # fmt: skip
    assert (event.agent and event.agent.name, event.team) == ("Tom Reyes", "Billing")
    expected = "Basic " + base64.b64encode(b"ops@example.com/token:key").decode()
    assert {each.headers["authorization"] for each in peer.seen} == {expected}


def test_help_scout_is_asked_with_a_token_that_is_fetched_once(instance: MakeInstance, peer: Peer) -> None:
    peer.answers("POST", "/v2/oauth2/token", {"access_token": "made", "expires_in": 7200})
    emails = {"_embedded": {"emails": [{"value": "nadia@example.com"}]}, "firstName": "Nadia", "lastName": "Putri"}
    peer.answers("GET", "/v2/customers/31", emails)
    peer.answers("GET", "/v2/users/12", {"firstName": "Tom", "lastName": "Reyes"})
    peer.answers("GET", "/v2/mailboxes/2", {"name": "Billing"})
    login = {"user": "app", "password": "s3cret", "token_url": f"{peer.url}/v2/oauth2/token"}
    event = enriched(instance, bodies.help_scout_2(), preset="help_scout", address=peer.url, credentials=login)
    assert told(event)["customer"] == {"email": "nadia@example.com", "ids": {"desk": "31"}, "name": "Nadia Putri"}
    assert (event.agent and event.agent.name, event.team) == ("Tom Reyes", "Billing")
    assert [each.path for each in peer.seen].count("/v2/oauth2/token") == 1
    assert peer.seen[0].form == {"grant_type": "client_credentials", "client_id": "app", "client_secret": "s3cret"}
    assert {each.headers["authorization"] for each in peer.seen[1:]} == {"Bearer made"}


def test_chatwoot_is_asked_with_its_own_header(instance: MakeInstance, peer: Peer) -> None:
    body = bodies.chatwoot()
    del body["meta"]["sender"]["email"]
    peer.answers("GET", "/api/v1/accounts/4/contacts/31", {"payload": {"email": "nadia@example.com"}})
    event = enriched(instance, body, preset="chatwoot", address=peer.url, credentials={"token": "t0ken"})
    assert event.customer and event.customer.email == "nadia@example.com"
    assert peer.seen[0].headers["api_access_token"] == "t0ken"


def test_freshdesk_tells_its_own_id_of_the_customer(instance: MakeInstance, peer: Peer) -> None:
    peer.answers("GET", "/api/v2/tickets/311", {"requester_id": 41, "stats": {"resolved_at": "2026-03-01T12:00:00Z"}})
    login = {"user": "key", "password": "X"}
    event = enriched(instance, bodies.freshdesk(), preset="freshdesk", address=peer.url, credentials=login)
    assert event.customer and event.customer.ids == {"desk": "41"}
    assert told(event)["ended_at"] == "2026-03-01T12:00:00Z"


def test_freshdesk_does_without_when_nothing_is_set(instance: MakeInstance, peer: Peer) -> None:
    assert enriched(instance, bodies.freshdesk(), preset="freshdesk").external_id == "311"


def test_what_the_other_system_does_not_know_is_done_without(instance: MakeInstance, peer: Peer) -> None:
    event = enriched(
        instance, bodies.intercom_ticket(), preset="intercom", address=peer.url, credentials={"token": "t0ken"}
    )
    assert told(event)["customer"] == {"ids": {"desk": "5c0ffee5"}}


@pytest.mark.parametrize(("status", "failure", "said"), [
    (401, PermanentFailure, r"refused the look-up \(401\); check plugins.webhook.sources.desk.credentials"),
    (403, PermanentFailure, r"refused the look-up \(403\)"),
    (400, PermanentFailure, "answered with 400"),
    (302, PermanentFailure, "answered with 302"),
    (429, TemporaryFailure, "answered with 429"),
    (503, TemporaryFailure, "answered with 503"),
])
def test_other_answers_wait_for_time_or_for_a_person(
    instance: MakeInstance, peer: Peer, status: int, failure: type[Exception], said: str
) -> None:
    peer.answers("GET", "*", b"", status, {"Retry-After": "30"})
    with pytest.raises(failure, match=said) as raised:
        enriched(instance, bodies.intercom_ticket(), preset="intercom", address=peer.url, credentials={"token": "t"})
    if isinstance(raised.value, TemporaryFailure):
        assert raised.value.retry_after is not None
        assert raised.value.retry_after.total_seconds() == 30


def test_an_answer_that_is_no_json_or_does_not_fit_says_so(instance: MakeInstance, peer: Peer) -> None:
    source = {"preset": "intercom", "address": peer.url, "credentials": {"token": "t"}}
    peer.answers("GET", "*", b"<html>")
    with pytest.raises(PermanentFailure, match="no JSON"):
        enriched(instance, bodies.intercom_ticket(), **source)
    peer.answers("GET", "*", {"email": {"address": "x"}})
    with pytest.raises(Refused, match=r"customer.email: is an object; name one of its fields: address \(at email in"):
        enriched(instance, bodies.intercom_ticket(), **source)


def test_a_contact_whose_customer_cannot_be_found_waits_for_the_option(instance: MakeInstance) -> None:
    with pytest.raises(PermanentFailure) as raised:
        enriched(instance, bodies.intercom_ticket(), preset="intercom")
    assert raised.value.reason == (
        "the body does not tell customer.email; to look it up, set plugins.webhook.sources.desk.credentials.token"
    )


def test_a_silent_system_is_asked_again_later(instance: MakeInstance, peer: Peer) -> None:
    gone = peer.url
    peer.close()
    try:
        with pytest.raises(TemporaryFailure):
            enriched(instance, bodies.intercom_ticket(), preset="intercom", address=gone, credentials={"token": "t"})
    finally:
        Peer.__init__(peer)


@given(st.text(), st.text())
def test_no_value_leaves_its_place_in_an_address(one: str, other: str) -> None:
    url = filled("{address}/users/{a}/of/{b}?x={a}", "https://desk.example.com", {"a": one, "b": other})
    if url:
        host, users, first, of, rest = url.removeprefix("https://").split("/")
        second, _, query = rest.partition("?")
        assert (host, users, of, query) == ("desk.example.com", "users", "of", f"x={first}")
        assert first.strip(".") and second.strip(".")
