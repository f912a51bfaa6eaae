"""What a report on recoveries reads: cases, answers, gestures, and what customers did afterwards; each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from feedbackhub import DIMENSIONS, Filters, Hub, Problem, Query, Refused
from feedbackhub.reporting import days_of

from .book import Cases
from .book import Wanted as WantedCases
from .case import Case
from .recoveries_people import Behind, Costs, Spent, Start

__all__ = ["UNKNOWN", "GestureKind", "Second", "Seen", "Trial", "look"]

SIZE = 5000
INBOUND, SEGMENT = "inbound", "segment"
#: Answers settle before a case is opened, so that a case may lie a little later than its answer.
SLACK = timedelta(days=2)
SOLVED = "solved"
#: An ask that was sent and may still be answered.
WAITING = "sent"
#: The question of an answer that was not read.
UNKNOWN: tuple[str, Any] = ("", None)
#: Kind, manner and currency of gestures.
GestureKind = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Second:
    """A first or second answer, to be held against the other.

    Args:
        score: From 0 to 100, None for no rating.
        question: Which question it rates, with its best value: ratings of another one are not the same scale.
    """

    score: float | None
    question: tuple[str, Any]


@dataclass(slots=True)
class Trial:
    """Customers whom chance put into the arms of one experiment.

    Args:
        starts: By customer.
        untreated: Names of the arms in which nothing is given.
        twice: Customers found in several arms, who cannot be counted under any.
    """

    starts: dict[str, Start] = field(default_factory=dict)
    untreated: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Seen:
    """What was read.

    Args:
        cases: The cases opened in the days asked for.
        firsts: The answers that opened them, as far as they are there, by id.
        seconds: Second answers by the id of the first one.
        asked: Ids of first answers after which a second ask was sent, and whether its time to be answered is over.
        gestures: Gestures made in the days asked for, with what they cost.
        starts: Each customer's first bad answer of the days asked for, by customer.
        strangers: Bad answers whose customer is not known.
        behind: What is known of customers who are followed.
        trials: Experiments by their id.
    """

    cases: list[Case] = field(default_factory=list)
    firsts: dict[str, Second] = field(default_factory=dict)
    seconds: dict[str, Second] = field(default_factory=dict)
    asked: dict[str, bool] = field(default_factory=dict)
    gestures: dict[GestureKind, Costs] = field(default_factory=lambda: defaultdict(Costs))
    starts: dict[str, Start] = field(default_factory=dict)
    strangers: int = 0
    behind: dict[str, Behind] = field(default_factory=lambda: defaultdict(Behind))
    trials: dict[str, Trial] = field(default_factory=lambda: defaultdict(Trial))


def look(hub: Hub, query: Query, attribute: str, stayed: str) -> Seen:
    """Read what a report needs.

    Args:
        hub: The plugin's hub.
        query: Which days, and of whom.
        attribute: Attribute of customers that says whether they stayed; empty where contacts tell.
        stayed: What it says of those who did.

    Raises:
        Refused: A dimension is none.
    """
    for name in filter(None, (query.by, *query.where)):
        if name not in DIMENSIONS:
            raise Refused(Problem("by" if name == query.by else name, "is no dimension that is counted"))
    reading = _Reading(hub, query)
    reading.answers()
    reading.cases()
    reading.gestures()
    if attribute:
        reading.attributes(attribute, stayed.casefold())
    else:
        reading.contacts()
    return reading.seen


class _Reading:
    """Goes through the records.

    Args:
        hub: The plugin's hub.
        query: Which days, and of whom.
    """

    def __init__(self, hub: Hub, query: Query) -> None:
        self._hub, self._query = hub, query
        self._since, self._until = days_of(query)
        self._merged = hub.read.merged()
        self._dimensions = [name for name in DIMENSIONS if name in {SEGMENT, query.by, *query.where}]
        self._every = Cases(hub).listing(WantedCases(since=self._since), size=0)
        self._opened_by = {each.response for each in self._every}
        #: Whose bad answers of the days are which.
        self._bad: dict[str, str] = {}
        self.seen = Seen()

    def _who(self, customer: str | None) -> str:
        return self._merged.get(customer, customer) if customer else ""

    def _rows(self, records: Any, filters: Filters, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        names = list(dict.fromkeys(names))
        for batch in self._hub.read.batches(records, filters, size=SIZE, only=names):
            yield from zip(*(batch.columns[name] for name in names), strict=True)

    def _fits(self, dimensions: Mapping[str, Any], survey: str | None) -> bool:
        wanted = all((dimensions.get(name) or "") == value for name, value in self._query.where.items())
        return wanted and self._query.survey in ("", survey)

    def answers(self) -> None:
        """Find each customer's first bad answer, and the second answers."""
        names = [
            "id", "customer", "answered_at", "contact_at", "score", "low", "counted", "survey", "question",
            "rating_max", "after_response", *self._dimensions,
        ]  # fmt: skip
        for row in self._rows("responses", Filters(since=self._since - SLACK), names):
            each = dict(zip(names, row, strict=True))
            second = Second(each["score"], (each["question"], each["rating_max"]))
            if each["id"] in self._opened_by:
                self.seen.firsts[each["id"]] = second
            if not each["counted"]:
                continue
            if each["after_response"]:
                self.seen.seconds.setdefault(each["after_response"], second)
            elif each["low"] and self._fits(each, each["survey"]):
                self._bad_answer(each)

    def _bad_answer(self, each: Mapping[str, Any]) -> None:
        at: datetime = each["answered_at"]
        day = each["contact_at"] if self._query.basis == "contact" else at
        if day is None or not self._since <= day < self._until:
            return
        who = self._who(each["customer"])
        if not who:
            self.seen.strangers += 1
            return
        self._bad[each["id"]] = who
        group = str(each[self._query.by] or "") if self._query.by else ""
        start = Start(who, at, each["score"], each["segment"] or "", group)
        if who not in self.seen.starts or at < self.seen.starts[who].at:
            self.seen.starts[who] = start

    def cases(self) -> None:
        """Find the cases opened in these days, those of customers who are followed, and who was asked again."""
        for case in self._every:
            fits = self._fits(case.dimensions, case.survey)
            # Staff may open a case for an answer that is older than what was read.
            self.seen.firsts.setdefault(case.response, Second(case.score, UNKNOWN))
            if fits and case.opened_at < self._until:
                self.seen.cases.append(case)
            if fits and case.trial and case.opened_at < self._until:
                self._trial(case, case.trial)
            for who in {self._bad[each] for each in (case.response, *case.joined) if each in self._bad}:
                start = self.seen.starts[who]
                start.cases += 1
                if case.outcome == SOLVED and case.closed_at is not None:
                    start.solved_at = min(filter(None, (start.solved_at, case.closed_at)))
        sent = self._hub.read.grouped("invitations", ["after_response", "state"], Filters(since=self._since))
        for first, state in (each.values for each in sent):
            if first:
                self.seen.asked[first] = self.seen.asked.get(first, False) or state != WAITING

    def _trial(self, case: Case, given: Mapping[str, Any]) -> None:
        who, experiment, arm = self._who(case.customer), str(given.get("experiment", "")), str(given.get("arm", ""))
        if not who or not experiment or not arm:
            return
        trial = self.seen.trials[experiment]
        if not given.get("apology") and not given.get("compensation"):
            trial.untreated.add(arm)
        known = trial.starts.get(who)
        if known is not None and known.arm != arm:
            trial.twice.add(who)
        if known is None:
            segment = str(case.dimensions.get("segment") or "")
            trial.starts[who] = Start(who, case.opened_at, case.score, segment, cases=1, arm=arm)

    def _followed(self) -> set[str]:
        return {*self.seen.starts, *(who for trial in self.seen.trials.values() for who in trial.starts)}

    def gestures(self) -> None:
        """Count the gestures of these days, and keep those to customers who are followed."""
        names = ["at", "kind", "manner", "cost_cents", "currency", "withdrawn_at", "customer", "survey"]
        names += self._dimensions
        followed = self._followed()
        for row in self._rows("gestures", Filters(since=self._since - SLACK), names):
            each = dict(zip(names, row, strict=True))
            if each["withdrawn_at"] is not None:
                continue
            spent = Spent(each["at"], each["kind"], each["cost_cents"], each["currency"] or "")
            who = self._who(each["customer"])
            if who in followed:
                self.seen.behind[who].gestures.append(spent)
            if self._since <= spent.at < self._until and self._fits(each, each["survey"]):
                key = (spent.kind, each["manner"] or "", spent.currency if spent.cents else "")
                self.seen.gestures[key].add(spent)

    def contacts(self) -> None:
        """Find when customers who are followed made contact again."""
        followed, names = self._followed(), ("customer", "direction", "started_at", "ended_at")
        for customer, direction, started, ended in self._rows("contacts", Filters(since=self._since), names):
            who = self._who(customer)
            if direction == INBOUND and who in followed:
                # One that began after it ended was noted wrongly; its end is what is sure.
                self.seen.behind[who].came.append(min(started or ended, ended))

    def attributes(self, name: str, stayed: str) -> None:
        """Find what the company's own system says of customers who are followed; of who was erased it says nothing."""
        followed = self._followed()
        rows = {who: who for who in followed} | {
            other: first for other, first in self._merged.items() if first in followed
        }
        said: dict[str, set[str]] = defaultdict(set)
        for customer, value in self._hub.read.attribute_of(sorted(rows), name).items():
            said[rows[customer]] |= {value.strip().casefold()} - {""}
        for who, values in said.items():
            # Of several rows of one person, the one that is still a customer tells.
            self.seen.behind[who].stayed = stayed in values if values else None
