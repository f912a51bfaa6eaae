"""Veils: row numbers as ids that tell nothing, for rows that have no public id of their own.

The number goes through a small cipher under the instance's key and comes out as 12 URL-safe characters, the same each
time; so nothing needs to be stored, and nobody can tell how many rows there are or which come next.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from .links import is_public_id

__all__ = ["unveiled", "veiled"]

_HALF = 36
_MASK = (1 << _HALF) - 1
_ROUNDS = 6
#: Numbers below this are taken, so that nearly every made-up id is known for what it is.
_MOST = 1 << 44


def veiled(key: bytes, number: int) -> str:
    """Return the id of a row number under a key.

    Raises:
        ValueError: There is no such row number.
    """
    if not 0 <= number < _MOST:
        raise ValueError(f"{number} is no row number")
    left, right = number >> _HALF, number & _MASK
    for turn in range(_ROUNDS):
        left, right = right, left ^ _mixed(key, turn, right)
    return urlsafe_b64encode(((left << _HALF) | right).to_bytes(9, "big")).decode("ascii")


def unveiled(keys: Sequence[bytes], text: str) -> int | None:
    """Return the row number of an id made with one of these keys, None for anything else."""
    if not is_public_id(text):
        return None
    whole = int.from_bytes(urlsafe_b64decode(text), "big")
    for key in keys:
        left, right = whole >> _HALF, whole & _MASK
        for turn in reversed(range(_ROUNDS)):
            left, right = right ^ _mixed(key, turn, left), left
        number = (left << _HALF) | right
        if number < _MOST:
            return number
    return None


def _mixed(key: bytes, turn: int, half: int) -> int:
    return int.from_bytes(hmac.digest(key, bytes([turn]) + half.to_bytes(5, "big"), "sha256")[:5], "big") & _MASK
