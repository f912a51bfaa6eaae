"""Twilio's API, and what calls itself compatible: plain HTTP, no library."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from feedbackhub import (
    DeliveryFailure,
    FeedbackhubError,
    Http,
    HttpAnswer,
    Identifier,
    Incoming,
    NotGenuine,
    PermanentFailure,
    Receipt,
    Returned,
    Setup,
    Suppressed,
    TemporaryFailure,
)

from .outgoing import Outcome, Outgoing, told
from .settings import Twilio

__all__ = ["TwilioGateway", "failure", "signature"]

OPTED_OUT = 21610
#: The number does not exist, or no text message can reach it.
DEAD = frozenset((21211, 21214, 21217, 21614, 30005, 30006))
#: Too much at once; the same message goes through later.
BUSY = frozenset((14107, 20429, 21611, 30001))
#: Ours to set right: nothing is lost while the operator does.
OURS: Mapping[int, str] = {
    20003: "check plugins.sms.twilio.account and auth_token",
    20404: "check plugins.sms.twilio.account and base_url",
    30002: "the account is suspended",
    90010: "the account is not active",
    **dict.fromkeys((21212, 21603, 21606, 21659, 21660, 21661, 21701, 21703, 21704, 21705), "check plugins.sms.sender"),
}
UNTIL_MENDED = timedelta(minutes=10)
ARRIVED, LOST = ("delivered", "read"), ("undelivered", "failed")


class TwilioGateway:
    """Sends through one account, and reads what it calls back with."""

    keeps_query = ("m",)

    def __init__(self, settings: Twilio, http: Http) -> None:
        self.settings, self.http = settings, http
        base = settings.base_url.rstrip("/")
        self.account_url = f"{base}/2010-04-01/Accounts/{settings.account}"

    def send(self, text: Outgoing) -> Receipt:
        """Queue one message with Twilio; its SID becomes the receipt."""
        source = "MessagingServiceSid" if text.sender.startswith("MG") and len(text.sender) == 34 else "From"
        fields = {"To": text.to, source: text.sender, "Body": text.body}
        if text.callback:
            fields["StatusCallback"] = text.callback
        try:
            answer = self.http.post(f"{self.account_url}/Messages.json", data=fields, headers=self._signed_in())
        except FeedbackhubError as error:
            raise TemporaryFailure(f"Twilio did not answer: {error}") from None
        said = _json(answer)
        code = _code(said.get("error_code") if answer.ok else said.get("code"))
        if not answer.ok or code:
            raise failure(answer, code, str(said.get("message") or said.get("error_message") or answer.reason))
        return Receipt(str(said.get("sid") or ""), str(said.get("status") or "accepted"))

    def check(self) -> str:
        """Fetch the account, which needs the same sign-in as a message."""
        try:
            answer = self.http.get(f"{self.account_url}.json", headers=self._signed_in())
        except FeedbackhubError as error:
            raise TemporaryFailure(f"Twilio did not answer: {error}") from None
        said = _json(answer)
        if not answer.ok:
            raise failure(answer, _code(said.get("code")), str(said.get("message") or answer.reason))
        if said.get("status", "active") != "active":
            raise TemporaryFailure(f"the Twilio account is {said['status']}")
        return "reached Twilio, signed in, the account is active"

    def _signed_in(self) -> dict[str, str]:
        name, secret = self.settings.account, self.settings.auth_token
        if self.settings.api_key:
            name, secret = self.settings.api_key, self.settings.api_secret
        pair = base64.b64encode(f"{name}:{secret.get_secret_value()}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}", "Accept": "application/json"}

    def verify(self, incoming: Incoming) -> None:
        """Check the signature over address and fields, with and without the usual port as Twilio does both.

        Raises:
            NotGenuine: It is missing or wrong, or the request speaks of another account.
        """
        given = incoming.headers.get("x-twilio-signature", "")
        key = self.settings.auth_token.get_secret_value()
        fields = parse_qs(incoming.body.decode("utf-8", "replace"), keep_blank_values=True)
        digest = dict(parse_qsl(urlsplit(incoming.url).query)).get("bodySHA256")
        if digest is not None:
            # A body that is no form is signed by its hash, which stands in the address.
            if not hmac.compare_digest(hashlib.sha256(incoming.body).hexdigest().encode(), digest.encode()):
                raise NotGenuine("the body is not the one that was signed")
            fields = {}
        good = [signature(key, url, fields) for url in _with_and_without_port(incoming.url)]
        # Every one is compared, so that the time taken tells nothing.
        if not sum(hmac.compare_digest(each.encode(), given.encode()) for each in good):
            raise NotGenuine("X-Twilio-Signature is missing or wrong; check auth_token and the public address")
        if fields.get("AccountSid", [self.settings.account])[0] != self.settings.account:
            raise NotGenuine("this is about another account")

    def setup(self, address: str) -> Setup:
        """Return where Twilio's console wants our address."""
        return Setup(
            verified="HMAC-SHA1 of the address and the fields, in X-Twilio-Signature",
            steps=(
                "In the Twilio console open the phone number, or the messaging service and its Integration page.",
                f"Under “A message comes in” choose Webhook, HTTP POST, and paste {address}.",
                "Receipts need no setting: every message tells Twilio where to send its own.",
            ),
            docs="https://www.twilio.com/docs/usage/webhooks/messaging-webhooks",
        )

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the message's SID, with its state when it is a receipt."""
        fields = _fields(incoming)
        sid = fields.get("MessageSid") or fields.get("SmsSid") or ""
        return f"{sid}:{_state(fields)}" if sid else ""

    def acknowledge(self) -> tuple[bytes, str]:
        """Return TwiML that says nothing: what is to be said goes out as a message of its own."""
        return b'<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml"

    def receive(self, incoming: Incoming) -> list[Returned]:
        """Return what a receipt or a customer's message says; states on the way say nothing."""
        fields = _fields(incoming)
        key = self.delivery_id(incoming) or hashlib.sha256(incoming.body).hexdigest()
        if _state(fields) == "received":
            return [_reply(fields, key, incoming.body)]
        kind = _outcome(fields)
        if kind is None:
            return []
        state, code = _state(fields), _code(fields.get("ErrorCode"))
        detail = f"{state} (Twilio {code})" if code else state
        number = Identifier("phone", fields["To"]) if fields.get("To") else None
        return [Returned(kind, key, incoming.query.get("m", ""), number, detail, receipt=fields.get("MessageSid", ""))]


