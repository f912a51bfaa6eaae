"""Who was served: one customer with many identifiers, joined safely.

A match counts only on identifiers that the source declares identifying, and never when two ids of
one system conflict: shared mailboxes would chain strangers. Those are proposed to staff instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from itertools import combinations
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Problem, Refused
from ..contract.intake import CustomerData, CustomerIdentifiers
from ..contract.records import Identifier
from ..machinery.addresses import AddressError, normalise
from ..machinery.links import new_public_id
from ..machinery.settings import Settings, SourceSettings
from ..store.queries import people
from ..store.queries.locks import lock_keys, needs_locks
from ..store.types import AnyRow

_PLAIN = ("name", "language", "timezone", "segment", "country")
_BY_ID = 1
#: With more doubtful matches than this an address is plainly shared, and staff have nothing to decide.
_MOST_PROPOSED = 3
#: Held by whoever merges, so that two merges at once never make a ring.
MERGING = "merging"


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
    theirs = people.ids_of_families(connection, sorted({hit.person_id for hit in hits}))
    shared = _shared(hits, theirs)
    sure: list[_Hit] = []
    maybe: dict[int, str] = {}
    for hit in hits:
        clash = _clash(own, theirs[hit.person_id])
        if clash:
            maybe[hit.person_id] = f"they share {hit.kind}, but have different ids in {clash}"
        elif not any(fnmatchcase(hit.kind, pattern) for pattern in proving):
            maybe[hit.person_id] = f"they share {hit.kind}, which proves nothing for {source}"
        elif own and (hit.kind, hit.value) in shared:
            maybe[hit.person_id] = f"they share {hit.kind} with persons who have other ids"
        else:
            sure.append(_Hit(_rank(hit.kind, source), hit.customer_id, hit.person_id, hit.kind))
    agreed = _agreeing(sorted(sure), theirs, maybe)
    persons = list(dict.fromkeys(hit.person_id for hit in agreed))
    doubtful = tuple(sorted((one, why) for one, why in maybe.items() if one not in persons))
    if not agreed:
        return Match(maybe=doubtful)
    return Match(agreed[0].customer_id, persons[0], tuple(persons[1:]), doubtful)


def _shared(hits: Iterable[AnyRow], theirs: Mapping[int, dict[str, set[str]]]) -> set[tuple[str, str]]:
    """Return the addresses that persons use whose ids contradict each other."""
    users: dict[tuple[str, str], set[int]] = {}
    for hit in hits:
        if not hit.kind.startswith("id:"):
            users.setdefault((hit.kind, hit.value), set()).add(hit.person_id)
    return {
        address
        for address, persons in users.items()
        if any(_clash(theirs[one], theirs[other]) for one, other in combinations(sorted(persons), 2))
    }


@dataclass(frozen=True, order=True)
class _Hit:
    rank: int
    customer_id: int
    person_id: int
    kind: str


def _agreeing(sure: Sequence[_Hit], theirs: Mapping[int, dict[str, set[str]]], maybe: dict[int, str]) -> list[_Hit]:
    """Return the hits that may all be one person, best first; the others are noted as doubtful.

    When an address alone speaks for persons whose ids contradict each other, it is a shared one and proves nothing
    for any of them.
    """
    agreed: list[_Hit] = []
    known: dict[str, set[str]] = {}
    for hit in sure:
        rivals = sure if sure[0].rank > _BY_ID else ()
        clash = _clash(known, theirs[hit.person_id]) or next(
            (found for other in rivals if (found := _clash(theirs[other.person_id], theirs[hit.person_id]))), ""
        )
        if clash:
            maybe[hit.person_id] = f"they share {hit.kind}, but have different ids in {clash}"
            continue
        agreed.append(hit)
        for kind, values in theirs[hit.person_id].items():
            known.setdefault(kind, set()).update(values)
    return agreed


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
    return _BY_ID if kind.startswith("id:") else 2 if kind == "email" else 3


@dataclass(frozen=True)
class Settled:
    """Whom a contact was put down to.

    Args:
        customer_id: The customer.
        person_id: That customer's person.
        fresh: Whether nobody had one of the identifiers, so that nothing is known but what was just said.
    """

    customer_id: int
    person_id: int
    fresh: bool


def settle_held(
    connection: Connection,
    settings: Settings,
    source: str,
    data: CustomerData,
    given: Sequence[Identifier],
    now: datetime,
) -> Settled:
    """Store a customer as `settle` does, and let nobody else ask or merge that person until the transaction ends.

    Args:
        connection: Inside a write that holds the identifiers' locks.
        settings: Says which identifiers prove identity.
        source: Where the data comes from.
        data: What the source says of the customer.
        given: The customer's normalised identifiers.
        now: The present moment.
    """
    return _settle(connection, _held(connection, settings, source, given), data, given, now)


def _held(connection: Connection, settings: Settings, source: str, given: Sequence[Identifier]) -> Match:
    """Return whom these identifiers belong to once nobody else can ask or merge them."""
    held: set[int] = set()
    while True:
        match = find(connection, settings, source, given)
        persons = [each for each in (match.person_id, *match.same) if each is not None]
        if not persons or not needs_locks(connection):
            return match
        roots = {people.root_of(connection, each) for each in persons}
        if roots <= held:
            return match
        # While waiting, one of them may have been merged into somebody else: look again.
        lock_keys(connection, [f"person:{each}" for each in roots - held])
        held |= roots


def settle(
    connection: Connection,
    settings: Settings,
    source: str,
    data: CustomerData,
    given: Sequence[Identifier],
    now: datetime,
) -> Settled:
    """Store a customer as given, joined with what was known, and return customer and person.

    Args:
        connection: Inside a write that holds the identifiers' locks.
        settings: Says which identifiers prove identity.
        source: Where the data comes from.
        data: What the source says of the customer.
        given: The customer's normalised identifiers.
        now: The present moment.
    """
    return _settle(connection, find(connection, settings, source, given), data, given, now)


def _settle(
    connection: Connection, match: Match, data: CustomerData, given: Sequence[Identifier], now: datetime
) -> Settled:
    if match.customer_id is None or match.person_id is None:
        customer_id, person_id = people.add_customer(connection, new_customer(data), now)
        people.add_identifiers(connection, customer_id, given, now)
    else:
        customer_id, person_id = match.customer_id, match.person_id
        # What another customer of the same person is known by stays with that one, so that separating them restores it.
        others = people.customers_with(connection, given) if match.same else ()
        theirs = {Identifier(hit.kind, hit.value) for hit in others if hit.person_id in match.same}
        _update(connection, customer_id, data, [each for each in given if each not in theirs], now)
    for other in match.same:
        _merge_proven(connection, other, person_id, now)
    if len(match.maybe) <= _MOST_PROPOSED:
        for other, reason in match.maybe:
            _propose(connection, person_id, other, reason, now)
    return Settled(customer_id, person_id, match.customer_id is None)


def new_customer(data: CustomerData) -> dict[str, Any]:
    """Return the columns of a customer who was not known before."""
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
    lock_keys(connection, [MERGING])
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
