"""Staff, their sessions, API keys, and the log of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, bindparam, delete, insert, or_, select, update

from ..prepared import Prepared
from ..tables import api_key, audit, staff_session, staff_user

_LISTED = (
    staff_user.c.id,
    staff_user.c.public_id,
    staff_user.c.email,
    staff_user.c.name,
    staff_user.c.role,
    staff_user.c.language,
    staff_user.c.agent_id,
    staff_user.c.revoked,
    (staff_user.c.password_hash != "").label("has_password"),
)

_PASSWORD: tuple[Column[Any], ...] = (staff_user.c.id, staff_user.c.password_hash)


def add_user(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert a member of staff and return the row number."""
    return int(connection.execute(insert(staff_user).values(values).returning(staff_user.c.id)).scalar_one())


def change_user(connection: Connection, user_id: int, values: Mapping[str, Any]) -> None:
    """Store changed fields of a member of staff."""
    connection.execute(update(staff_user).where(staff_user.c.id == user_id).values(values))


def users(connection: Connection) -> Sequence[Row[Any]]:
    """Return everybody, revoked ones included, by e-mail address."""
    return connection.execute(select(*_LISTED).order_by(staff_user.c.email)).all()


def user_by_id(connection: Connection, user_id: int) -> Row[Any] | None:
    """Return one member of staff by row number."""
    return connection.execute(select(*_LISTED).where(staff_user.c.id == user_id)).one_or_none()


def user_by_public_id(connection: Connection, public_id: str) -> Row[Any] | None:
    """Return one member of staff by the id in addresses."""
    return connection.execute(select(*_LISTED).where(staff_user.c.public_id == public_id)).one_or_none()


def user_by_email(connection: Connection, email: str) -> Row[Any] | None:
    """Return one member of staff by e-mail address."""
    return connection.execute(select(*_LISTED).where(staff_user.c.email == email)).one_or_none()


def user_by_secret(connection: Connection, digest: str, now: datetime) -> Row[Any] | None:
    """Return who may set a password with a one-time secret that has not expired."""
    query = select(*_LISTED).where(
        staff_user.c.secret_digest == digest,
        staff_user.c.secret_expires_at > now,
        staff_user.c.revoked.is_(False),
    )
    return connection.execute(query).one_or_none()


def password_of(connection: Connection, email: str) -> Row[Any] | None:
    """Return ``id, password_hash`` of somebody who may sign in."""
    query = select(*_PASSWORD).where(
        staff_user.c.email == email, staff_user.c.revoked.is_(False), staff_user.c.password_hash != ""
    )
    return connection.execute(query).one_or_none()


def user_with_password(connection: Connection, user_id: int, password_hash: str) -> Row[Any] | None:
    """Return a member of staff if still admitted with this very password hash."""
    query = select(*_LISTED).where(
        staff_user.c.id == user_id, staff_user.c.password_hash == password_hash, staff_user.c.revoked.is_(False)
    )
    return connection.execute(query).one_or_none()


def other_admins(connection: Connection, user_id: int) -> list[bool]:
    """Lock all admins and return, for each but this one, whether a password is set."""
    query = (
        select(staff_user.c.id, (staff_user.c.password_hash != "").label("has_password"))
        .where(staff_user.c.role == "admin", staff_user.c.revoked.is_(False))
        .order_by(staff_user.c.id)
        .with_for_update()
    )
    return [row.has_password for row in connection.execute(query) if row.id != user_id]


def add_session(connection: Connection, digest: str, user_id: int, now: datetime, expires_at: datetime) -> None:
    """Insert a session and remove the same person's expired ones."""
    connection.execute(
        delete(staff_session).where(staff_session.c.user_id == user_id, staff_session.c.expires_at <= now)
    )
    row = {"digest": digest, "user_id": user_id, "created_at": now, "expires_at": expires_at}
    connection.execute(insert(staff_session).values(row))


def session_user(connection: Connection, digest: str, now: datetime) -> Row[Any] | None:
    """Return whose session this is, if it has not ended and its owner is still admitted."""
    query = (
        select(*_LISTED)
        .join(staff_session, staff_session.c.user_id == staff_user.c.id)
        .where(staff_session.c.digest == digest, staff_session.c.expires_at > now, staff_user.c.revoked.is_(False))
    )
    return connection.execute(query).one_or_none()


def open_sessions(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Return ``digest, email, public_id`` of every session that has not ended and whose owner is still admitted."""
    query = (
        select(staff_session.c.digest, staff_user.c.email, staff_user.c.public_id)
        .join(staff_user, staff_user.c.id == staff_session.c.user_id)
        .where(staff_session.c.expires_at > now, staff_user.c.revoked.is_(False))
    )
    return list(connection.execute(query))


def end_session(connection: Connection, digest: str) -> int | None:
    """Remove a session and return whose it was."""
    query = delete(staff_session).where(staff_session.c.digest == digest).returning(staff_session.c.user_id)
    return connection.scalars(query).one_or_none()


def end_sessions(connection: Connection, user_id: int) -> None:
    """Remove all sessions of a member of staff."""
    connection.execute(delete(staff_session).where(staff_session.c.user_id == user_id))


def add_key(connection: Connection, values: Mapping[str, Any]) -> int:
    """Insert an API key and return the row number."""
    return int(connection.execute(insert(api_key).values(values).returning(api_key.c.id)).scalar_one())


def keys(connection: Connection) -> Sequence[Row[Any]]:
    """Return all API keys, revoked ones included, newest first."""
    return connection.execute(_keys().order_by(api_key.c.id.desc())).all()


def key_by_digest(connection: Connection, digest: str) -> Row[Any] | None:
    """Return an API key that has not been revoked."""
    return _BY_DIGEST.first(connection, digest=digest)


def live_key(connection: Connection, name_or_id: str) -> Row[Any] | None:
    """Return an API key that has not been revoked, by its name or public id."""
    known = or_(api_key.c.name == name_or_id, api_key.c.public_id == name_or_id)
    return connection.execute(_keys().where(known, api_key.c.revoked_at.is_(None)).limit(1)).one_or_none()


def change_key(connection: Connection, key_id: int, values: Mapping[str, Any]) -> None:
    """Store changed fields of an API key."""
    connection.execute(update(api_key).where(api_key.c.id == key_id).values(values))


def _keys() -> Select[Any]:
    return select(*(column for column in api_key.c if column.name != "digest"))


_BY_DIGEST = Prepared(_keys().where(api_key.c.digest == bindparam("digest"), api_key.c.revoked_at.is_(None)))


def add_audit(connection: Connection, values: Mapping[str, Any]) -> None:
    """Insert an entry of the audit log."""
    connection.execute(insert(audit).values(values))


def audit_entries(connection: Connection, subject: str, before: int | None, limit: int) -> Sequence[Row[Any]]:
    """Return entries of the audit log, newest first, of one subject or of all."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if subject:
        query = query.where(audit.c.subject == subject)
    if before is not None:
        query = query.where(audit.c.id < before)
    return connection.execute(query).all()
