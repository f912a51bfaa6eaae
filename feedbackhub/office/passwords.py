"""Passwords: what makes one acceptable, and Argon2 for keeping and checking it."""

from __future__ import annotations

import functools
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..contract.errors import Problem, Refused

__all__ = ["check_strength", "hash_of", "is_outdated", "matches"]

SHORTEST, LONGEST = 10, 1000
FEWEST_LETTERS = 4
_HASHER = PasswordHasher()


def check_strength(password: str, email: str) -> None:
    """Accept a new password.

    Raises:
        Refused: It is too short, too long, too uniform, or the e-mail address.
    """
    if len(password) < SHORTEST:
        raise Refused(Problem("password", f"needs at least {SHORTEST} characters"))
    if len(password) > LONGEST:
        raise Refused(Problem("password", f"has more than {LONGEST} characters"))
    if password.strip().lower() in (email.lower(), email.lower().partition("@")[0]):
        raise Refused(Problem("password", "must not be the e-mail address"))
    if len(set(password)) < FEWEST_LETTERS:
        raise Refused(Problem("password", "repeats too few characters"))


def hash_of(password: str) -> str:
    """Return the hash to be stored."""
    return _HASHER.hash(_spelled(password))


def matches(password: str, stored: str | None) -> bool:
    """Tell whether a password is the one that was hashed; without a hash it takes just as long and says no."""
    compared = stored or _hash_of_nothing()
    try:
        _HASHER.verify(compared, _spelled(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None and len(password) <= LONGEST


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@functools.cache
def _hash_of_nothing() -> str:
    return hash_of("")


def _spelled(password: str) -> bytes:
    """Return the one spelling of a password: keyboards differ in how they compose an accent."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
