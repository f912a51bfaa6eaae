"""What happened after contacts: how many customers came back, of all whose time to do so has passed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from feedbackhub import Filters, Query, Reader
from feedbackhub.reporting import N_, Counted, Followed, ShareMeasure, Values, Words, days_of, followed
from feedbackhub.statistics import Agreement, Interval, design_effect, difference_of_clumped, wilson_of_clumped

__all__ = ["HORIZONS", "Horizon", "Observed", "measure_of", "observe", "said"]

BACK, AWAY = "back", "away"
#: What customers said, as it is kept beside their contacts.
SOLVED, UNSOLVED = 1, 2


@dataclass(frozen=True, slots=True)
class Horizon:
    """What counts as having come back.

    Args:
        name: Its name among the report's options.
        days: Within how many days.
        same: Whether about the same topic only.
        label: What its share is.
        head: The heading of its column.
    """

    name: str
    days: int
    same: bool
    label: str
    head: str

    def after(self, each: Followed) -> float:
        """Return after how many days a customer came back in this sense."""
        return each.after_same if self.same else each.after


HORIZONS: Mapping[str, Horizon] = {
    each.name: each
    for each in (
        Horizon("7", 7, False, N_("Came back within 7 days"), N_("Came back within 7 days %")),
        Horizon("14", 14, False, N_("Came back within 14 days"), N_("Came back within 14 days %")),
        Horizon("7-same", 7, True, N_("Came back within 7 days, same topic"), N_("Back within 7 days, same topic %")),
        Horizon(
            "14-same", 14, True, N_("Came back within 14 days, same topic"), N_("Back within 14 days, same topic %")
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class OfCustomers(ShareMeasure):
    """The share of contacts after which the customer came back, as sure as the customers behind them make it.

    Args:
        effect: The design effect: how many contacts are worth one of a customer's own.
        earlier: The same of the period before.
    """

    effect: float = 1.0
    earlier: float = 1.0

    def interval(self, values: Values, level: float = 0.95) -> Interval | None:
        """Return the score interval of so many contacts as they are worth."""
        return wilson_of_clumped(self.share(values), self.effect, level)

    def difference(self, one: Values, other: Values, level: float = 0.95) -> Interval | None:
        """Return the interval of the difference from the period before."""
        now, then = (self.share(one), self.effect), (self.share(other), self.earlier)
        return difference_of_clumped(now, then, level)


def measure_of(t: Words, horizon: Horizon, effect: float = 1.0, earlier: float = 1.0) -> OfCustomers:
    """Return what is measured: the share of contacts after which the customer came back.

    Args:
        t: The words.
        horizon: What counts as having come back.
        effect: The design effect of the contacts; of single groups and spans it is not known.
        earlier: That of the period before.
    """
    good, among = frozenset({BACK}), frozenset({BACK, AWAY})
    return OfCustomers(
        t(horizon.label), t(horizon.head), noun=t("Contacts"), good=good, among=among, effect=effect, earlier=earlier
    )


@dataclass(slots=True)
class Observed:
    """The contacts of one period by what came after them.

    Args:
        counted: How many customers came back and how many did not, for each horizon.
        young: Contacts that ended too short a time ago to say, for each horizon.
        strangers: Contacts whose customer is not known.
        customers: For each horizon how often each customer came back, and after how many contacts.
        answers: What customers said and whether they came back, for each horizon.
        alike: Every pair among `customers`, once.
    """

    counted: dict[str, Counted] = field(default_factory=lambda: {name: Counted() for name in HORIZONS})
    young: Counter[str] = field(default_factory=Counter)
    strangers: int = 0
    customers: dict[str, dict[int, tuple[int, int]]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, Counter[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(Counter))
    alike: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def add(self, each: Followed, topic: str, group: str) -> None:
        """Count a contact.

        Args:
            each: The contact and what came after it.
            topic: What it was about.
            group: The group it belongs to.
        """
        if not each.known:
            self.strangers += 1
            return
        for name, horizon in HORIZONS.items():
            if horizon.same and not topic:
                continue
            if each.age < horizon.days:
                self.young[name] += 1
                continue
            is_back = horizon.after(each) <= horizon.days
            value = BACK if is_back else AWAY
            self.counted[name].scores[each.day][value] += 1
            self.counted[name].groups[group][value] += 1
            times, contacts = self.customers[name].get(each.who, (0, 0))
            known = (times + is_back, contacts + 1)
            # Most customers are alike in this: one pair for all of them takes less memory.
            self.customers[name][each.who] = self.alike.setdefault(known, known)
            if each.mark and not horizon.same:
                self.answers[name][each.mark, is_back] += 1

    def effect(self, name: str) -> float:
        """Return how many contacts are worth one of a customer's own."""
        return design_effect(self.customers[name].values())

    def agreement(self, name: str) -> Agreement:
        """Return how what customers said goes with what they did: "not solved" with coming back."""
        found = self.answers[name]
        return Agreement(found[UNSOLVED, True], found[UNSOLVED, False], found[SOLVED, True], found[SOLVED, False])


def said(reader: Reader, query: Query) -> dict[str, int]:
    """Return what customers said of the contacts of some days: whether it was solved, by the contact's id.

    Answers that do not count, and those to a second ask after an answer, are left out.
    """
    since, until = days_of(query)
    filters = Filters(since, until, "contact", query.survey)
    found: dict[str, int] = {}
    columns = ("contact", "solved", "counted", "after_response")
    for batch in reader.batches("responses", filters, size=5000, only=columns):
        for contact, solved, counts, again in zip(*(batch.columns[name] for name in columns), strict=True):
            if contact and counts and not again and solved is not None:
                found[contact] = SOLVED if solved else UNSOLVED
    return found


def observe(reader: Reader, query: Query, since: date, now: datetime) -> tuple[Observed, Observed]:
    """Count the contacts of some days, and of the days before.

    Args:
        reader: What may be read.
        query: Which days, and of whom; which contacts follow is looked for among all.
        since: The first of the days before, or of the query's own days when they are not compared.
        now: The present moment.
    """
    columns = ("topic", *([query.by] if query.by else []), *query.where, *(["survey"] if query.survey else []))
    wanted = (*query.where.values(), *([query.survey] if query.survey else []))
    first, _ = days_of(query)
    start = datetime(since.year, since.month, since.day, tzinfo=first.tzinfo)
    period, before = Observed(), Observed()
    for each in _kept(followed(reader, (start, days_of(query)[1]), now, columns, said(reader, query)), wanted):
        group = each.values[1] if query.by else ""
        (period if each.day >= query.since else before).add(each, each.values[0], group)
    return period, before


def _kept(found: Iterable[Followed], wanted: tuple[str, ...]) -> Iterable[Followed]:
    """Yield the contacts whose last columns are these."""
    if not wanted:
        return found
    return (each for each in found if each.values[-len(wanted):] == wanted)
