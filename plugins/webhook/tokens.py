"""Checking signed tokens (JWT) and Vonage's signed parameters."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Any

import jwt
from jwt.types import Options

from feedbackhub import Incoming, NotGenuine

from .bodies import FORM, media_type
from .signatures import check_fresh, form_of, same
from .verify_settings import Verify

__all__ = ["check_parameters", "check_token"]

ALGORITHMS = {"auto": ["HS256", "HS384", "HS512"], "sha256": ["HS256"], "sha384": ["HS384"], "sha512": ["HS512"]}
#: Seconds that clocks may differ.
LEEWAY = 1
# Times are checked by our own clock below.
UNCHECKED: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}


def check_token(incoming: Incoming, settings: Verify, secrets: tuple[str, ...]) -> None:
    """Make sure that a request carries a token signed with one of the secrets, valid now and for this request.

    Raises:
        NotGenuine: It does not.
    """
    header = (settings.header or "authorization").lower()
    prefix = settings.prefix or ("Bearer " if header == "authorization" else "")
    given = incoming.headers.get(header, "")
    if not given.startswith(prefix) or given == prefix:
        raise NotGenuine(f"there is no token in the header field {header}")
    claims = _claims(given[len(prefix) :], ALGORITHMS.get(settings.algorithm, []), secrets)
    if settings.issuer and claims.get("iss") != settings.issuer:
        raise NotGenuine("the token comes from another issuer")
    _check_times(claims, incoming.received_at, settings.window_seconds)
    _check_binding(claims, incoming, settings.binds)


def _claims(token: str, algorithms: list[str], secrets: tuple[str, ...]) -> dict[str, Any]:
    _check_spelling(token)
    for secret in secrets:
        try:
            return dict(jwt.decode(token, secret, algorithms=algorithms, options=UNCHECKED))
        except jwt.InvalidTokenError:
            continue
    raise NotGenuine("the token is not signed with our secret")


def _check_spelling(token: str) -> None:
    """Refuse other spellings of the same bytes: in Base64 the last letter has bits that mean nothing."""
    for part in token.split("."):
        try:
            raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise NotGenuine("the token is no token") from None
        if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
            raise NotGenuine("the token is spelt as no sender would")


def _check_times(claims: dict[str, Any], now: datetime, window: int) -> None:
    moment = now.timestamp()
    times = {name: claims.get(name) for name in ("nbf", "exp", "iat")}
    if any(value is not None and not isinstance(value, (int, float)) for value in times.values()):
        raise NotGenuine("a time in the token is no time")
    begin, end, made = times["nbf"], times["exp"], times["iat"]
    if begin is not None and begin > moment + LEEWAY:
        raise NotGenuine("the token is not valid yet")
    if end is not None and end < moment - LEEWAY:
        raise NotGenuine("the token has expired")
    if end is None and (made is None or abs(moment - made) > window):
        raise NotGenuine("the token names no end and is not fresh")


def _check_binding(claims: dict[str, Any], incoming: Incoming, binds: tuple[str, ...]) -> None:
    """Make sure that a token was made for this body and this address."""
    body_hash, url_hash = claims.get("payload_hash"), claims.get("url_hash")
    if "body" in binds and incoming.body and body_hash is None:
        raise NotGenuine("the token does not cover the body")
    if body_hash is not None and not _hashes(body_hash, incoming.body):
        raise NotGenuine("the token is for another body")
    if "url" in binds and url_hash is None:
        raise NotGenuine("the token does not cover the address")
    if url_hash is not None and not _hashes(url_hash, incoming.url.encode()):
        raise NotGenuine("the token is for another address")


def _hashes(claim: object, content: bytes) -> bool:
    return bool(content) and isinstance(claim, str) and same(claim, hashlib.sha256(content).hexdigest())


def check_parameters(incoming: Incoming, settings: Verify, secrets: tuple[str, ...]) -> None:
    """Make sure that form fields or the query are signed by their parameter `sig`, and not long ago.

    Raises:
        NotGenuine: They are not.
    """
    if incoming.body and media_type(incoming) != FORM:
        raise NotGenuine("the signature does not cover the body; let tokens (scheme jwt) be sent")
    if incoming.body:
        fields = form_of(incoming)
        if any(len(values) > 1 for values in fields.values()):
            raise NotGenuine("a form field is there twice")
        given = {name: values[0] for name, values in fields.items()}
    else:
        given = dict(incoming.query)
    signature = given.pop("sig", "")
    check_fresh(incoming, given.get("timestamp", ""), "s", settings.window_seconds)
    text = "".join(f"&{name}={given[name].replace('&', '_').replace('=', '_')}" for name in sorted(given)).encode()
    for secret in secrets:
        if any(same(each, signature) for each in _written(text, secret, settings.algorithm)):
            return
    raise NotGenuine("the signature does not fit")


def _written(text: bytes, secret: str, algorithm: str) -> list[str]:
    """Return the signatures that Vonage may write: keyed, and for MD5 also its plain hash."""
    if algorithm not in ("auto", "md5"):
        return [hmac.new(secret.encode(), text, algorithm).hexdigest()]
    plain = hashlib.md5(text + secret.encode(), usedforsecurity=False)
    return [hmac.new(secret.encode(), text, "md5").hexdigest(), plain.hexdigest()]
