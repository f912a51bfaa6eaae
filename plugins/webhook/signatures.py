"""Checking signatures; what is compared is the signature as it is written, so that no letter of it can be changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from feedbackhub import Incoming, NotGenuine

from .bodies import FORM, media_type
from .recipes import Recipe

__all__ = ["check_fresh", "check_signature", "form_of", "same"]

PLACEHOLDERS = re.compile(r"\{(body|timestamp|nonce|method|url|url_without_query|sorted_form|secret)\}")
#: A form in its one spelling: a sender's library writes no other, and a changed byte must not go unseen.
STRICT_FORM = re.compile(rb"(?:[^%&=\x00-\x20\x7f-\xff]|%[0-9A-F]{2})+=(?:[^%&=\x00-\x20\x7f-\xff]|%[0-9A-F]{2})*")
PORTS = {"https": 443, "http": 80}
#: What HubSpot decodes in the address before signing it.
DECODED = {f"%{ord(letter):02X}": letter for letter in ":/?@!$'()*,;"}
Values = Mapping[str, bytes]


def same(one: str, other: str) -> bool:
    """Compare two texts in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def check_signature(incoming: Incoming, recipe: Recipe, secrets: tuple[str, ...]) -> None:
    """Make sure that a request is signed with one of the secrets, and not long ago.

    Raises:
        NotGenuine: It is not.
    """
    given = incoming.headers.get(recipe.header, "")
    if not given:
        raise NotGenuine(f"there is no header field {recipe.header}")
    if recipe.timestamp_header:
        check_fresh(incoming, incoming.headers.get(recipe.timestamp_header, ""), recipe.timestamp_unit, recipe.window)
    form = _covered_form(incoming) if "{sorted_form}" in recipe.signed else b""
    for address in _addresses(incoming.url, recipe.addresses):
        for secret in secrets:
            if same(_signature(incoming, recipe, secret, address, form), given):
                return
    raise NotGenuine("the signature does not fit")


def check_fresh(incoming: Incoming, timestamp: str, unit: str, window: int) -> None:
    """Make sure that a time of sending is near the time of receipt, so that nobody sends a request again later.

    Raises:
        NotGenuine: It is not, or is no time.
    """
    try:
        if unit == "iso":
            sent = datetime.fromisoformat(timestamp)
        else:
            if not re.fullmatch(r"\d{1,15}", timestamp, re.ASCII):
                raise ValueError
            sent = datetime.fromtimestamp(int(timestamp) / (1000 if unit == "ms" else 1), UTC)
        away = abs((incoming.received_at - sent).total_seconds())
    except (ValueError, TypeError, OverflowError, OSError):
        raise NotGenuine("the time of sending is missing or no time") from None
    if away > window:
        raise NotGenuine(f"the time of sending is {int(away)} seconds from ours")


def _signature(incoming: Incoming, recipe: Recipe, secret: str, address: str, form: bytes) -> str:
    values: Values = {
        "body": incoming.body,
        "timestamp": incoming.headers.get(recipe.timestamp_header, "").encode(),
        "nonce": incoming.headers.get(recipe.nonce_header, "").encode(),
        "method": incoming.method.upper().encode(),
        "url": address.encode(),
        "url_without_query": address.partition("?")[0].encode(),
        "sorted_form": form,
        "secret": secret.encode(),
    }
    signed = b"".join(_pieces(recipe.signed, values))
    if recipe.keyed:
        digest = hmac.new(secret.encode(), signed, recipe.algorithm).digest()
    else:
        digest = hashlib.new(recipe.algorithm, signed, usedforsecurity=False).digest()
    written = base64.b64encode(digest).decode() if recipe.encoding == "base64" else digest.hex()
    return recipe.prefix + written


def _pieces(template: str, values: Values) -> Iterator[bytes]:
    for number, piece in enumerate(PLACEHOLDERS.split(template)):
        yield values[piece] if number % 2 else piece.encode()


def _addresses(url: str, spellings: str) -> Iterator[str]:
    """Yield the spellings of the address that a sender may have signed."""
    yield url
    if spellings == "decoded":
        decoded = re.sub("|".join(DECODED), lambda found: DECODED[found[0].upper()], url, flags=re.IGNORECASE)
        if decoded != url:
            yield decoded
    if spellings == "any_port":
        scheme, middle, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        port = PORTS.get(scheme, 443)
        other = host.removesuffix(f":{port}") if ":" in host else f"{host}:{port}"
        yield f"{scheme}{middle}{other}{slash}{path}"


def form_of(incoming: Incoming) -> dict[str, list[str]]:
    """Return the fields of a form.

    Raises:
        NotGenuine: It is spelt as no sender's library would, so bytes could be changed unseen.
    """
    if incoming.body and not all(STRICT_FORM.fullmatch(pair) for pair in incoming.body.split(b"&")):
        raise NotGenuine("the form fields are not in their one spelling")
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(incoming.body.decode("ascii"), keep_blank_values=True):
        fields.setdefault(name, []).append(value)
    return fields


def _covered_form(incoming: Incoming) -> bytes:
    """Return the part of what is signed that stands for the body: sorted fields, or nothing beside a hash of it.

    Raises:
        NotGenuine: Nothing in the signature covers the body.
    """
    if media_type(incoming) == FORM:
        fields = form_of(incoming)
        return "".join(f"{name}{value}" for name in sorted(fields) for value in sorted(set(fields[name]))).encode()
    hashed = incoming.query.get("bodySHA256", "")
    if incoming.body and not same(hashed, hashlib.sha256(incoming.body).hexdigest()):
        raise NotGenuine("the signature does not cover the body")
    return b""
