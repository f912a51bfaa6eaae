"""Replay recorded contacts through another ask policy, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.records import Agent, Contact, Customer, History, Identifier, PastAsk
from ..loop.contained import contained_rules
from ..loop.core import Core
from ..loop.decide import Verdict, decide
from ..loop.guards import Situation
from ..machinery.plugins import Plugins
from ..machinery.settings import Settings
from ..store.queries import invitations, replays
from ..store.types import AnyRow

ASKED = "asked"


@dataclass(frozen=True)
class Replay:
    """What another policy would have done.

    Args:
        since: From when on contacts were replayed.
        contacts: How many.
        before: How many by what really decided: ``asked`` or the rule that spoke against it.
        after: The same under the replayed policy.
        twice: How often people would have been asked in that time, by public id; only those more than once.
        changed: How many contacts would have been decided otherwise.
    """

    since: datetime
    contacts: int
    before: Counter[str]
    after: Counter[str]
    twice: dict[str, int]
    changed: int


def replay(core: Core, settings: Settings, plugins: Plugins, span: timedelta) -> Replay:
    """Decide anew on every contact recorded within a span, each with the past that the new policy makes.

    Who was not to be asked is taken from that moment, all else about a person as it is now. Imported and test contacts
    are left out.

    Args:
        core: The instance whose contacts are read.
        settings: Hold the policy to try.
        plugins: Bring the rules and channels, made from these settings.
        span: How far back.
    """
    since = core.clock.now() - span
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    changed = 0
    with core.store.read() as connection:
        for row, verdict in _verdicts(connection, core, settings, plugins, since):
            was = ASKED if row.outcome == "ask" else row.rule
            would = ASKED if verdict.ask is not None else verdict.decision.rule
            before[was] += 1
            after[would] += 1
            changed += (was == ASKED) != (would == ASKED)
            if verdict.ask is not None and row.customer_public_id:
                asked[row.customer_public_id] += 1
    twice = {who: n for who, n in asked.most_common() if n > 1}
    return Replay(since, before.total(), before, after, twice, changed)


def _verdicts(
    connection: Connection, core: Core, settings: Settings, plugins: Plugins, since: datetime
) -> Iterator[tuple[AnyRow, Verdict]]:
    past = _Past(connection, core, since)
    types = {row.survey: core.shelf.version(row.id).survey.type for row in invitations.versions_of(connection)}
    rules = contained_rules(core, plugins)
    for row in replays.contacts_since(connection, since):
        situation = past.situation(row, plugins)
        verdict = decide(settings, situation, rules, types.get)
        past.remember(row, verdict)
        yield row, verdict


class _Past:
    """What is known of everybody: identifiers, suppressions, and the asks so far under the replayed policy."""

    def __init__(self, connection: Connection, core: Core, since: datetime) -> None:
        self._merged = replays.merged_persons(connection)
        self._known: dict[int, list[Identifier]] = {}
        for row in replays.all_identifiers(connection):
            self._known.setdefault(self._root(row.person_id), []).append(Identifier(row.kind, row.value))
        self._reasons = replays.all_fingerprints(connection)
        self._links = core.links
        self._asks: dict[int, list[PastAsk]] = {}
        for row in replays.asks_before(connection, since):
            ask = PastAsk(row.survey_type, row.asked_at, row.state == "answered")
            self._asks.setdefault(self._root(row.person_id), []).append(ask)

    def _root(self, person_id: int) -> int:
        while person_id in self._merged:
            person_id = self._merged[person_id]
        return person_id

    def situation(self, row: AnyRow, plugins: Plugins) -> Situation:
        """Return what the decision looks at."""
        root = self._root(row.person_id) if row.person_id is not None else 0
        known, asks = tuple(self._known.get(root, ())), self._asks.get(root, [])
        newest_first = tuple(sorted(asks, key=lambda ask: ask.asked_at, reverse=True))
        history = History(row.recorded_at, newest_first)
        return Situation(_contact(row, known), history, plugins.channels, self._suppressed(known, row.recorded_at))

    def _suppressed(self, known: tuple[Identifier, ...], at: datetime) -> dict[Identifier, str]:
        if not self._reasons:
            return {}
        found = {}
        for each in known:
            prints = self._links.fingerprints(each.kind, each.value)
            reasons = [self._reasons[print_] for print_ in prints if print_ in self._reasons]
            before = [reason for reason, since in reasons if since <= at]
            if before:
                found[each] = before[0]
        return found

    def remember(self, row: AnyRow, verdict: Verdict) -> None:
        """Add an ask to the person's past; one that a reopening would have cancelled was never made."""
        ask = verdict.ask
        if ask is None or row.person_id is None:
            return
        if row.reopened_at is not None and row.reopened_at <= ask.due_at:
            return
        self._asks.setdefault(self._root(row.person_id), []).append(PastAsk(ask.survey_type, ask.due_at, False))


def _contact(row: AnyRow, known: tuple[Identifier, ...]) -> Contact:
    customer = None
    if row.customer_id is not None:
        customer = Customer(
            public_id=row.customer_public_id,
            name=row.customer_name,
            language=row.language,
            timezone=row.timezone,
            segment=row.segment,
            country=row.country,
            identifiers=known,
            attributes=row.customer_attributes,
        )
    agent = Agent(row.agent_public_id, row.agent_name, row.team) if row.agent_id is not None else None
    return Contact(
        public_id=row.public_id,
        source=row.source,
        external_id=row.external_id,
        resolution=row.resolution,
        channel=row.channel,
        ended_at=row.ended_at,
        started_at=row.started_at,
        customer=customer,
        agent=agent,
        team=row.team,
        topic=row.topic,
        product=row.product,
        brand=row.brand,
        language=row.language,
        segment=row.segment,
        country=row.country,
        tags=tuple(row.tags),
        direction=row.direction,
        closed_by=row.closed_by,
        url=row.url,
        ask=row.ask,
        attributes=row.attributes,
    )
