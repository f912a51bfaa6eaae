"""Twilio's signatures and calls, as its own library and documentation have them."""

from __future__ import annotations

import base64
import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import (
    DeliveryFailure,
    Identifier,
    Incoming,
    NotGenuine,
    PermanentFailure,
    Returned,
    Suppressed,
    TemporaryFailure,
)
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.settings import HttpSettings
from feedbackhub_plugins.sms import Settings, SmsChannel
from feedbackhub_plugins.sms.twilio import signature
from tests.mail.messages import message
from tests.sms.gateway import ACCOUNT, TOKEN, Gateway, error, form, signed

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
URL = "https://feedback.example.org/in/sms"
SID = "SM" + "1" * 32
NUMBER = Identifier("phone", "+14155552671")
# The public examples of Twilio's own library.
FIELDS = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "From": "+14158675309", "To": "+18005551212",
          "Caller": "+14158675309"}  # fmt: skip


def channel(**more: Any) -> SmsChannel:
    """Return a channel of the usual account."""
    twilio = {"account": ACCOUNT, "auth_token": TOKEN}
    section = {"preset": "twilio", "sender": "+15005550006", "twilio": twilio, **more}
    return SmsChannel(Settings.model_validate(section), Http(), "https://feedback.example.org/", logging.getLogger("t"))


def call(fields: dict[str, str], url: str = URL, **headers: str) -> Incoming:
    """Return a signed call."""
    given = {"x-twilio-signature": signed(TOKEN, url, fields), **headers}
    return Incoming(form(fields), NOW, given, dict(parse_qsl(urlsplit(url).query)), url)


def received(fields: dict[str, str], url: str = URL, **more: Any) -> list[Returned]:
    """Return what a call is understood as, without the raw bytes."""
    items = channel(**more).receive(call({"AccountSid": ACCOUNT, "MessageSid": SID, **fields}, url))
    return [replace(item, raw=b"") for item in items]


