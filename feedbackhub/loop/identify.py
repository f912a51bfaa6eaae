"""Who was served: one customer with many identifiers, joined safely.

A match counts only on identifiers that the source declares identifying, and never when two ids of
one system conflict: shared mailboxes would chain strangers. Those are proposed to staff instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.intake import CustomerData, CustomerIdentifiers
from ..contract.records import Identifier
from ..machinery.addresses import AddressError, normalise
from ..machinery.links import new_public_id
from ..machinery.settings import Settings, SourceSettings
from ..store.queries import people

_PLAIN = ("name", "language", "timezone", "segment", "country")


@dataclass(frozen=True)
class Match:
    """Who a set of identifiers belongs to.

    Args:
        customer_id: The customer, None for somebody new.
        person_id: That customer's person.
        same: Persons proven to be the same one.
        maybe: Persons that may be the same one, with the reason for doubt.
    """

    customer_id: int | None = None
    person_id: int | None = None
    same: tuple[int, ...] = ()
    maybe: tuple[tuple[int, str], ...] = ()


def identifiers_in(data: CustomerIdentifiers, region: str, field: str = "customer") -> tuple[Identifier, ...]:
    """Return the identifiers of a customer in their one spelling.

    Raises:
        Refused: Some cannot be used; every one of them is named.
    """
    given = [("email", data.email, "email"), ("phone", data.phone, "phone")]
    given += [(f"id:{system}", value, f"ids.{system}") for system, value in data.ids.items()]
    given += [(kind, value, f"addresses.{kind}") for kind, value in data.addresses.items()]
    found: dict[Identifier, None] = {}
    problems = []
    for kind, value, name in given:
        if not value:
            continue
        try:
            found[Identifier(kind, normalise(kind, value, region))] = None
        except AddressError as error:
            problems.append(Problem(f"{field}.{name}".lstrip("."), error.reason))
    if problems:
        raise Refused(*problems)
    return tuple(found)


def find(connection: Connection, settings: Settings, source: str, given: Sequence[Identifier]) -> Match:
    """Return whom these identifiers belong to.

    Args:
        connection: An open connection.
        settings: Says which kinds of identifiers prove identity for the source.
        source: Where the identifiers come from.
        given: Normalised identifiers.
    """
    hits = people.customers_with(connection, given)
    if not hits:
        return Match()
    proving = settings.sources.get(source, SourceSettings()).identifying
    own = _ids(given)
    theirs: dict[int, dict[str, set[str]]] = {}
    for customer_id, known in people.identifiers_of(connection, sorted({hit.customer_id for hit in hits})):
        if known.kind.startswith("id:"):
            theirs.setdefault(customer_id, {}).setdefault(known.kind, set()).add(known.value)
    sure: list[tuple[int, int, int]] = []
    maybe: dict[int, str] = {}
    for hit in hits:
        clash = _clash(own, theirs.get(hit.customer_id, {}))
        if clash:
            maybe[hit.person_id] = f"they share {hit.kind}, but have different ids in {clash}"
        elif not any(fnmatchcase(hit.kind, pattern) for pattern in proving):
            maybe[hit.person_id] = f"they share {hit.kind}, which proves nothing for {source}"
        else:
            sure.append((_rank(hit.kind, source), hit.customer_id, hit.person_id))
    if not sure:
        return Match(maybe=tuple(sorted(maybe.items())))
    _, customer_id, person_id = min(sure)
    others = {one for _, _, one in sure} - {person_id}
    doubtful = tuple(sorted((one, why) for one, why in maybe.items() if one not in others | {person_id}))
    return Match(customer_id, person_id, tuple(sorted(others)), doubtful)


def _ids(given: Iterable[Identifier]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in given:
        if each.kind.startswith("id:"):
            found.setdefault(each.kind, set()).add(each.value)
    return found


def _clash(own: dict[str, set[str]], theirs: dict[str, set[str]]) -> str:
    clashing = [kind for kind, values in own.items() if kind in theirs and not values & theirs[kind]]
    return clashing[0].removeprefix("id:") if clashing else ""


def _rank(kind: str, source: str) -> int:
    if kind == f"id:{source}":
        return 0
    return 1 if kind.startswith("id:") else 2 if kind == "email" else 3


def settle(
    connection: Connection,
    settings: Settings,
    source: str,
    data: CustomerData,
    given: Sequence[Identifier],
    now: datetime,
) -> tuple[int, int]:
    """Store a customer as given, joined with what was known, and return customer and person.

    Args:
        connection: Inside a write that holds the identifiers' locks.
        settings: Says which identifiers prove identity.
        source: Where the data comes from.
        data: What the source says of the customer.
        given: The customer's normalised identifiers.
        now: The present moment.
    """
    match = find(connection, settings, source, given)
    if match.customer_id is None or match.person_id is None:
        customer_id, person_id = people.add_customer(connection, _new(data), now)
        people.add_identifiers(connection, customer_id, given, now)
    else:
        customer_id, person_id = match.customer_id, match.person_id
        _update(connection, customer_id, data, given, now)
    for other in match.same:
        _merge_proven(connection, other, person_id, now)
    for other, reason in match.maybe:
        _propose(connection, person_id, other, reason, now)
    return customer_id, person_id


def _new(data: CustomerData) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(data, name) for name in _PLAIN}
    return {**row, "country": data.country.upper(), "attributes": dict(data.attributes), "public_id": new_public_id()}


def _update(
    connection: Connection, customer_id: int, data: CustomerData, given: Sequence[Identifier], now: datetime
) -> None:
    row = people.customer_row(connection, customer_id)
    wanted = {**{name: getattr(data, name) for name in _PLAIN}, "country": data.country.upper()}
    changed: dict[str, Any] = {k: v for k, v in wanted.items() if v and row._mapping[k] != v}
    attributes = {**row.attributes, **data.attributes}
    if attributes != row.attributes:
        changed["attributes"] = attributes
    if changed:
        people.change_customer(connection, customer_id, {**changed, "updated_at": now})
    known = {each for _, each in people.identifiers_of(connection, [customer_id])}
    people.add_identifiers(connection, customer_id, [each for each in given if each not in known], now)


def _merge_proven(connection: Connection, one: int, into: int, now: datetime) -> None:
    root, target = people.root_of(connection, one), people.root_of(connection, into)
    if root == target:
        return
    if people.is_proposed(connection, root, target):
        return  # staff have separated them before, or will decide
    people.point_person(connection, root, target)
    people.add_link(connection, root, target, "merged", "one contact named identifiers of both", "feedbackhub", now)


def _propose(connection: Connection, one: int, other: int, reason: str, now: datetime) -> None:
    root, target = people.root_of(connection, one), people.root_of(connection, other)
    if root != target and not people.is_proposed(connection, root, target):
        people.add_link(connection, root, target, "proposed", reason, "feedbackhub", now)
