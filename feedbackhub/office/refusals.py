"""Refusals: the list of those who are not to be asked, for staff; every change audited, no address kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..contract.records import Identifier
from ..loop.core import Core
from ..loop.suppress import suppress_identifiers
from ..machinery.addresses import normalise
from ..store.queries import suppressions as rows
from ..store.queries.paging import Place
from ..store.types import AnyRow
from .audit import record
from .lists import AT_ONCE, Listed, listed

__all__ = ["Refusal", "add_refusal", "lift_by_address", "lift_refusal", "list_refusals"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One entry of the list; the address itself is not known."""

    id: str
    kind: str
    reason: str
    detail: str
    at: datetime
    by: str


def list_refusals(core: Core, reason: str, place: Place) -> Listed[Refusal]:
    """Return a page of the list, newest first.

    Args:
        core: The instance.
        reason: ``opt_out``, ``bounce``, ``complaint`` or ``staff``; empty for all.
        place: Which page.
    """
    with core.store.read() as connection:
        return listed(rows.one_page_of(connection, reason, place, AT_ONCE), _refusal)


def _refusal(row: AnyRow) -> Refusal:
    return Refusal(row.public_id, row.kind, row.reason, row.detail, row.created_at, row.created_by)


def add_refusal(core: Core, kind: str, value: str, note: str, by: str) -> str:
    """Never ask an address again, and return the entry's public id.

    Args:
        core: The instance.
        kind: ``email``, ``phone`` or another kind of identifier.
        value: The address as typed; only its keyed hash is stored.
        note: Why, for colleagues.
        by: Who decides.

    Raises:
        Refused: The address cannot be read.
    """
    address = Identifier(kind, normalise(kind, value, core.settings.default_region))
    now = core.clock.now()

    def run(connection: Connection) -> str:
        suppress_identifiers(connection, core.links, [address], "staff", note, by, now)
        public_id = rows.public_id_of(connection, core.links.fingerprint(address.kind, address.value))
        record(connection, now, by, "suppression.added", f"suppression:{public_id}", {"kind": kind})
        return public_id

    return core.store.write(run)


def lift_refusal(core: Core, public_id: str, by: str) -> None:
    """Take one entry off the list.

    Raises:
        NotFound: There is no such entry.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        row = rows.by_public_id(connection, public_id)
        if row is None:
            raise NotFound("no such entry")
        rows.remove(connection, [row.fingerprint])
        _note(connection, now, by, row)

    core.store.write(run)


def lift_by_address(core: Core, kind: str, value: str, by: str) -> bool:
    """Take an address off the list and tell whether it was on it.

    Raises:
        Refused: The address cannot be read.
    """
    prints = core.links.fingerprints(kind, normalise(kind, value, core.settings.default_region))
    now = core.clock.now()

    def run(connection: Connection) -> bool:
        found = rows.by_fingerprints(connection, prints)
        rows.remove(connection, [row.fingerprint for row in found])
        for row in found:
            _note(connection, now, by, row)
        return bool(found)

    return core.store.write(run)


def _note(connection: Connection, now: datetime, by: str, row: AnyRow) -> None:
    detail = {"kind": row.kind, "reason": row.reason}
    record(connection, now, by, "suppression.lifted", f"suppression:{row.public_id}", detail)
