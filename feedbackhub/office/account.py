"""Who a member of staff is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

__all__ = ["ROLES", "User", "user_of_row"]

#: From the least to the most; each includes the ones before.
ROLES = ("agent", "manager", "admin")


@dataclass(frozen=True)
class User:
    """A member of staff.

    Args:
        id: Row number, never shown.
        public_id: The id in addresses.
        email: In its one spelling.
        name: May be empty.
        role: ``agent``, ``manager`` or ``admin``.
        language: Language of the staff area; empty: the browser's.
        agent_id: Row number of the agent who this is in contacts.
        state: ``invited`` until a password is set, then ``active``, or ``revoked``.
    """

    id: int
    public_id: str
    email: str
    name: str
    role: str
    language: str
    agent_id: int | None
    state: Literal["active", "invited", "revoked"] = "active"


def user_of_row(row: Row[Any]) -> User:
    """Return the record of a row of the query."""
    state: Literal["active", "invited", "revoked"] = (
        "revoked" if row.revoked else "active" if row.has_password else "invited"
    )
    return User(row.id, row.public_id, row.email, row.name, row.role, row.language, row.agent_id, state)
