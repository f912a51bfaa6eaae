"""Unforgeable links: short tokens, page proofs, card addresses, and secrets derived from the instance key.

Every purpose has a key of its own, so that a token of one kind is never accepted as another. MACs are compared as
bytes in constant time, and only the one canonical spelling of a token is read.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..contract.scalars import ID_BYTES, new_public_id

__all__ = ["CardTicket", "Links", "Signer", "is_public_id", "new_public_id"]

TOKEN_MAC = 9
TICKET_MAC = 12
NOBODY = bytes(ID_BYTES)
# RFC 2104, for a hash that works on blocks of 64 bytes.
BLOCK = 64
INNER, OUTER = bytes(each ^ 0x36 for each in range(256)), bytes(each ^ 0x5C for each in range(256))
ENCODED = re.compile(r"[A-Za-z0-9_-]{20,48}")
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{12}")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Signer:
    """HMAC-SHA-256 with one key, half done: every page is signed, and the library begins anew each time.

    Args:
        key: At most 64 bytes.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = key.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(block.translate(INNER))
        self._outer = hashlib.sha256(block.translate(OUTER))

    def sign(self, message: bytes) -> bytes:
        """Return the 32 bytes that only this key makes of a message."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


@dataclass(frozen=True)
class CardTicket:
    """What a card's address says: whose card, for which agent, until when."""

    customer: str
    agent: str | None
    expires: datetime


class Links:
    """Signs with the current key and reads what the current or a previous key signed."""

    def __init__(self, key: bytes, previous: Sequence[bytes] = ()) -> None:
        if any(len(each) < 16 for each in (key, *previous)):
            raise ValueError("a key has at least 16 bytes")
        self._keys = (key, *previous)
        self._signers: dict[tuple[bytes, str], Signer] = {}

    def token(self, public_id: str, purpose: str = "survey") -> str:
        """Return the 24 URL-safe characters that stand for a public id, the same every time."""
        raw = id_bytes(public_id)
        return encode(raw + self._mac(self._keys[0], purpose, raw, TOKEN_MAC))

    def read(self, token: str, purpose: str = "survey") -> str | None:
        """Return the public id of an unaltered token, or None; never raises, whatever the text."""
        raw = self._opened(token, purpose, TOKEN_MAC, ID_BYTES)
        return encode(raw) if raw is not None else None

    def page_proof(self, public_id: str, at: datetime) -> str:
        """Return a form field that proves the page of an invitation was shown at a moment."""
        shown = int((at - EPOCH) / MILLISECOND).to_bytes(6, "big")
        return encode(shown + self._mac(self._keys[0], f"page:{public_id}", shown, TOKEN_MAC))

    def proof_age(self, public_id: str, proof: str, now: datetime) -> timedelta | None:
        """Return how long ago the page was shown, or None for a proof that is forged, foreign or from the future."""
        raw = self._opened(proof, f"page:{public_id}", TOKEN_MAC, 6)
        if raw is None:
            return None
        age = now - EPOCH - int.from_bytes(raw, "big") * MILLISECOND
        return age if age >= timedelta(0) else None

    def card_ticket(self, customer: str, agent: str | None, expires: datetime) -> str:
        """Return the 48 characters of a card's address for a customer, bound to the agent who may look."""
        until = int((expires - EPOCH) / timedelta(seconds=1)).to_bytes(6, "big")
        raw = id_bytes(customer) + (id_bytes(agent) if agent else NOBODY) + until
        return encode(raw + self._mac(self._keys[0], "card", raw, TICKET_MAC))

    def read_card_ticket(self, ticket: str, now: datetime) -> CardTicket | None:
        """Return what an unaltered, unexpired ticket says, or None."""
        raw = self._opened(ticket, "card", TICKET_MAC, 2 * ID_BYTES + 6)
        if raw is None:
            return None
        customer, agent = raw[:ID_BYTES], raw[ID_BYTES : 2 * ID_BYTES]
        expires = EPOCH + timedelta(seconds=int.from_bytes(raw[2 * ID_BYTES :], "big"))
        if now >= expires:
            return None
        return CardTicket(encode(customer), encode(agent) if agent != NOBODY else None, expires)

    def derive(self, purpose: str) -> bytes:
        """Return 32 secret bytes for a purpose, the same every time (web sessions, webhook secrets)."""
        return derived(self._keys[0], f"derive:{purpose}")

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """Return what `derive` returns under every key there was, the current one first."""
        return tuple(derived(key, f"derive:{purpose}") for key in self._keys)

    def fingerprint(self, kind: str, value: str) -> str:
        """Return a keyed hash (32 hex characters) that recognises an address without holding it."""
        return self.fingerprints(kind, value)[0]

    def fingerprints(self, kind: str, value: str) -> tuple[str, ...]:
        """Return the hash under every key, the current first: look for all of them, store the first."""
        text = f"{kind}\0{value}".encode("utf-8", "surrogatepass")
        return tuple(self._mac(key, "fingerprint", text, 16).hex() for key in self._keys)

    def _mac(self, key: bytes, purpose: str, message: bytes, size: int) -> bytes:
        signer = self._signers.get((key, purpose))
        if signer is None:
            signer = Signer(derived(key, f"mac:{purpose}"))
            if ":" not in purpose:  # those with one are of one page each, and there is no end of them
                self._signers[key, purpose] = signer
        return signer.sign(message)[:size]

    def _opened(self, text: str, purpose: str, mac_size: int, size: int) -> bytes | None:
        raw = decode(text)
        if raw is None or len(raw) != size + mac_size:
            return None
        message, mac = raw[:size], raw[size:]
        matches = [hmac.compare_digest(self._mac(key, purpose, message, mac_size), mac) for key in self._keys]
        return message if any(matches) else None


def is_public_id(text: str) -> bool:
    """Tell whether a text has the form of a public id."""
    return PUBLIC_ID.fullmatch(text) is not None


def derived(key: bytes, purpose: str) -> bytes:
    """Return the key of one purpose."""
    return hmac.digest(key, b"feedbackhub:" + purpose.encode("utf-8", "surrogatepass"), hashlib.sha256)


def id_bytes(public_id: str) -> bytes:
    """Return the nine bytes of a public id; raises ValueError for anything else."""
    if not is_public_id(public_id):
        raise ValueError("not a public id")
    return urlsafe_b64decode(public_id)


def encode(raw: bytes) -> str:
    """Write bytes URL-safe; all our lengths are multiples of three, so there is neither padding nor slack."""
    return urlsafe_b64encode(raw).decode("ascii")


def decode(text: str) -> bytes | None:
    """Read what `encode` wrote, or return None."""
    if not ENCODED.fullmatch(text) or len(text) % 4:
        return None
    return urlsafe_b64decode(text)
