"""Everything that a report on recoveries found, before it is put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from feedbackhub import Hub, Query
from feedbackhub.reporting import before, days_of
from feedbackhub.reporting.assumptions import CURRENCY, Held

from .book import Cases
from .book import Wanted as WantedCases
from .money_assumptions import ATTRIBUTE, MARGIN, STAYED, WORK
from .recoveries_again import Again, asked_again
from .recoveries_cases import CaseCounts, by_group, count_cases, waits
from .recoveries_money import Account, Money, account
from .recoveries_people import Behind, Followed, Spans, Start, cost_of, followed_up
from .recoveries_read import Seen, Trial, look
from .recoveries_retention import Kept, compare, compare_arms
from .recoveries_times import Median
from .settings import Settings

__all__ = ["FOLLOW", "WITHIN", "Found", "GroupFound", "find"]

#: How many days after the answer something counts as made good in time, and for how many more customers are followed.
WITHIN, FOLLOW = "14", "30"


@dataclass(frozen=True)
class GroupFound:
    """What was found of one group.

    Args:
        cases: Its cases.
        again: Its second answers.
        kept: Whether its customers stay.
    """

    cases: CaseCounts
    again: Again
    kept: Kept


@dataclass(frozen=True)
class Found:
    """What was found.

    Args:
        query: What was asked for.
        held: The assumptions.
        within, follow: Days, as chosen.
        cases: Counts of the cases opened in the days asked for.
        taken_before: How many were taken on in time in the days before, None when they are not compared.
        taken, closing: Median waits.
        again: Second answers.
        seen: What was read.
        young: How many customers cannot be followed to the end yet.
        kept: Whether customers stay, by what was done for them.
        trials: The same by experiment, as chance put them.
        lead: The experiment that the money rests on, empty where it rests on what was done.
        account: What the money is worked out from.
        money: What it comes to.
        groups: What was found of each group, none without a split.
    """

    query: Query
    held: Mapping[str, Held]
    within: int
    follow: int
    cases: CaseCounts
    taken_before: Counter[str] | None
    taken: Median
    closing: Median
    again: Again
    seen: Seen
    young: int
    kept: Kept
    trials: Mapping[str, Kept]
    lead: str
    account: Account
    money: Money
    groups: Mapping[str, GroupFound]

    @property
    def by_attribute(self) -> bool:
        """Whether the company's own system says who stayed."""
        return bool(self.held[ATTRIBUTE].word)

    @property
    def shown(self) -> Kept:
        """The difference that the money rests on."""
        return self.account.kept


def find(hub: Hub, query: Query, held: Mapping[str, Held]) -> Found:
    """Find out what a query asks for.

    Args:
        hub: The plugin's hub.
        query: Which days, and of whom.
        held: The assumptions.
    """
    now, hours = hub.clock.now(), hub.settings(Settings).hours.calendar(hub.timezone)
    within, follow = (int(query.options.get(name) or default) for name, default in _OPTIONS)
    attribute = held[ATTRIBUTE].word
    spans = Spans(now, timedelta(days=within), timedelta(days=follow), bool(attribute))
    seen = look(hub, query, attribute, held[STAYED].word)
    followed = _followed(seen, seen.starts.values(), spans)
    kept = compare(followed, by_month=spans.by_attribute)
    arms = {name: _arms(seen, trial, spans) for name, trial in seen.trials.items()}
    trials = {name: compare_arms(of, frozenset(seen.trials[name].untreated)) for name, of in arms.items()}
    lead = max((name for name in trials if trials[name].interval), key=lambda name: trials[name].compared, default="")
    of = _account(held, kept, followed)
    if lead:
        of = _trial_account(held, trials[lead], arms[lead], seen.trials[lead])
    taken, closing = waits(seen.cases, hours, now)
    return Found(
        query, held, within, follow, count_cases(seen.cases, now), _before(hub, query) if query.compare else None,
        taken, closing, asked_again(seen, (each.response for each in seen.cases)), seen,
        len(seen.starts) - len(followed), kept, trials, lead, of, account(of),
        _groups(hub, query, seen, followed, spans) if query.by else {},
    )  # fmt: skip


_OPTIONS = (("within", WITHIN), ("follow", FOLLOW))


def _followed(seen: Seen, starts: Iterable[Start], spans: Spans) -> list[Followed]:
    nothing = Behind()
    found = (followed_up(each, seen.behind.get(each.who, nothing), spans) for each in starts)
    return [each for each in found if each is not None]


def _arms(seen: Seen, trial: Trial, spans: Spans) -> list[Followed]:
    starts = [start for who, start in trial.starts.items() if who not in trial.twice]
    return _followed(seen, starts, spans)


def _account(held: Mapping[str, Held], kept: Kept, followed: Sequence[Followed]) -> Account:
    known = [each for each in followed if each.stayed is not None]
    costs = cost_of(spent for each in known if each.made_good for spent in each.spent)
    return _with_assumptions(held, Account(kept, costs, sum(each.start.cases for each in known)))


def _trial_account(held: Mapping[str, Held], kept: Kept, arms: Sequence[Followed], trial: Trial) -> Account:
    treated = [each for each in arms if each.stayed is not None and each.start.arm not in trial.untreated]
    costs = cost_of(spent for each in treated for spent in each.spent)
    return _with_assumptions(held, Account(kept, costs, sum(each.start.cases for each in treated)))


def _with_assumptions(held: Mapping[str, Held], of: Account) -> Account:
    return replace(of, currency=held[CURRENCY].word, margin=held[MARGIN].range, work=held[WORK].range)


def _before(hub: Hub, query: Query) -> Counter[str]:
    since, until = days_of(before(query))
    cases = Cases(hub).listing(WantedCases(since=since, until=until, survey=query.survey), size=0)
    fitting = [
        each for each in cases
        if all((each.dimensions.get(name) or "") == value for name, value in query.where.items())
    ]  # fmt: skip
    return count_cases(fitting, hub.clock.now()).taken


def _groups(
    hub: Hub, query: Query, seen: Seen, followed: Sequence[Followed], spans: Spans
) -> Mapping[str, GroupFound]:  # fmt: skip
    cases, now = by_group(seen.cases, query.by), hub.clock.now()
    people: dict[str, list[Followed]] = {}
    for each in followed:
        people.setdefault(each.start.group, []).append(each)
    names = sorted({*cases, *people}, key=lambda name: (not name, name.casefold(), name))
    return {
        name: GroupFound(
            count_cases(cases.get(name, ()), now),
            asked_again(seen, (each.response for each in cases.get(name, ()))),
            compare(people.get(name, []), spans.by_attribute),
        )
        for name in names
    }
