"""People's rights: a person gets a copy of everything that is known about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..contract.records import Identifier
from ..loop.core import Core
from ..store.queries import people, rights

__all__ = ["export_person"]


def family_with(connection: Connection, identifiers: Sequence[Identifier]) -> list[int]:
    """Return the row numbers of all customers of the one person who has all these identifiers.

    Raises:
        NotFound: Nobody has them all.
        Conflict: Several persons have them all, as with a shared mailbox.
    """
    wanted = set(identifiers)
    hits = people.customers_with(connection, identifiers)
    families: dict[int, set[Identifier]] = {}
    for hit in hits:
        root = people.root_of(connection, hit.person_id)
        families.setdefault(root, set()).add(Identifier(hit.kind, hit.value))
    whole = [root for root, found in families.items() if found == wanted]
    if not whole:
        raise NotFound("nobody is known by these identifiers")
    if len(whole) > 1:
        raise Conflict(f"{len(whole)} persons are known by these identifiers; name the customer instead")
    return sorted(people.family_customers(connection, whole[0]))


def export_person(core: Core, identifiers: Sequence[Identifier]) -> dict[str, Any]:
    """Return a copy of everything that is known about a person, ready to be written as JSON.

    Args:
        core: The instance.
        identifiers: Exact, normalised identifiers, all of the same person.

    Raises:
        NotFound: Nobody is known by them.
        Conflict: Several persons share them.
    """
    with core.store.read() as connection:
        ids = family_with(connection, identifiers)
        given = rights.identifiers_of(connection, ids)
        return {
            "customers": [
                {
                    "id": row.public_id,
                    "name": row.name,
                    "attributes": row.attributes,
                    "identifiers": [{"kind": i.kind, "value": i.value} for i in given if i.customer_id == row.id],
                }
                for row in rights.customers_of(connection, ids)
            ],
            "contacts": [
                {"id": row.public_id, "source": row.source, "external_id": row.external_id}
                for row in rights.contacts_of(connection, ids)
            ],
        }
