"""Any gateway that takes a message by one HTTP call, described by settings."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from feedbackhub import (
    DeliveryFailure,
    FeedbackhubError,
    Http,
    HttpAnswer,
    Incoming,
    NotGenuine,
    PermanentFailure,
    Receipt,
    Returned,
    Setup,
    Suppressed,
    TemporaryFailure,
)

from .arrivals import read_arrivals
from .outgoing import Outgoing, told
from .paths import contents, text_at
from .settings import Generic

__all__ = ["GenericGateway"]

UNTIL_MENDED = timedelta(minutes=10)


class GenericGateway:
    """Fills the fields that the settings name, and reads answers and calls by the paths that they give."""

    def __init__(self, settings: Generic, http: Http) -> None:
        self.settings, self.http = settings, http

    def send(self, text: Outgoing) -> Receipt:
        """Hand one message over; the id that the answer names becomes the receipt."""
        given = self.settings
        values = {
            "to": text.to, "number": text.to.lstrip("+"), "text": text.body, "sender": text.sender, "id": text.id,
            "callback": text.callback,
        }  # fmt: skip
        url = _filled(given.url, {name: quote(value, safe="") for name, value in values.items()})
        body = _filled(given.body, values)
        try:
            answer = self.http.request(
                given.method, url,
                json=body if given.format == "json" and given.method != "GET" else None,
                data=_flat(body) if given.format == "form" else None,
                params=_flat(body) if given.format == "query" else None,
                headers=self._headers(values),
            )  # fmt: skip
        except FeedbackhubError as error:
            raise TemporaryFailure(f"the gateway did not answer: {error}") from None
        said = _json(answer)
        code = text_at(said, given.code) if given.code else ""
        problem = self._failure(answer, code)
        if problem is not None:
            raise problem
        return Receipt(text_at(said, given.id) if given.id else "", code or str(answer.status))

    def _headers(self, values: Mapping[str, str]) -> dict[str, str]:
        given = self.settings
        headers = {name: _filled(value.get_secret_value(), values) for name, value in given.headers.items()}
        if given.username or given.password.get_secret_value():
            pair = f"{given.username}:{given.password.get_secret_value()}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode("ascii")
        elif given.token.get_secret_value():
            headers["Authorization"] = f"Bearer {given.token.get_secret_value()}"
        return headers

    def _failure(self, answer: HttpAnswer, code: str) -> DeliveryFailure | None:
        """Return what an answer refuses, None when the message was taken over."""
        given, said = self.settings, {code, str(answer.status)} - {""}
        reason = "the gateway: " + told(answer, code, answer.reason)
        if said & set(given.suppress):
            return Suppressed(reason)
        if said & set(given.dead):
            return PermanentFailure(reason, address_is_dead=True)
        if said & set(given.permanent):
            return PermanentFailure(reason)
        if said & set(given.temporary) or answer.status == 429 or answer.status >= 500:
            return TemporaryFailure(reason, answer.retry_after)
        if answer.ok:
            taken = not given.accepted or code in given.accepted
            return None if taken else TemporaryFailure(f"{reason}: not one of plugins.sms.generic.accepted")
        if answer.status in (401, 403):
            hint = "check headers, username, password or token in plugins.sms.generic"
            return TemporaryFailure(f"{reason}; {hint}", answer.retry_after or UNTIL_MENDED)
        if answer.status in (404, 405) or answer.status < 400:
            return TemporaryFailure(f"{reason}; check plugins.sms.generic.url", answer.retry_after or UNTIL_MENDED)
        return PermanentFailure(reason)

    def check(self) -> str:
        """Fetch the address for that, when the settings name one."""
        if not self.settings.check_url:
            return ""
        try:
            answer = self.http.get(self.settings.check_url, headers=self._headers(dict.fromkeys(PLACES, "")))
        except FeedbackhubError as error:
            raise TemporaryFailure(f"the gateway did not answer: {error}") from None
        problem = None if answer.ok else self._failure(answer, "")
        if problem is not None:
            raise problem
        return "reached the gateway"

    @property
    def keeps_query(self) -> Sequence[str]:
        """The fields that the settings look for, never the secret; our own id is named `m`."""
        wanted = self.settings.incoming
        if wanted is None:
            return ()
        paths = (wanted.items, wanted.id, wanted.sender, wanted.text, wanted.status, wanted.receipt, wanted.reference)
        fields = {path.partition(".")[0] for path in (*paths, wanted.code) if path} | {"m"}
        return sorted(fields - {wanted.secret_field})

    def setup(self, address: str) -> Setup:
        """Return the address to paste and where the shared secret goes."""
        wanted = self.settings.incoming
        if wanted is None:
            return Setup(steps=("Nothing comes in before [plugins.sms.generic.incoming] is set.",))
        place = (
            f"the parameter {wanted.secret_field} of the address"
            if wanted.secret_field
            else f"the header {wanted.secret_header}"
        )
        return Setup(
            verified=f"a shared secret in {place}",
            secrets={"Shared secret": wanted.secret},
            steps=(f"Let the gateway POST messages that come in, and its receipts, to {address}.",),
        )

    def verify(self, incoming: Incoming) -> None:
        """Compare the shared secret, from its header, as Basic password, or from the query.

        Raises:
            NotGenuine: It is missing or wrong, or nothing is expected to come in.
        """
        wanted = self.settings.incoming
        if wanted is None:
            raise NotGenuine("nothing may come in: plugins.sms.generic.incoming is not set")
        if wanted.secret_field:
            shown = incoming.query.get(wanted.secret_field, "")
        else:
            shown = incoming.headers.get(wanted.secret_header.lower(), "")
            if shown.lower().startswith(("basic ", "bearer ")):
                shown = _password(shown)
        if not hmac.compare_digest(shown.encode(), wanted.secret.get_secret_value().encode()):
            raise NotGenuine("the shared secret is missing or wrong")

    def delivery_id(self, incoming: Incoming) -> str:
        """Return the request's own fingerprint: gateways that give no id repeat themselves word for word."""
        query = sorted(incoming.query.items())
        return hashlib.sha256(incoming.body + repr(query).encode()).hexdigest() if self._has_id(incoming) else ""

    def _has_id(self, incoming: Incoming) -> bool:
        """Tell whether the same words twice are the same message, which without an id they may not be."""
        wanted = self.settings.incoming
        told_of = contents(incoming)
        return wanted is not None and bool(
            wanted.items or text_at(told_of, wanted.id) or text_at(told_of, wanted.receipt)
        )

    def acknowledge(self) -> tuple[bytes, str]:
        """Return nothing of its own."""
        return b"", ""

    def receive(self, incoming: Incoming) -> list[Returned]:
        """Return what the gateway says, item by item."""
        return read_arrivals(self.settings.incoming, incoming) if self.settings.incoming else []


PLACES = ("to", "number", "text", "sender", "id", "callback")


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Return a value with its placeholders filled in, wherever in it they stand."""
    if isinstance(value, str):
        parts = value.split("{")
        return parts[0] + "".join(_placeholder(part, values) for part in parts[1:])
    if isinstance(value, dict):
        return {key: _filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    return value


def _placeholder(part: str, values: Mapping[str, str]) -> str:
    # In one pass, so that words in braces within a customer's text are not taken for placeholders.
    name, end, rest = part.partition("}")
    return values[name] + rest if end and name in values else "{" + part


def _flat(body: Mapping[str, Any]) -> dict[str, str]:
    """Return fields of a form or a query, without those left empty."""
    return {name: str(value) for name, value in body.items() if value not in ("", None)}


def _json(answer: HttpAnswer) -> Any:
    try:
        return answer.json()
    except ValueError:
        # Many gateways answer with a line of plain text, which then is the id or the code.
        return answer.body.decode("utf-8", "replace").strip()[:200]


def _password(shown: str) -> str:
    """Return the password of Basic sign-in, or the token of Bearer."""
    scheme, _, value = shown.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
    except ValueError:
        return ""


