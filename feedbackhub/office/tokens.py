"""Random secrets that are shown once; only their SHA-256 is stored, which suffices for 256 random bits."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["digest_of", "fresh_token"]


def fresh_token(prefix: str = "") -> str:
    """Return a prefix followed by 43 random URL-safe characters."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is stored of a token, 64 hex characters; takes any text."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
