"""Gateways that settings describe: what is sent, how refusals are read, what comes in."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from feedbackhub import (
    DeliveryFailure,
    Identifier,
    Incoming,
    NotGenuine,
    PermanentFailure,
    Refused,
    Returned,
    Suppressed,
    TemporaryFailure,
)
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.settings import HttpSettings
from feedbackhub_plugins.sms import Settings, SmsChannel
from tests.mail.messages import message
from tests.sms.gateway import Gateway

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TO = Identifier("phone", "+6281234567890")
ASK = message(to=TO, short=("How {text} was it? https://x.example/s/1",), link="https://x.example/s/1")
INCOMING = {"secret": "a long shared secret"}


def channel(gateway: Gateway, section: dict[str, Any] | None = None, **generic: Any) -> SmsChannel:
    """Return a channel to a gateway described by settings."""
    described = {"url": f"{gateway.url}/send", **generic}
    given = {"preset": "generic", "sender": "Acme", **(section or {}), "generic": described}
    http = Http(HttpSettings(allow=(gateway.url.removeprefix("http://"),)))
    return SmsChannel(Settings.model_validate(given), http, "https://feedback.example.org/", logging.getLogger("t"))


def test_fields_are_filled_in_wherever_they_stand_and_words_in_braces_stay(gateway: Gateway) -> None:
    gateway.say.append((200, {"messages": [{"id": "m-7", "status": 0}]}, {}))
    sms = channel(
        gateway, headers={"X-Api-Key": "abc"}, id="messages.0.id", code="messages.0.status", accepted=[0],
        body={"messages": [{"to": "{number}", "text": "{text}"}], "from": "{sender}", "dlr": "{callback}",
              "ref": "{id}"},
    )  # fmt: skip
    receipt = sms.deliver(ASK)
    (_, _, headers), body = gateway.requests[0], gateway.bodies[0]
    assert (receipt.id, headers["x-api-key"]) == ("m-7", "abc")
    assert body == {
        "messages": [{"to": "6281234567890", "text": "How {text} was it? https://x.example/s/1"}],
        "from": "Acme",
        "dlr": f"https://feedback.example.org/in/sms?m={ASK.id}",
        "ref": ASK.id,
    }


def test_a_gateway_by_get_takes_its_fields_in_the_query_and_answers_in_plain_text(gateway: Gateway) -> None:
    gateway.say.append((200, "12345", {}))
    sms = channel(
        gateway, method="GET", format="query", body={"to": "{to}", "msg": "{text}"}, username="u", password="p", id="id"
    )
    receipt = sms.deliver(ASK)
    assert gateway.requests[0][1] == {"to": TO.value, "msg": ASK.short[0]}
    assert (receipt.id, gateway.requests[0][2]["authorization"]) == ("12345", "Basic dTpw")


@pytest.mark.parametrize(
    ("status", "body", "error", "dead"),
    [
        (200, {"code": "E7"}, Suppressed, False),
        (200, {"code": "E1"}, PermanentFailure, True),
        (200, {"code": "E2"}, PermanentFailure, False),
        (200, {"code": "E9"}, TemporaryFailure, False),
        (200, {"code": "what?"}, TemporaryFailure, False),
        (402, {}, TemporaryFailure, False),
        (400, {}, PermanentFailure, False),
        (401, {}, TemporaryFailure, False),
        (404, {}, TemporaryFailure, False),
        (429, {}, TemporaryFailure, False),
        (500, "<html>", TemporaryFailure, False),
    ],
)
def test_codes_and_statuses_mean_what_the_settings_say(
    gateway: Gateway, status: int, body: Any, error: type[DeliveryFailure], dead: bool
) -> None:
    gateway.say.append((status, body, {}))
    sms = channel(
        gateway, code="code", accepted=["0"], suppress=["E7"], dead=["E1"], permanent=["E2"], temporary=["E9", "402"]
    )
    with pytest.raises(error) as raised:
        sms.deliver(ASK)
    assert getattr(raised.value, "address_is_dead", False) is dead


def test_senders_are_chosen_by_brand_and_country(gateway: Gateway) -> None:
    senders = [
        {"sender": "+14155550100", "country": "US"}, {"sender": "AcmeID", "country": "ID", "brand": "other"},
        {"sender": "AcmeAsia", "country": "ID"},
    ]  # fmt: skip
    sms = channel(gateway, {"senders": senders})
    for number in (TO.value, "+14155552671", "+4915112345678"):
        gateway.say.append((200, {"id": "1"}, {}))
        sms.deliver(message(to=Identifier("phone", number), short=ASK.short))
    assert [body["from"] for body in gateway.bodies] == ["AcmeAsia", "+14155550100", "Acme"]


def test_a_test_goes_to_the_number_for_tests_or_nowhere(gateway: Gateway) -> None:
    test = message(to=Identifier("email", "tests@example.org"), test=True, short=ASK.short)
    with pytest.raises(PermanentFailure, match="test_number"):
        channel(gateway).deliver(test)
    gateway.say.append((200, {"id": "1"}, {}))
    channel(gateway, {"test_number": "+14155550199"}).deliver(test)
    assert gateway.bodies[0]["to"] == "+14155550199"


def test_what_comes_in_is_read_by_its_paths(gateway: Gateway) -> None:
    sms = channel(
        gateway,
        incoming={**INCOMING, "items": "results", "sender": "from.number", "text": "body", "id": "id",
                  "status": "state", "receipt": "ref", "code": "why",
                  "dead": ["unknown-subscriber"], "suppress": ["blacklisted"]},
    )  # fmt: skip
    body = b"""{"results": [
        {"id": "in-1", "from": {"number": "081234567890"}, "body": "4 makasih"},
        {"id": "in-2", "from": {"number": "+6281234567890"}, "body": "Berhenti"},
        {"ref": "m-7", "state": "DELIVERED"}, {"ref": "m-8", "state": "failed"}, {"ref": "m-9", "state": "sent"},
        {"ref": "m-10", "state": "failed", "why": "unknown-subscriber"},
        {"ref": "m-11", "state": "failed", "why": "blacklisted"}]}"""
    found = list(sms.receive(Incoming(body, NOW)))
    assert [(item.kind, item.key, item.receipt) for item in found] == [
        ("answer", "in-1", ""), ("opt_out", "in-2", ""), ("delivered", "m-7:DELIVERED", "m-7"),
        ("soft_bounce", "m-8:failed", "m-8"), ("bounce", "m-10:failed", "m-10"), ("opt_out", "m-11:failed", "m-11"),
    ]  # fmt: skip
    assert (found[0].address, found[0].detail) == (Identifier("phone", "081234567890"), "4 makasih")


def test_a_form_is_read_as_well_and_one_without_a_number_waits_for_a_person(gateway: Gateway) -> None:
    sms = channel(gateway, incoming=INCOMING)
    (item,) = sms.receive(Incoming(urlencode({"from": "+6281234567890", "text": "5"}).encode(), NOW))
    assert (item.kind, item.address) == ("answer", TO)
    with pytest.raises(Refused, match="holds no number"):
        sms.receive(Incoming(b"hello=1", NOW))


@pytest.mark.parametrize(
    ("incoming", "headers", "query"),
    [
        ({}, {"x-webhook-secret": INCOMING["secret"]}, {}),
        ({"secret_header": "Authorization"}, {"authorization": f"Bearer {INCOMING['secret']}"}, {}),
        ({"secret_header": "Authorization"}, {"authorization": "Basic Z3c6YSBsb25nIHNoYXJlZCBzZWNyZXQ="}, {}),
        ({"secret_field": "key"}, {}, {"key": INCOMING["secret"]}),
    ],
)
def test_the_shared_secret_is_taken_where_the_gateway_can_put_it(
    gateway: Gateway, incoming: dict[str, str], headers: dict[str, str], query: dict[str, str]
) -> None:
    sms = channel(gateway, incoming={**INCOMING, **incoming})
    sms.verify(Incoming(b"", NOW, headers, query))
    for bad in (Incoming(b"", NOW), Incoming(b"", NOW, {name: value + "x" for name, value in headers.items()})):
        with pytest.raises(NotGenuine):
            sms.verify(bad)


def test_nothing_may_come_in_where_nothing_is_expected(gateway: Gateway) -> None:
    sms = channel(gateway)
    assert sms.takes_answers is False
    with pytest.raises(NotGenuine):
        sms.verify(Incoming(b"", NOW, {"x-webhook-secret": ""}))


def test_words_without_an_id_are_new_each_time_but_a_repeated_receipt_is_not(gateway: Gateway) -> None:
    sms = channel(gateway, incoming=INCOMING)
    words = Incoming(urlencode({"from": TO.value, "text": "5"}).encode(), NOW)
    receipt = Incoming(urlencode({"message_id": "m-1", "status": "delivered"}).encode(), NOW)
    assert sms.delivery_id(words) == ""
    assert len(sms.delivery_id(receipt)) == 64


def test_a_receipt_at_the_address_given_with_the_message_names_it(gateway: Gateway) -> None:
    sms = channel(gateway, incoming={**INCOMING, "secret_field": "key"})
    body = urlencode({"message_id": "m-1", "status": "delivered"}).encode()
    (item,) = sms.receive(Incoming(body, NOW, {}, {"m": "abc@feedback.example.org"}))
    assert item.message_id == "abc@feedback.example.org"
    assert (sms.keeps_query, channel(gateway).keeps_query) == (["from", "m", "message_id", "status", "text"], ())
    assert sms.setup().verified == "a shared secret in the parameter key of the address"


def test_an_unread_item_is_a_returned_of_the_contract(gateway: Gateway) -> None:
    sms = channel(gateway, incoming=INCOMING)
    (item,) = sms.receive(Incoming(urlencode({"message_id": "m-1", "status": "delivered"}).encode(), NOW))
    assert item == Returned("delivered", "m-1:delivered", "", None, "delivered", receipt="m-1")
