"""API keys: shown once, stored as a hash, limited to scopes, revocable."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from ..contract.errors import Conflict, NotFound, Problem, Refused, Unavailable
from ..contract.scalars import clean_line
from ..machinery.clock import Clock
from ..machinery.links import new_public_id
from ..machinery.options import nearest
from ..machinery.plugins import Plugins
from ..store.queries import staff
from ..store.store import Store
from .audit import record
from .tokens import digest_of, fresh_token

__all__ = ["HELPDESK", "SCOPES", "Key", "check_key", "create_key", "list_keys", "revoke_key", "scopes_of"]

#: What a helpdesk needs: to hand in contacts and to show the card.
HELPDESK = ("contacts:write", "contacts:read", "customers:lookup")
SCOPES = (
    "contacts:write",
    "contacts:read",
    "responses:write",
    "responses:read",
    "customers:lookup",
    "customers:erase",
    "customers:export",
    "gestures:write",
    "surveys:read",
    "surveys:write",
    "deliveries:read",
    "deliveries:write",
    "tasks:read",
    "tasks:write",
    "suppressions:write",
    "suppressions:read",
    "links:write",
    "links:read",
    "sources:read",
    "sources:write",
    "plugins:read",
    "reports:read",
    "exports:read",
    "exports:write",
    "metrics:read",
)
PREFIX = "fh_"
SECRET = re.compile(r"fh_[A-Za-z0-9_-]{43}")
USE_NOTED_EVERY = timedelta(hours=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """An API key as it may be shown: without its secret.

    Args:
        id: Row number, never shown.
        public_id: The id in addresses.
        name: What it is for; unique among the keys in force.
        scopes: What it may do.
        created_at: When it was made.
        created_by: Who made it.
        last_used_at: When it was last used, to the hour.
        revoked_at: Since when it is refused.
    """

    id: int
    public_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


def scopes_of(plugins: Plugins) -> tuple[str, ...]:
    """Return every scope of an instance: the core's, then those of the working plugins' own operations."""
    own = {f"x:{plugin}:{route.scope}": None for plugin, route in plugins.each("feedbackhub_routes")}
    return (*SCOPES, *own)


def create_key(
    store: Store, clock: Clock, name: str, scopes: Iterable[str], by: str, known: Sequence[str] = SCOPES
) -> tuple[Key, str]:
    """Make a key and return it with its secret, which cannot be shown again.

    Args:
        store: The database.
        clock: Tells the time.
        name: What it is for.
        scopes: What it may do.
        by: Who makes it, for the audit log.
        known: The scopes that there are; see `scopes_of`.

    Raises:
        Refused: The name is empty, or a scope is unknown or none is given.
        Conflict: A key in force has this name.
    """
    wanted, spelled = _checked_scopes(scopes, known), _checked_name(name)
    secret, now = fresh_token(PREFIX), clock.now()
    row = {"public_id": new_public_id(), "name": spelled, "scopes": list(wanted), "created_at": now, "created_by": by}

    def write(connection: Connection) -> int:
        if staff.live_key(connection, spelled) is not None:
            raise Conflict(f"there is a key named {spelled} already")
        record(connection, now, by, "key.created", f"key:{row['public_id']}", {"name": spelled, "scopes": list(wanted)})
        return staff.add_key(connection, {**row, "digest": digest_of(secret)})

    key_id = store.write(write)
    return Key(key_id, str(row["public_id"]), spelled, wanted, now, by), secret


def _checked_scopes(scopes: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    wanted = set(scopes)
    for scope in sorted(wanted - set(known)):
        guess = nearest(scope, list(known))
        raise Refused(Problem("scopes", f"there is no scope {scope}" + (f"; did you mean {guess}?" if guess else "")))
    if not wanted:
        raise Refused(Problem("scopes", "name at least one scope"))
    return tuple(scope for scope in known if scope in wanted)


def _checked_name(name: str) -> str:
    try:
        cleaned = clean_line(name)
    except ValueError as error:
        raise Refused(Problem("name", str(error))) from None
    if not 1 <= len(cleaned) <= 200:
        raise Refused(Problem("name", "needs 1 to 200 characters"))
    return cleaned


def check_key(store: Store, now: datetime, secret: str) -> Key | None:
    """Return the key that a secret opens, or None; one statement, and its use is noted once an hour."""
    if not SECRET.fullmatch(secret):
        return None
    with store.glance() as connection:
        row = staff.key_by_digest(connection, digest_of(secret))
    if row is None:
        return None
    key = _key_of(row)
    if key.last_used_at is None or now - key.last_used_at >= USE_NOTED_EVERY:
        return _noted(store, now, key)
    return key


def _noted(store: Store, now: datetime, key: Key) -> Key:
    try:
        store.write(lambda connection: staff.change_key(connection, key.id, {"last_used_at": now}))
    except Unavailable as error:  # reading must go on while nothing can be written
        log.warning("the use of key %s was not noted: %s", key.public_id, error)
        return key
    return replace(key, last_used_at=now)


def revoke_key(store: Store, clock: Clock, name_or_id: str, by: str) -> None:
    """Refuse a key from now on.

    Args:
        store: The database.
        clock: Tells the time.
        name_or_id: The key's name or public id.
        by: Who revokes, for the audit log.

    Raises:
        NotFound: No key in force is named so.
    """
    now = clock.now()

    def write(connection: Connection) -> None:
        row = staff.live_key(connection, name_or_id)
        if row is None:
            raise NotFound("there is no such key, or it is revoked already")
        staff.change_key(connection, row.id, {"revoked_at": now})
        record(connection, now, by, "key.revoked", f"key:{row.public_id}", {"name": row.name})

    store.write(write)


def list_keys(store: Store) -> list[Key]:
    """Return all keys, revoked ones included, newest first."""
    with store.read() as connection:
        return [_key_of(row) for row in staff.keys(connection)]


def _key_of(row: Row[Any]) -> Key:
    return Key(
        row.id,
        row.public_id,
        row.name,
        tuple(row.scopes),
        row.created_at,
        row.created_by,
        row.last_used_at,
        row.revoked_at,
    )