def _reply(fields: Mapping[str, str], key: str, raw: bytes) -> Returned:
    number = Identifier("phone", fields.get("From", ""))
    said, type_ = fields.get("Body", ""), fields.get("OptOutType", "").upper()
    if type_ == "STOP":
        return Returned("opt_out", key, "", number, said, raw)
    # Twilio counts YES among the words for START; to a question it is an answer.
    if type_ == "START" and said.strip().casefold() != "yes":
        return Returned("opt_in", key, "", number, said, raw)
    if type_ == "HELP" or not said.strip():
        return Returned("reply", key, "", number, said or "(no words, perhaps a picture)", raw)
    return Returned("answer", key, "", number, said, raw)


def _outcome(fields: Mapping[str, str]) -> Outcome | None:
    """Return what a receipt means; nothing while the message is on its way."""
    state, code = _state(fields), _code(fields.get("ErrorCode"))
    if state in ARRIVED:
        return "delivered"
    if state not in LOST:
        return None
    if code == OPTED_OUT:
        return "opt_out"
    return "bounce" if code in DEAD else "soft_bounce"


def _state(fields: Mapping[str, str]) -> str:
    return (fields.get("MessageStatus") or fields.get("SmsStatus") or "received").lower()


def _fields(incoming: Incoming) -> dict[str, str]:
    given = parse_qs(incoming.body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[0] for name, values in given.items()}


def _json(answer: HttpAnswer) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _code(value: object) -> int:
    """Return an error code, 0 for none."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def failure(answer: HttpAnswer, code: int, words: str) -> DeliveryFailure:
    """Return the failure that Twilio's refusal stands for.

    Args:
        answer: What it answered.
        code: Its error code, 0 when it gave none.
        words: Its words.
    """
    reason = "Twilio: " + told(answer, str(code or ""), words)
    if code == OPTED_OUT:
        return Suppressed(reason)
    if code in DEAD:
        return PermanentFailure(reason, address_is_dead=True)
    if code in BUSY or answer.status == 429 or answer.status >= 500:
        return TemporaryFailure(reason, answer.retry_after)
    hint = OURS.get(code) or (OURS[20003] if answer.status in (401, 403) and not code else "")
    if hint or answer.status in (401, 404) or 300 <= answer.status < 400:
        hint = hint or (OURS[20003] if answer.status == 401 else "check plugins.sms.twilio.base_url")
        return TemporaryFailure(f"{reason}; {hint}", answer.retry_after or UNTIL_MENDED)
    return PermanentFailure(reason)


def signature(key: str, url: str, fields: Mapping[str, Sequence[str]]) -> str:
    """Return Twilio's signature of a request: HMAC-SHA1 over the address and its sorted fields."""
    text = url + "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode("ascii")


def _with_and_without_port(url: str) -> tuple[str, str]:
    """Return an address with its port spelt out, and without any."""
    scheme, _, rest = url.partition("://")
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    place, path = rest[:end], rest[end:]
    bare = re.sub(r":\d*$", "", place)
    spelt = place if place != bare else f"{bare}:{443 if scheme == 'https' else 80}"
    return f"{scheme}://{spelt}{path}", f"{scheme}://{bare}{path}"
