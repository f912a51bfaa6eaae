"""Erasing a person: who they were and what they said goes, what is counted stays.

Scores, options chosen and the frozen dimensions stay, so that every number comes out as before. Of suppressions the
keyed hash stays, so that who opted out is not asked again.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError, NotFound, Unavailable
from ..contract.records import Identifier
from ..loop.core import Core
from ..loop.erase_later import absent, clear_work, erase_at, owe, reason_of, settle_debt
from ..loop.erased import mark_of
from ..loop.export_files import sweep
from ..loop.guards import PERSONAL
from ..loop.identify import MERGING
from ..loop.invite import DELIVER
from ..loop.settle import SETTLE
from ..loop.situation import suppressed_among
from ..loop.suppress import fingerprints, suppress_identifiers
from ..loop.tell import publish
from ..store.purge import RESPONSIVE, purge
from ..store.queries import erasing as rows
from ..store.queries import exports, inbound, open_links, people, rights, snapshots
from ..store.queries.locks import lock_keys
from ..surveys import Survey
from ..surveys.condition import Value
from .audit import record
from .rights import mentioned
from .whom import Whom, family_of

__all__ = ["Erased", "erase_person"]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Erased:
    """What became of an erasure.

    Args:
        customers: Public ids of the customers that are empty now; none when only plugins knew the person.
        counts: How many rows of each kind were emptied or removed.
        plugins: How many items each plugin removed.
        failed: Plugins that could not erase, with the kind of error; what they keep is still there.
        identifiers: What the person was known by: what to name when a plugin has to be asked again.
        purged: Whether nothing removed can be read in the files of a SQLite database any more. A large file is not
            rewritten on the way, nor can its log be emptied while somebody reads: `purge` does both later.
    """

    customers: tuple[str, ...]
    counts: Mapping[str, int]
    plugins: Mapping[str, int]
    failed: Mapping[str, str]
    identifiers: tuple[Identifier, ...] = field(repr=False)
    purged: bool = True

    @property
    def complete(self) -> bool:
        """Whether nothing is left anywhere."""
        return self.purged and not self.failed


def erase_person(core: Core, whom: Whom, by: str) -> Erased:
    """Erase a person from the database and from what plugins keep; doing so again is harmless.

    Args:
        core: The instance.
        whom: The person, by identifiers or by a customer's public id.
        by: Who erases, for the audit log.

    Raises:
        NotFound: Nobody is known by them, and no plugin keeps anything about them.
        Conflict: Several persons share these identifiers.
        Unavailable: The storage cannot take it now; nothing was erased.
    """
    named = () if isinstance(whom, str) else tuple(whom)
    try:
        known, surveys = _read(core, whom)
    except NotFound:
        return _only_kept(core, named)
    everything = tuple(dict.fromkeys((*named, *known)))
    done = core.store.write(lambda connection: _Erasure(connection, core, by, surveys).run(whom, everything))
    sweep(core)
    plugins, failed = _ask_keepers(core, everything, done.owed)
    return Erased(done.customers, done.counts, plugins, failed, everything, _purged(core))


def _purged(core: Core) -> bool:
    try:
        return purge(core.store, RESPONSIVE)
    except Unavailable as error:  # what is erased is erased; only its traces wait
        log.warning("the database's files could not be purged: %s", error)
        return False


def _only_kept(core: Core, named: tuple[Identifier, ...]) -> Erased:
    """Let plugins erase whom the database does not know, or knows no more."""
    plugins, failed = _ask_keepers(core, named, dict.fromkeys(core.plugins.keepers, "")) if named else ({}, {})
    now = core.clock.now()
    core.store.write(lambda connection: owe(connection, core, sorted(failed), named, now))
    if not failed and not any(plugins.values()):
        raise NotFound("nobody is known by these identifiers" if named else "there is no such customer")
    return Erased((), {}, plugins, failed, named)


def _ask_keepers(
    core: Core, identifiers: Sequence[Identifier], owed: Mapping[str, str]
) -> tuple[dict[str, int], dict[str, str]]:
    """Let each plugin erase at once; one that fails keeps no other from erasing, and is asked again by the engine.

    Args:
        core: The instance.
        identifiers: What the person is known by.
        owed: The plugins, with the key of the task that asks each again; empty for none yet.
    """
    erased: dict[str, int] = {}
    failed: dict[str, str] = {}
    for name, key in sorted(owed.items()):
        if name not in core.plugins.keepers:
            failed[name] = "is not active"
            continue
        try:
            erased[name] = erase_at(core, name, identifiers)
        except FeedbackhubError as error:
            failed[name] = reason_of(error)
            log.error("plugin %s could not erase a person: %s", name, failed[name])
        if key:
            settle_debt(core, key, failed.get(name, ""))
    return erased, failed


def _read(core: Core, whom: Whom) -> tuple[list[Identifier], dict[int, Survey]]:
    """Return what a person is known by, and the surveys that tell their words from their choices."""
    with core.store.read() as connection:
        ids = family_of(connection, whom)
        known = [each for _, each in people.identifiers_of(connection, ids)]
        versions = {row.survey_version_id for row in rights.invitations_of(connection, ids)}
    return known, {each: core.shelf.version(each).survey for each in sorted(versions)}


@dataclass(frozen=True)
class _Done:
    customers: tuple[str, ...]
    counts: Mapping[str, int]
    owed: Mapping[str, str]


class _Erasure:
    """One erasure inside its transaction."""

    def __init__(self, connection: Connection, core: Core, by: str, surveys: Mapping[int, Survey]) -> None:
        self._connection, self._core, self._by, self._surveys = connection, core, by, surveys
        self._now: datetime = core.clock.now()
        self._counts: Counter[str] = Counter()

    def run(self, whom: Whom, known: Sequence[Identifier]) -> _Done:
        """Erase everything in the database."""
        connection = self._connection
        lock_keys(connection, [f"{each.kind}:{each.value}" for each in known])
        lock_keys(connection, [MERGING])
        ids = family_of(connection, whom)
        lock_keys(connection, [f"customer:{each}" for each in ids])
        customers = rights.customers_of(connection, ids)
        given = [each for _, each in people.identifiers_of(connection, ids)]
        invitations = rows.lock_invitations(connection, ids)
        self._inbox(invitations, given)
        self._asks(invitations)
        self._words(ids)
        self._requests(ids, given)
        self._contacts(ids)
        self._suppressions(given)
        self._exports()
        snapshots.forget_all(connection)  # any of them may quote them
        self._counts["gestures"] = rows.clear_gestures(connection, ids)
        self._counts["identifiers"] = rows.remove_identifiers(connection, ids)
        persons = sorted({row.person_id for row in customers})
        rows.clear_links(connection, persons, self._by, self._now)
        fresh = rows.clear_customers(connection, ids, self._now)
        self._tell(ids, fresh)
        everything = tuple(dict.fromkeys((*known, *given)))
        if called_off := clear_work(connection, self._core, everything, mentioned(everything), self._now):
            self._counts["plugin_work"] = called_off
        keepers = sorted({*self._core.plugins.keepers, *absent(connection, self._core)})
        owed = owe(connection, self._core, keepers, everything, self._now)
        return _Done(tuple(row.public_id for row in customers), dict(self._counts), owed)

    def _inbox(self, invitations: Sequence[int], given: Sequence[Identifier]) -> None:
        items = rights.inbox_of(self._connection, invitations, fingerprints(self._core.links, given), mentioned(given))
        rows.clear_inbox(self._connection, [item.id for item in items])
        self._counts["messages_received"] = len(items)

    def _requests(self, ids: Sequence[int], given: Sequence[Identifier]) -> None:
        """Empty what other systems told of them; what nobody could read yet is searched for their addresses."""
        numbers = [row.id for row in rows.contacts_of(self._connection, ids)]
        found = inbound.about(self._connection, numbers, written(mentioned(given)))
        inbound.clear(self._connection, found, self._now)
        if found:
            self._counts["requests_received"] = len(found)

    def _asks(self, invitations: Sequence[int]) -> None:
        connection, now = self._connection, self._now
        stopped = rows.close_invitations(connection, invitations, now)
        deliveries = rows.clear_deliveries(connection, invitations)
        references = [str(each) for each in deliveries]
        rows.clear_tasks(connection, DELIVER, references)
        rows.end_tasks(connection, DELIVER, references, now)
        for each in stopped:
            publish(connection, "invitation.cancelled", now, {"invitation": each})
        self._counts.update(deliveries=len(deliveries), invitations=len(invitations), cancelled=len(stopped))

    def _words(self, ids: Sequence[int]) -> None:
        """Take out every answer in a person's own words; what was chosen from options or a scale stays."""
        connection = self._connection
        found = rows.responses_of(connection, ids)
        surveys = {row.id: self._surveys.get(row.survey_version_id) for row in found}
        for row in found:
            kept = chosen(surveys[row.id], row.answers)
            self._counts["answers"] += rows.keep_answers(connection, row.id, kept)
        for row in rows.revisions_of(connection, list(surveys)):
            rows.keep_revision(connection, row.response_id, row.number, chosen(surveys[row.response_id], row.answers))
        rows.clear_responses(connection, list(surveys), self._now)
        rows.clear_tasks(connection, SETTLE, [str(each) for each in surveys])
        self._counts["responses"] = len(found)

    def _contacts(self, ids: Sequence[int]) -> None:
        connection = self._connection
        found = rows.contacts_of(connection, ids)
        shifts: dict[tuple[str, str], int] = {}
        for row in found:
            if row.external_id.startswith(rows.MARK):
                continue  # of an erasure before this one
            mark = mark_of(self._core.links, row.source, row.external_id)
            # Somebody may have been erased before under the same id.
            shift = shifts.setdefault((row.source, mark), rows.last_resolution(connection, row.source, mark))
            rows.clear_contact(connection, row.id, mark, shift + row.resolution)
        numbers = [row.id for row in found]
        rows.clear_decisions(connection, numbers)
        open_links.forget_claims(connection, numbers)
        self._counts["idempotency_keys"] = rows.remove_idempotency(connection, numbers)
        self._counts["contacts"] = len(found)

    def _exports(self) -> None:
        """Offer no file any more that may hold them, which is every one that was begun before this moment."""
        withdrawn = exports.withdraw_all(self._connection, "removed because a person was erased")
        if withdrawn:
            self._counts["exports"] = withdrawn

    def _suppressions(self, given: Sequence[Identifier]) -> None:
        """Keep hashes only; who must not be asked under one identifier must not be under the others either."""
        connection, links = self._connection, self._core.links
        reasons = suppressed_among(connection, links, given)
        personal = sorted({reason for reason in reasons.values() if reason in PERSONAL}, key=PERSONAL.index)
        if personal:
            others = [each for each in given if reasons.get(each) not in PERSONAL]
            suppress_identifiers(connection, links, others, personal[0], "", self._by, self._now)
        rows.clear_suppressions(connection, fingerprints(self._core.links, given))

    def _tell(self, ids: Sequence[int], fresh: Sequence[str]) -> None:
        for name in fresh:
            record(self._connection, self._now, self._by, "customer.erased", f"customer:{name}", dict(self._counts))
        if fresh:
            publish(self._connection, "customer.erased", self._now, {"customers": list(ids)})


def written(texts: Sequence[str]) -> list[str]:
    """Return texts in each way that forms and JSON write them."""
    ways = ((text, quote(text, safe=""), json.dumps(text)[1:-1]) for text in texts)
    return sorted({way for each in ways for way in each})


def chosen(survey: Survey | None, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the answers that are no words of the customer's own: points of a scale and options of the survey."""
    return {name: value for name, value in values.items() if _is_chosen(survey, name, value)}


def _is_chosen(survey: Survey | None, name: str, value: Value) -> bool:
    if isinstance(value, (bool, int)):
        return True
    question = survey.question(name) if survey is not None else None
    if question is None or question.kind.value == "text":
        return False
    picked = value if isinstance(value, list) else [value]
    return all(question.option(each) is not None for each in picked)
