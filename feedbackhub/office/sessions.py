"""Signing in and out: sessions are rows, so that one ends the moment its row goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError
from ..machinery.addresses import AddressError, normalise
from ..machinery.clock import Clock
from ..store.queries import staff
from ..store.store import Store
from .account import User, user_of_row
from .audit import record
from .passwords import hash_of, is_outdated, matches
from .tokens import digest_of, fresh_token

__all__ = ["SignInRefused", "session_user", "sign_in", "sign_out", "user_of_digest"]


class SignInRefused(FeedbackhubError):
    """Address and password do not belong together; which of the two is wrong is not told."""

    def __init__(self) -> None:
        super().__init__("this e-mail address and password do not belong together")


def sign_in(store: Store, clock: Clock, hours: int, email: str, password: str) -> tuple[User, str]:
    """Begin a session and return it with the token for the cookie.

    Args:
        store: The database.
        clock: Tells the time.
        hours: How long the session lasts.
        email: As typed.
        password: As typed.

    Raises:
        SignInRefused: For an unknown, revoked or invited account just as for a wrong password, and as slowly.
    """
    try:
        spelled = normalise("email", email, "US")
    except AddressError:
        spelled = ""
    with store.read() as connection:
        known = staff.password_of(connection, spelled)
    if not matches(password, known.password_hash if known else None) or known is None:
        raise SignInRefused
    rehashed = hash_of(password) if is_outdated(known.password_hash) else ""
    token, now = fresh_token(), clock.now()

    def write(connection: Connection) -> User:
        # Checking took a while: a password that was changed meanwhile must not let anybody in.
        row = staff.user_with_password(connection, known.id, known.password_hash)
        if row is None:
            raise SignInRefused
        if rehashed:
            staff.change_user(connection, row.id, {"password_hash": rehashed})
        staff.add_session(connection, digest_of(token), row.id, now, now + timedelta(hours=hours))
        record(connection, now, row.email, "user.signed_in", f"user:{row.public_id}")
        return user_of_row(row)

    return store.write(write), token


def session_user(store: Store, now: datetime, token: str) -> User | None:
    """Return whose session a token names, or None when it has ended; one statement."""
    return user_of_digest(store, now, digest_of(token))


def user_of_digest(store: Store, now: datetime, digest: str) -> User | None:
    """Return whose session is stored under a digest, or None when it has ended; one statement."""
    with store.read() as connection:
        row = staff.session_user(connection, digest, now)
    return user_of_row(row) if row else None


def sign_out(store: Store, clock: Clock, token: str) -> None:
    """End the session of a token; nothing happens when it has ended already."""
    now = clock.now()

    def write(connection: Connection) -> None:
        user_id = staff.end_session(connection, digest_of(token))
        row = staff.user_by_id(connection, user_id) if user_id is not None else None
        if row is not None:
            record(connection, now, row.email, "user.signed_out", f"user:{row.public_id}")

    store.write(write)
