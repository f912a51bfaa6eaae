"""Sealing: texts that have to wait in the database and must tell nothing to who reads it without the instance's key.

Python's library has no cipher, so the keystream is HMAC-SHA-256 in counter mode under a nonce that is never used
twice, and what is sealed is authenticated after it is encrypted, each with a key of its own.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

__all__ = ["opened", "sealed"]

_NONCE, _TAG, _BLOCK = 16, 16, 32


def sealed(key: bytes, text: str) -> str:
    """Return a text that only `opened` with the same key turns back; another one every time."""
    nonce = secrets.token_bytes(_NONCE)
    hidden = _mixed(key, nonce, text.encode())
    return urlsafe_b64encode(nonce + hidden + _tag(key, nonce + hidden)).decode("ascii")


def opened(keys: Sequence[bytes], said: str) -> str | None:
    """Return what was sealed with one of these keys, None when it was with none or was altered."""
    raw = urlsafe_b64decode(said)
    nonce, hidden, tag = raw[:_NONCE], raw[_NONCE:-_TAG], raw[-_TAG:]
    for key in keys:
        if hmac.compare_digest(_tag(key, nonce + hidden), tag):
            return _mixed(key, nonce, hidden).decode()
    return None


def _tag(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, b"tag:" + message, "sha256")[:_TAG]


def _mixed(key: bytes, nonce: bytes, message: bytes) -> bytes:
    blocks = range((len(message) + _BLOCK - 1) // _BLOCK)
    stream = b"".join(hmac.digest(key, b"stream:" + nonce + block.to_bytes(8, "big"), "sha256") for block in blocks)
    return bytes(one ^ other for one, other in zip(message, stream, strict=False))
