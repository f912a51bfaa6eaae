"""A genuine request is let in, and one with a changed byte in what is signed never is."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest

from feedbackhub import Incoming, NotGenuine
from feedbackhub.testing import make_incoming
from feedbackhub.testing.makers import START
from feedbackhub_plugins.webhook.gate import Gate
from feedbackhub_plugins.webhook.verify_settings import Verify

SECRET = "our-own-secret-for-tests-0123456789-0123456789-0123456789-01234567"
URL = "https://feedback.example.com/in/desk?a=1&b=2"
BODY = '{"event":"closed","who":"Zoë ☃"}'.encode()
FORM = {"content-type": "application/x-www-form-urlencoded"}
FIELDS = {"From": "+14155550101", "Body": "4 thanks & bye", "Zone": ["2", "1", "1"]}
SECONDS = int(START.timestamp())


@dataclass
class Case:
    """A scheme with a genuine request, and which parts of the request are signed."""

    scheme: str
    headers: dict[str, str]
    body: bytes = BODY
    url: str = URL
    settings: dict[str, Any] = field(default_factory=dict)
    signed: tuple[str, ...] = ("body",)

    @property
    def gate(self) -> Gate:
        """The source's gate."""
        given = {"scheme": self.scheme, "secret": SECRET, **self.settings}
        return Gate(Verify.model_validate(given), bytes, "verify.secret")

    @property
    def request(self) -> Incoming:
        """The genuine request."""
        return make_incoming(self.body, self.headers, dict(parse_qsl(urlsplit(self.url).query)), url=self.url)


def keyed(text: bytes | str, algorithm: str = "sha256", encoding: str = "hex") -> str:
    """Return a signature of a text."""
    raw = text if isinstance(text, bytes) else text.encode()
    digest = hmac.new(SECRET.encode(), raw, algorithm).digest()
    return base64.b64encode(digest).decode() if encoding == "base64" else digest.hex()


def token(**claims: object) -> str:
    """Return a signed token for the genuine request."""
    hashes = {"payload_hash": hashlib.sha256(BODY).hexdigest(), "url_hash": hashlib.sha256(URL.encode()).hexdigest()}
    times = {"nbf": SECONDS, "exp": SECONDS + 60, "iss": "MessageBird"}
    return jwt.encode({**times, **hashes, **claims}, SECRET, "HS256")


def _plain(text: str) -> str:
    return hashlib.sha256(text.encode() + BODY).hexdigest()


def _at(text: str, encoding: str = "hex") -> str:
    return keyed(text.encode() + BODY, encoding=encoding)


