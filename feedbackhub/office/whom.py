"""Whom a request is about: one person, named by identifiers or by a customer's public id."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ..contract.errors import Conflict, NotFound
from ..contract.records import Identifier
from ..store.queries import people

__all__ = ["Whom", "family_of"]

#: Exact, normalised identifiers, or the public id of a customer.
Whom = Sequence[Identifier] | str


def family_of(connection: Connection, whom: Whom) -> list[int]:
    """Return the row numbers of all customers of one person.

    Args:
        connection: An open connection.
        whom: A customer's public id, or identifiers of the person, of which some may be unknown.

    Raises:
        NotFound: Nobody is known by any of these identifiers.
        Conflict: They belong to different persons, or several persons share them, as with a shared mailbox.
    """
    root = _by_public_id(connection, whom) if isinstance(whom, str) else _by_identifiers(connection, whom)
    return sorted(people.family_customers(connection, root))


def _by_public_id(connection: Connection, public_id: str) -> int:
    row = people.customer_by_public_id(connection, public_id)
    if row is None:
        raise NotFound("there is no such customer")
    return people.root_of(connection, row.person_id)


def _by_identifiers(connection: Connection, identifiers: Sequence[Identifier]) -> int:
    families: dict[int, set[Identifier]] = {}
    for hit in people.customers_with(connection, identifiers):
        known = families.setdefault(people.root_of(connection, hit.person_id), set())
        known.add(Identifier(hit.kind, hit.value))
    if not families:
        raise NotFound("nobody is known by these identifiers")
    everything = set().union(*families.values())
    whole = [root for root, known in families.items() if known == everything]
    if not whole:
        raise Conflict("these identifiers belong to different persons")
    if len(whole) > 1:
        raise Conflict(f"{len(whole)} persons share these identifiers; name one of their customers by its id")
    return whole[0]
