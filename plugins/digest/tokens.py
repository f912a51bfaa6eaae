"""The address for ending a digest: a recipient's id and a keyed hash of it, nothing that tells who that is."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable

__all__ = ["recipient_of", "slot_id", "token_of"]

Secret = Callable[[str], bytes]
TOKEN = re.compile(r"([A-Za-z0-9_-]{12})([A-Za-z0-9_-]{16})", re.ASCII)


def slot_id(secret: Secret, digest: str, day: str) -> str:
    """Return the id of the edition of a digest for a day: whoever plans it twice plans the same one."""
    return _mark(secret("editions"), f"{digest}:{day}", 9)


def token_of(secret: Secret, recipient: str) -> str:
    """Return what the address for ending a digest holds.

    Args:
        secret: The hub's `secret`.
        recipient: Public id of the recipient, which stands for a digest and an address in it.
    """
    return recipient + _mark(secret("stop"), recipient, 12)


def recipient_of(secret: Secret, token: str) -> str:
    """Return the recipient of an unaltered token, empty for any other text."""
    found = TOKEN.fullmatch(token)
    if found is None:
        return ""
    mark = _mark(secret("stop"), found[1], 12)
    return found[1] if hmac.compare_digest(mark.encode(), found[2].encode()) else ""


def _mark(key: bytes, text: str, size: int) -> str:
    return urlsafe_b64encode(hmac.digest(key, text.encode(), "sha256")[:size]).decode("ascii")