HASHED_URL = f"{URL}&bodySHA256={hashlib.sha256(BODY).hexdigest()}"
ISO = "2026-03-02T09:00:00Z"
MS = f"{SECONDS}000"
ENCODED = urlencode(FIELDS, doseq=True).encode()
SORTED = "Body4 thanks & byeFrom+14155550101Zone1Zone2"
PARAMETERS = {"msisdn": "14155550101", "text": "a&b=c", "timestamp": str(SECONDS)}
VONAGE = f"&msisdn=14155550101&text=a_b_c&timestamp={SECONDS}"
CASES = [
    Case("header", {"X-Webhook-Secret": SECRET}, signed=()),
    Case("header", {"Authorization": f"Token {SECRET}"}, signed=(),
         settings={"header": "Authorization", "prefix": "Token "}),
    Case("basic", {"Authorization": "Basic " + base64.b64encode(f"desk:{SECRET}".encode()).decode()}, signed=(),
         settings={"user": "desk"}),
    Case("zendesk", {"X-Zendesk-Webhook-Signature": _at(ISO, "base64"),
                     "X-Zendesk-Webhook-Signature-Timestamp": ISO}),
    Case("intercom", {"X-Hub-Signature": "sha1=" + keyed(BODY, "sha1")}),
    Case("zammad", {"X-Hub-Signature": "sha1=" + keyed(BODY, "sha1")}),
    Case("chatwoot", {"X-Chatwoot-Signature": "sha256=" + _at(f"{SECONDS}."), "X-Chatwoot-Timestamp": str(SECONDS)}),
    Case("helpscout", {"X-HelpScout-Signature": keyed(BODY, "sha1", "base64")}),
    Case("slack", {"X-Slack-Signature": "v0=" + _at(f"v0:{SECONDS}:"), "X-Slack-Request-Timestamp": str(SECONDS)}),
    Case("hubspot_v1", {"X-HubSpot-Signature": _plain(SECRET)}),
    Case("hubspot_v2", {"X-HubSpot-Signature": _plain(f"{SECRET}POST{URL}")}, signed=("body", "url")),
    Case("hubspot_v3", {"X-HubSpot-Signature-v3": keyed(f"POST{URL}".encode() + BODY + MS.encode(), encoding="base64"),
                        "X-HubSpot-Request-Timestamp": MS}, signed=("body", "url")),
    Case("plivo", {"X-Plivo-Signature-V2": keyed(f"{URL.partition('?')[0]}77", encoding="base64"),
                   "X-Plivo-Signature-V2-Nonce": "77"}, url=URL.partition("?")[0], signed=("url",)),
    Case("whatsapp", {"X-Hub-Signature-256": "sha256=" + keyed(BODY)}),
    Case("front", {"X-Front-Signature": _at(f"{MS}:", "base64"), "X-Front-Request-Timestamp": MS}),
    Case("typeform", {"Typeform-Signature": "sha256=" + keyed(BODY, encoding="base64")}),
    Case("twilio", {**FORM, "X-Twilio-Signature": keyed(URL + SORTED, "sha1", "base64")}, body=ENCODED,
         signed=("body", "url")),
    Case("twilio", {"X-Twilio-Signature": keyed(HASHED_URL, "sha1", "base64")}, url=HASHED_URL, signed=("body", "url")),
    Case("vonage", FORM, body=urlencode({**PARAMETERS, "sig": keyed(VONAGE)}).encode(),
         settings={"algorithm": "sha256"}),
    Case("vonage", FORM, body=urlencode(
        {**PARAMETERS, "sig": hashlib.md5((VONAGE + SECRET).encode(), usedforsecurity=False).hexdigest()}).encode()),
    Case("messagebird", {"MessageBird-Signature-JWT": token()}, signed=("body", "url")),
    Case("jwt", {"Authorization": f"Bearer {token()}"}, settings={"issuer": "MessageBird"}),
    Case("hmac", {"X-Sign": "v1=" + keyed(f"POST\n{SECONDS}\n9\n".encode() + BODY, "sha512"), "X-At": str(SECONDS),
                  "X-Once": "9"},
         settings={"header": "X-Sign", "prefix": "v1=", "algorithm": "sha512", "timestamp_header": "X-At",
                   "nonce_header": "X-Once", "signed": "{method}\n{timestamp}\n{nonce}\n{body}"}),
]  # fmt: skip
BY_SCHEME = pytest.mark.parametrize("case", CASES, ids=lambda case: case.scheme)


def genuine(gate: Gate, incoming: Incoming) -> bool:
    """Tell whether a request is let in."""
    try:
        gate.check(incoming)
    except NotGenuine:
        return False
    return True


def mutants(text: str) -> Iterator[str]:
    """Yield a text with one letter changed, left out or doubled, at every place."""
    for place, letter in enumerate(text):
        for bit in (1, 2, 0x20):
            yield text[:place] + chr(ord(letter) ^ bit) + text[place + 1 :]
        yield text[:place] + text[place + 1 :]
    yield text + "="
    yield text + " "


@BY_SCHEME
def test_a_genuine_request_is_let_in(case: Case) -> None:
    assert genuine(case.gate, case.request)


@BY_SCHEME
def test_a_changed_byte_of_the_body_is_seen(case: Case) -> None:
    gate, request = case.gate, case.request
    for place in range(len(request.body)) if "body" in case.signed else ():
        for bit in (1, 0x20, 0x80):
            raw = bytearray(request.body)
            raw[place] ^= bit
            assert not genuine(gate, replace(request, body=bytes(raw))), raw


@BY_SCHEME
def test_a_changed_letter_of_a_signature_a_time_or_a_nonce_is_seen(case: Case) -> None:
    gate, request = case.gate, case.request
    for name, value in request.headers.items():
        for changed in mutants(value) if name != "content-type" else ():
            assert not genuine(gate, replace(request, headers={**request.headers, name: changed})), changed


@BY_SCHEME
def test_a_changed_letter_of_the_address_is_seen(case: Case) -> None:
    gate, request = case.gate, case.request
    for changed in mutants(request.url) if "url" in case.signed else ():
        query = dict(parse_qsl(changed.partition("?")[2]))
        assert not genuine(gate, replace(request, url=changed, query=query)), changed