@pytest.mark.parametrize(
    ("url", "fields", "wanted"),
    [
        ("https://mycompany.com/myapp.php?foo=1&bar=2", FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", FIELDS, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", FIELDS, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            {"Sid": "CA123", "SidAccount": "AC123", "Digits": ["5678", "1234", "1234"]},
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)
def test_signatures_are_those_of_twilios_library(url: str, fields: dict[str, Any], wanted: str) -> None:
    lists = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    assert signature("12345", url, lists) == wanted


def test_a_signed_call_is_genuine_with_and_without_the_usual_port() -> None:
    fields = {"AccountSid": ACCOUNT, "Body": "नमस्ते & 5", "From": "+919876543210"}
    for signed_url in (URL, "https://feedback.example.org:443/in/sms"):
        incoming = replace(call(fields), headers={"x-twilio-signature": signed(TOKEN, signed_url, fields)})
        channel().verify(incoming)


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_byte_is_never_genuine(place: int, change: int) -> None:
    incoming = call({"AccountSid": ACCOUNT, "Body": "5 thanks", "From": NUMBER.value, "MessageSid": SID})
    body = bytearray(incoming.body)
    body[place % len(body)] ^= change
    if sorted(parse_qsl(bytes(body).decode("utf-8", "replace"), keep_blank_values=True)) == sorted(
        parse_qsl(incoming.body.decode(), keep_blank_values=True)
    ):
        return  # %2b for %2B: the same words
    with pytest.raises(NotGenuine):
        channel().verify(replace(incoming, body=bytes(body)))


def test_another_address_another_account_and_no_signature_are_refused() -> None:
    good = call({"AccountSid": ACCOUNT, "Body": "5"})
    for bad in (
        replace(good, url=URL + "?m=1"),
        replace(good, headers={}),
        call({"AccountSid": "AC" + "9" * 32, "Body": "5"}),
    ):
        with pytest.raises(NotGenuine):
            channel().verify(bad)


def test_a_body_that_is_no_form_is_signed_by_its_hash() -> None:
    body = b'{"a": 1}'
    url = f"{URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    good = Incoming(body, NOW, {"x-twilio-signature": signed(TOKEN, url, {})}, {}, url)
    channel().verify(good)
    with pytest.raises(NotGenuine):
        channel().verify(replace(good, body=b'{"a": 2}'))


def test_messages_receipts_and_wishes_are_told_apart() -> None:
    said = {"SmsStatus": "received", "From": NUMBER.value}
    assert received({**said, "Body": "4 thanks"}) == [
        Returned("answer", f"{SID}:received", "", NUMBER, "4 thanks")
    ]
    kinds = {
        text: received({**said, "Body": text})[0].kind for text in ("STOP", "berhenti", "रोकें", "إيقاف", "start", "5")
    }
    assert list(kinds.values()) == ["opt_out", "opt_out", "opt_out", "opt_out", "opt_in", "answer"]
    assert received({**said, "Body": "no mas", "OptOutType": "STOP"})[0].kind == "opt_out"
    assert received({**said, "Body": "INFO", "OptOutType": "HELP"})[0].kind == "reply"
    assert received({**said, "Body": "", "NumMedia": "1"})[0].kind == "reply"


def test_receipts_name_our_message_and_theirs() -> None:
    told = {"MessageStatus": "delivered", "To": NUMBER.value}
    assert received(told, f"{URL}?m=abc@feedback.example.org") == [
        Returned("delivered", f"{SID}:delivered", "abc@feedback.example.org", NUMBER, "delivered", receipt=SID)
    ]
    kinds = [
        [item.kind for item in received({"MessageStatus": state, "ErrorCode": code, "To": NUMBER.value})]
        for state, code in [
            ("queued", ""), ("sent", ""), ("read", ""), ("undelivered", "30003"), ("undelivered", "30005"),
            ("failed", "30006"), ("undelivered", "30007"), ("failed", "30008"), ("failed", "21610"),
        ]
    ]  # fmt: skip
    assert kinds == [
        [], [], ["delivered"], ["soft_bounce"], ["bounce"], ["bounce"], ["soft_bounce"], ["soft_bounce"], ["opt_out"],
    ]  # fmt: skip


def test_words_of_ones_own_mean_stop_too_and_replies_may_be_left_unread() -> None:
    said = {"SmsStatus": "received", "From": NUMBER.value}
    assert received({**said, "Body": "Nee bedankt"}, stop_words=["nee bedankt"])[0].kind == "opt_out"
    assert received({**said, "Body": "5"}, replies=False)[0].kind == "reply"


def test_a_repeated_call_has_the_same_id_and_each_state_its_own() -> None:
    ids = {
        channel().delivery_id(call({"MessageSid": SID, "MessageStatus": state}))
        for state in ("sent", "delivered", "delivered")
    }
    assert ids == {f"{SID}:sent", f"{SID}:delivered"}


def test_the_acknowledgement_is_empty_twiml() -> None:
    body, media_type = channel().acknowledge(call({}))
    assert (body, media_type) == (b'<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")


@given(st.dictionaries(st.sampled_from(["Body", "From", "MessageStatus", "ErrorCode", "OptOutType"]), st.text()))
def test_whatever_comes_is_read_without_failing(fields: dict[str, str]) -> None:
    body = urlencode(fields, errors="replace").encode()
    for item in channel().receive(Incoming(body, NOW)):
        assert item.kind in ("answer", "reply", "opt_out", "opt_in", "delivered", "bounce", "soft_bounce")


@pytest.mark.parametrize(
    ("answer", "kind", "reason", "wait"),
    [
        (error(400, 21610, "unsubscribed"), Suppressed, "Twilio: 400 21610 unsubscribed", None),
        (error(400, 21211, "The 'To' number +14155552671 is bad"), PermanentFailure,
         "Twilio: 400 21211 The 'To' number … is bad", None),
        (error(400, 21617, "too long"), PermanentFailure, "Twilio: 400 21617 too long", None),
        (error(429, 20429, "Too Many", Retry_After="90"), TemporaryFailure, "Twilio: 429 20429 Too Many", 90),
        (error(503, 20503, "away"), TemporaryFailure, "Twilio: 503 20503 away", None),
        (error(401, 20003, "Authenticate"), TemporaryFailure,
         "Twilio: 401 20003 Authenticate; check plugins.sms.twilio.account and auth_token", 600),
        ((403, "<html>", {}), TemporaryFailure,
         "Twilio: 403 Forbidden; check plugins.sms.twilio.account and auth_token", 600),
        (error(400, 21606, "not yours"), TemporaryFailure,
         "Twilio: 400 21606 not yours; check plugins.sms.sender", 600),
        ((302, "", {"Location": "http://127.0.0.1:1/"}), TemporaryFailure,
         "Twilio: 302 Found; check plugins.sms.twilio.base_url", 600),
        ((201, {"sid": "SM1", "error_code": 30002}, {}), TemporaryFailure,
         "Twilio: 201 30002 Created; the account is suspended", 600),
    ],
)  # fmt: skip
def test_refusals_say_what_they_are_and_what_to_mend(
    gateway: Gateway, answer: Any, kind: type[DeliveryFailure], reason: str, wait: int | None
) -> None:
    gateway.say.append(answer)
    http = Http(HttpSettings(allow=(gateway.url.removeprefix("http://"),)))
    sms = channel(twilio={"account": ACCOUNT, "auth_token": TOKEN, "base_url": gateway.url})
    sms = SmsChannel(sms.settings, http, "https://feedback.example.org/", logging.getLogger("t"))
    with pytest.raises(kind) as raised:
        sms.deliver(message(to=NUMBER, short=("5?",)))
    assert raised.value.reason == reason
    told = getattr(raised.value, "retry_after", None)
    assert told == (None if wait is None else timedelta(seconds=wait))
    assert getattr(raised.value, "address_is_dead", False) is ("21211" in reason)


def test_a_messaging_service_and_an_api_key_are_used_where_given(gateway: Gateway) -> None:
    http = Http(HttpSettings(allow=(gateway.url.removeprefix("http://"),)))
    twilio = {"account": ACCOUNT, "auth_token": TOKEN, "base_url": gateway.url, "api_key": "SK" + "2" * 32,
              "api_secret": "quiet"}  # fmt: skip
    settings = channel(sender="MG" + "3" * 32, twilio=twilio).settings
    gateway.say.append((201, {"sid": SID, "status": "accepted"}, {}))
    sms = SmsChannel(settings, http, "http://127.0.0.1:8000/", logging.getLogger("t"))
    assert sms.deliver(message(to=NUMBER, short=("5?",))).id == SID
    _, fields, headers = gateway.requests[0]
    # Twilio refuses an address for receipts that it cannot reach.
    assert fields == {"To": NUMBER.value, "MessagingServiceSid": "MG" + "3" * 32, "Body": "5?"}
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode() == f"SK{'2' * 32}:quiet"
