"""Changing one's own password, which ends every session that the old one began."""

from __future__ import annotations

from sqlalchemy import Connection

from ..contract.errors import Conflict, Problem, Refused
from ..machinery.clock import Clock
from ..store.queries import staff
from ..store.store import Store
from .account import User
from .audit import record
from .passwords import check_strength, hash_of, matches

__all__ = ["change_password"]


def change_password(store: Store, clock: Clock, user: User, present: str, wanted: str) -> None:
    """Set another password and end all sessions of its owner, the running one included.

    Args:
        store: The database.
        clock: Tells the time.
        user: Whose.
        present: The password until now, as typed.
        wanted: The new one, as typed.

    Raises:
        Refused: The present one is wrong, or the new one too weak.
        Conflict: It was changed elsewhere at the same moment.
    """
    with store.read() as connection:
        known = staff.password_of(connection, user.email)
    if not matches(present, known.password_hash if known else None) or known is None:
        raise Refused(Problem("present", "is not your present password"))
    check_strength(wanted, user.email)
    hashed, now = hash_of(wanted), clock.now()

    def write(connection: Connection) -> None:
        row = staff.user_with_password(connection, known.id, known.password_hash)
        if row is None:
            raise Conflict("the password was changed elsewhere at the same moment")
        staff.change_user(connection, row.id, {"password_hash": hashed})
        staff.end_sessions(connection, row.id)
        record(connection, now, row.email, "user.password_changed", f"user:{row.public_id}")

    store.write(write)