@BY_SCHEME
def test_another_secret_and_none_let_nobody_in(case: Case) -> None:
    other = replace(case, settings={**case.settings, "secret": SECRET[:-1] + "8"})
    assert not genuine(other.gate, case.request)
    assert not genuine(case.gate, replace(case.request, headers={}))
    late = replace(case.request, received_at=START + timedelta(minutes=6))
    timed = case.scheme in ("jwt", "messagebird", "vonage") or any("time" in n or n == "x-at" for n in late.headers)
    assert genuine(case.gate, late) is not timed


@BY_SCHEME
def test_while_a_secret_is_changed_the_old_one_counts_too(case: Case) -> None:
    settings = {**case.settings, "secret": "the-new-secret-that-nobody-uses-yet", "previous_secret": SECRET}
    assert genuine(replace(case, settings=settings).gate, case.request)


def test_a_form_that_is_spelt_otherwise_is_refused_where_the_signature_would_not_see_it() -> None:
    [case] = [each for each in CASES if each.scheme == "twilio" and each.headers.get("content-type")]
    for changed in (ENCODED.replace(b"+", b" "), ENCODED.replace(b"%2B", b"%2b"), ENCODED + b"&=", ENCODED + b"&"):
        assert not genuine(case.gate, replace(case.request, body=changed)), changed


def test_twilio_may_sign_the_address_with_or_without_its_port() -> None:
    signed = keyed(URL.replace("example.com", "example.com:443") + SORTED, "sha1", "base64")
    assert genuine(Case("twilio", {**FORM, "X-Twilio-Signature": signed}, body=ENCODED).gate,
                   Case("twilio", {**FORM, "X-Twilio-Signature": signed}, body=ENCODED).request)


@pytest.mark.parametrize("claims", [
    {"exp": SECONDS - 5}, {"nbf": SECONDS + 5}, {"iss": "Somebody"}, {"payload_hash": None}, {"url_hash": None},
    {"payload_hash": "0" * 64}, {"url_hash": "0" * 64}, {"exp": "soon"}, {"exp": None}, {"exp": None, "iat": 1},
])
def test_a_token_that_is_late_early_or_for_something_else_is_refused(claims: dict[str, object]) -> None:
    assert not genuine(Case("messagebird", {"MessageBird-Signature-JWT": token(**claims)}).gate,
                       Case("messagebird", {"MessageBird-Signature-JWT": token(**claims)}).request)


@pytest.mark.parametrize("made", [
    "", "x", "a.b.c", jwt.encode({"exp": SECONDS + 60}, None, "none"),
    jwt.encode({"exp": SECONDS + 60}, SECRET, "HS384"),
])
def test_a_token_of_another_kind_is_refused(made: str) -> None:
    case = Case("jwt", {"Authorization": f"Bearer {made}"}, settings={"algorithm": "sha256"})
    assert not genuine(case.gate, case.request)


def test_a_secret_of_our_own_is_made_where_we_may_choose_it() -> None:
    own = Gate(Verify(scheme="zammad"), lambda: bytes(range(32)), "verify.secret")
    assert len(own.secret) == 32
    signed = hmac.new(own.secret.encode(), BODY, "sha1").hexdigest()
    assert genuine(own, make_incoming(BODY, {"X-Hub-Signature": f"sha1={signed}"}))


def test_without_the_other_systems_secret_nobody_is_let_in() -> None:
    with pytest.raises(NotGenuine, match=r"no secret is set; set plugins\.webhook\.sources\.desk\.verify\.secret"):
        Gate(Verify(scheme="zendesk"), bytes, "plugins.webhook.sources.desk.verify.secret").check(make_incoming())


def test_anybody_may_send_where_that_was_chosen() -> None:
    assert genuine(Gate(Verify(scheme="none"), bytes, ""), make_incoming())


def test_the_secret_in_the_address() -> None:
    gate = Gate(Verify.model_validate({"scheme": "query", "secret": "a/b"}), bytes, "")
    assert gate.key_in("https://x.example/in/desk") == "https://x.example/in/desk?key=a%2Fb"
    assert genuine(gate, make_incoming(query={"key": "a/b"}))
    assert not genuine(gate, make_incoming(query={"key": "a/c"}))
    assert not genuine(gate, make_incoming())
