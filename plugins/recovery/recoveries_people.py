"""Customers with a bad answer: whether it was made good in time, what that cost, and whether they stayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

__all__ = ["Behind", "Costs", "Followed", "Spans", "Spent", "Start", "cost_of", "followed_up"]


@dataclass(frozen=True, slots=True)
class Spent:
    """A gesture as far as money goes.

    Args:
        at: When it was made.
        kind: What it was.
        cents: What it cost, in hundredths of the currency; None where nobody said.
        currency: The currency, empty where nobody said.
    """

    at: datetime
    kind: str
    cents: int | None = None
    currency: str = ""


@dataclass(slots=True)
class Costs:
    """What gestures cost.

    Args:
        cents: By currency, in hundredths; currencies are never added.
        priced: How many gestures of each kind had a cost said.
        unpriced: How many of each kind had none.
        cents_of_kind: What the priced ones of each kind cost; means something while there is one currency only.
    """

    cents: Counter[str] = field(default_factory=Counter)
    priced: Counter[str] = field(default_factory=Counter)
    unpriced: Counter[str] = field(default_factory=Counter)
    cents_of_kind: Counter[str] = field(default_factory=Counter)

    def add(self, each: Spent) -> None:
        """Count a gesture; a cost without its currency says nothing."""
        if each.cents is None or (each.cents and not each.currency):
            self.unpriced[each.kind] += 1
            return
        self.priced[each.kind] += 1
        self.cents_of_kind[each.kind] += each.cents
        if each.cents:
            self.cents[each.currency] += each.cents


def cost_of(gestures: Iterable[Spent]) -> Costs:
    """Return what gestures cost."""
    found = Costs()
    for each in gestures:
        found.add(each)
    return found


@dataclass(slots=True)
class Behind:
    """What is known of a customer, whichever of the ids proven to be one they are known by.

    Args:
        gestures: What was done for them.
        came: When inbound contacts of theirs began.
        stayed: What the company's own system says of them, None where it says nothing.
    """

    gestures: list[Spent] = field(default_factory=list)
    came: list[datetime] = field(default_factory=list)
    stayed: bool | None = None


@dataclass(slots=True)
class Start:
    """A customer's bad answer, from which on they are followed.

    Args:
        who: The customer.
        at: When it came.
        score: What it was, from 0 to 100; None for no rating.
        segment: Their segment then, empty for none.
        group: The group that the report splits by, empty for none.
        cases: How many cases it led to.
        solved_at: When a case of theirs was closed as solved, None for never.
        arm: The arm that chance put them in, empty outside of trials.
    """

    who: str
    at: datetime
    score: float | None = None
    segment: str = ""
    group: str = ""
    cases: int = 0
    solved_at: datetime | None = None
    arm: str = ""


@dataclass(frozen=True, slots=True)
class Spans:
    """For how long customers are followed.

    Args:
        now: The present moment.
        within: How long after the answer it counts as made good in time.
        follow: How long after that they are followed.
        by_attribute: Whether the company's own system says who stayed, instead of contacts.
    """

    now: datetime
    within: timedelta
    follow: timedelta
    by_attribute: bool = False


@dataclass(frozen=True, slots=True)
class Followed:
    """A customer whose time to come back has passed.

    Args:
        start: Their bad answer.
        made_good: Whether something was done for them in time, or their case closed as solved in time.
        stayed: Whether they did; None where nothing is known.
        spent: The gestures made in time.
    """

    start: Start
    made_good: bool
    stayed: bool | None
    spent: Sequence[Spent]


def followed_up(start: Start, behind: Behind, spans: Spans) -> Followed | None:
    """Return what became of a customer, None while the time to come back has not passed.

    All are followed from the same moment, so many days after their answer: what was done until then decides what they
    are counted under, and what they do after it whether they stayed. Otherwise those who come back soon, and are given
    something because they did, would look won back by it (J. R. Anderson, K. C. Cain and R. D. Gelber, Journal of
    Clinical Oncology 1 (1983) 710-719: the landmark method).
    """
    landmark = start.at + spans.within
    end = landmark + spans.follow
    if end > spans.now:
        return None
    spent = [each for each in behind.gestures if start.at <= each.at <= landmark]
    solved = start.solved_at is not None and start.solved_at <= landmark
    came = any(landmark < each <= end for each in behind.came)
    return Followed(start, bool(spent) or solved, behind.stayed if spans.by_attribute else came, spent)
