"""Members of staff: invited with a one-time secret, given a role, reset, revoked; every change is audited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from ..contract.errors import Conflict, FeedbackhubError, NotFound, Problem, Refused
from ..contract.scalars import clean_line
from ..machinery.addresses import normalise
from ..machinery.clock import Clock
from ..machinery.links import new_public_id
from ..store.queries import staff
from ..store.store import Store
from .account import ROLES, User, user_of_row
from .audit import record
from .passwords import check_strength, hash_of
from .sessions import SignInRefused, session_user, sign_in, sign_out
from .tokens import digest_of, fresh_token

__all__ = [
    "ROLES",
    "SECRET_DAYS",
    "LastAdmin",
    "SignInRefused",
    "User",
    "change_role",
    "find_user",
    "invite_user",
    "link_agent",
    "list_users",
    "reset_user",
    "restore_user",
    "revoke_user",
    "session_user",
    "set_language",
    "set_password",
    "sign_in",
    "sign_out",
    "user_by_email",
    "user_of_secret",
]

SECRET_DAYS = 7


class LastAdmin(FeedbackhubError):
    """The change would leave nobody who may administer this instance."""

    def __init__(self) -> None:
        super().__init__("this is the last admin; make somebody else one first")


def list_users(store: Store) -> list[User]:
    """Return everybody, revoked ones included, by e-mail address."""
    with store.read() as connection:
        return [user_of_row(row) for row in staff.users(connection)]


def find_user(store: Store, public_id: str) -> User:
    """Return a member of staff by the id in addresses.

    Raises:
        NotFound: There is none.
    """
    with store.read() as connection:
        return _found(staff.user_by_public_id(connection, public_id))


def user_by_email(store: Store, email: str) -> User:
    """Return a member of staff by e-mail address, however it is spelt.

    Raises:
        NotFound: There is none.
        Refused: The text is no e-mail address.
    """
    spelled = normalise("email", email, "US")
    with store.read() as connection:
        return _found(staff.user_by_email(connection, spelled))


def _found(row: Row[Any] | None) -> User:
    if row is None:
        raise NotFound("there is no such user")
    return user_of_row(row)


def invite_user(
    store: Store, clock: Clock, email: str, name: str, role: str, by: str, agent: int | None = None
) -> tuple[User, str]:
    """Add a member of staff and return the one-time secret with which to set a password within seven days.

    Args:
        store: The database.
        clock: Tells the time.
        email: Address to sign in with.
        name: Name that others see; may be empty.
        role: ``agent``, ``manager`` or ``admin``.
        by: Who invites, for the audit log.
        agent: Row number of the agent who this is in contacts.

    Raises:
        Refused: Address, name or role cannot be used.
        Conflict: Somebody has this address already.
    """
    values = {"email": normalise("email", email, "US"), "name": _checked_name(name), "role": _checked_role(role)}
    secret, now = fresh_token(), clock.now()

    def write(connection: Connection) -> User:
        if staff.user_by_email(connection, values["email"]) is not None:
            raise Conflict("there is a user with this e-mail address already")
        row = {**values, "public_id": new_public_id(), "agent_id": agent, "created_at": now, **_secret(secret, now)}
        user_id = staff.add_user(connection, row)
        user = _found(staff.user_by_id(connection, user_id))
        record(connection, now, by, "user.invited", f"user:{user.public_id}", {"email": user.email, "role": role})
        return user

    try:
        return store.write(write), secret
    except IntegrityError:  # two invitations at the same moment
        raise Conflict("there is a user with this e-mail address already") from None


def _checked_name(name: str) -> str:
    try:
        cleaned = clean_line(name)
    except ValueError as error:
        raise Refused(Problem("name", str(error))) from None
    if len(cleaned) > 200:
        raise Refused(Problem("name", "is longer than 200 characters"))
    return cleaned


def _checked_role(role: str) -> str:
    if role not in ROLES:
        raise Refused(Problem("role", f"must be one of {', '.join(ROLES)}"))
    return role


def _secret(secret: str, now: datetime) -> dict[str, Any]:
    return {"secret_digest": digest_of(secret), "secret_expires_at": now + timedelta(days=SECRET_DAYS)}


_NO_SECRET = {"secret_digest": "", "secret_expires_at": None}


def user_of_secret(store: Store, now: datetime, secret: str) -> User | None:
    """Return who may set a password with this one-time secret, or None when it was used, replaced or expired."""
    with store.read() as connection:
        row = staff.user_by_secret(connection, digest_of(secret), now)
    return user_of_row(row) if row else None


def set_password(store: Store, clock: Clock, secret: str, password: str) -> User:
    """Use up a one-time secret: set the password and end the user's sessions.

    Raises:
        NotFound: The secret was used, replaced or has expired.
        Refused: The password is too weak; the secret stays usable.
    """
    now = clock.now()
    user = user_of_secret(store, now, secret)
    if user is None:
        raise NotFound("this address has been used or has expired; ask an admin for a new one")
    check_strength(password, user.email)
    hashed = hash_of(password)

    def write(connection: Connection) -> User:
        row = staff.user_by_secret(connection, digest_of(secret), now)
        if row is None:
            raise NotFound("this address has been used or has expired; ask an admin for a new one")
        staff.change_user(connection, row.id, {"password_hash": hashed, **_NO_SECRET})
        staff.end_sessions(connection, row.id)
        record(connection, now, row.email, "user.password_set", f"user:{row.public_id}")
        return replace(user_of_row(row), state="active")

    return store.write(write)


def revoke_user(store: Store, clock: Clock, user: User, by: str) -> None:
    """Shut a member of staff out at once: sessions and one-time secret end.

    Raises:
        LastAdmin: Nobody else could administer.
    """

    def change(connection: Connection) -> None:
        _spare_last_admin(connection, user.id)
        staff.change_user(connection, user.id, {"revoked": True, **_NO_SECRET})
        staff.end_sessions(connection, user.id)

    _change(store, clock, user, by, "user.revoked", change)


def restore_user(store: Store, clock: Clock, user: User, by: str) -> None:
    """Let a revoked member of staff in again, with the password of before."""
    _change(
        store, clock, user, by, "user.restored", lambda c: staff.change_user(c, user.id, {"revoked": False})
    )


def reset_user(store: Store, clock: Clock, user: User, by: str) -> str:
    """Make the password unusable, end all sessions and return a new one-time secret."""
    secret, now = fresh_token(), clock.now()

    def change(connection: Connection) -> None:
        staff.change_user(connection, user.id, {"password_hash": "", **_secret(secret, now)})
        staff.end_sessions(connection, user.id)

    _change(store, clock, user, by, "user.reset", change)
    return secret


def change_role(store: Store, clock: Clock, user: User, role: str, by: str) -> None:
    """Give a member of staff another role, which holds from the next request.

    Raises:
        Refused: There is no such role.
        LastAdmin: Nobody else could administer.
    """
    _checked_role(role)

    def change(connection: Connection) -> None:
        if role != "admin":
            _spare_last_admin(connection, user.id)
        staff.change_user(connection, user.id, {"role": role})

    _change(store, clock, user, by, "user.role_changed", change, role=role)


def link_agent(store: Store, clock: Clock, user: User, agent_id: int | None, by: str) -> None:
    """Say which agent a member of staff is in contacts; None: nobody."""
    _change(
        store, clock, user, by, "user.agent_linked", lambda c: staff.change_user(c, user.id, {"agent_id": agent_id})
    )


def set_language(store: Store, clock: Clock, user: User, language: str) -> None:
    """Choose the language of the staff area; empty: the browser's."""
    _change(
        store, clock, user, user.email, "user.language_set",
        lambda c: staff.change_user(c, user.id, {"language": language}), language=language,
    )  # fmt: skip


def _change(
    store: Store, clock: Clock, user: User, by: str, action: str, change: Any, **detail: Any
) -> None:
    """Apply a change together with its entry in the audit log."""
    now = clock.now()

    def write(connection: Connection) -> None:
        change(connection)
        record(connection, now, by, action, f"user:{user.public_id}", detail)

    store.write(write)


def _spare_last_admin(connection: Connection, user_id: int) -> None:
    """Refuse to lose the last admin; one who never set a password counts only while nobody has one."""
    row = staff.user_by_id(connection, user_id)
    if row is None or row.role != "admin" or row.revoked:
        return
    others = staff.other_admins(connection, user_id)
    if not (any(others) or (others and not row.has_password)):
        raise LastAdmin
