"""A gesture beside no gesture, among people who were alike in what was known: an association, never more.

Agents chose for whom to do what. Weights make both groups alike in what was known before; what nobody noted, such as
how bad it was, stays different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from feedbackhub.statistics import (
    Association,
    Chosen,
    Interval,
    NotEstimable,
    Share,
    association,
    risk_e_value,
    risk_e_value_of_interval,
    two_arms,
)

from .gestures_read import KNOWN, Case

__all__ = ["APART", "LEAST", "NONE", "Beside", "beside_none", "groups_of", "share_good"]

#: Cases in which nothing was done.
NONE = frozenset[str]()
#: As many comparable people as each group needs at least.
LEAST = 100
#: Standardised differences beyond this say that the groups are still different people.
APART = 0.1
#: A value of a dimension that fewer people of either group have tells too little; so many are looked at.
COMMON, MOST = 10, 8

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """A gesture beside none.

    Args:
        gestures: What was done.
        found: What was found; None when the groups cannot be compared.
        known: What both groups were made alike in, in the order of the balance.
        e_value: How strongly something unmeasured would have to act to explain the plain ratio away; None without it.
        e_value_near: The same for the end of its interval that is nearer to no difference.
        why_not: ``few`` or ``apart`` when there is no comparison, else empty.
        level: The confidence of the interval.
    """

    gestures: Names
    found: Association | None
    known: tuple[str, ...] = ()
    e_value: float | None = None
    e_value_near: float | None = None
    why_not: str = ""
    level: float = 0.95

    @property
    def enough(self) -> bool:
        """Whether there are as many comparable people in each group as it takes."""
        return self.found is not None and min(self.found.effective_treated, self.found.effective_others) >= LEAST

    @property
    def estimate(self) -> tuple[float, Interval] | None:
        """The doubly robust difference with its interval, None where nothing may be compared."""
        if self.found is None or not self.enough:
            return None
        robust = self.found.logit or self.found.linear
        return (robust.value, robust.interval) if robust else None


def groups_of(cases: Sequence[Case]) -> dict[Names, list[Case]]:
    """Return the cases by what was done, in the order of the gestures' names."""
    found: dict[Names, list[Case]] = {}
    for case in cases:
        found.setdefault(case.gestures, []).append(case)
    return {names: found[names] for names in sorted(found, key=lambda names: (bool(names), sorted(names)))}


def share_good(cases: Sequence[Case]) -> Share:
    """Return how many later answers count, of those that came."""
    known = [case.outcome for case in cases if case.outcome is not None]
    return Share(sum(known), len(known))


def beside_none(cases: Sequence[Case]) -> list[Beside]:
    """Return each gesture beside none, each person with one case; nothing where none is a group of its own."""
    people = groups_of(_people(cases))
    others = people.get(NONE, ())
    named = [names for names in groups_of(cases) if names]
    level = 1 - 0.05 / max(1, len(named))
    return [_beside(names, people.get(names, ()), others, level) for names in named] if others else []


def _people(cases: Sequence[Case]) -> list[Case]:
    """Return the first case of each person whose later answer is known: nobody stands on both sides of a comparison."""
    found: dict[str, Case] = {}
    for at, case in enumerate(cases):
        if case.outcome is not None:
            found.setdefault(case.person or f"#{at}", case)
    return list(found.values())


def _beside(names: Names, one: Sequence[Case], other: Sequence[Case], level: float) -> Beside:
    if min(len(one), len(other)) < LEAST:
        return Beside(names, None, why_not="few", level=level)
    known = _known(one, other)
    people = [
        Chosen(treated, bool(case.outcome), tuple(_number(case, each) for each in known))
        for treated, cases in ((True, one), (False, other))
        for case in cases
    ]
    try:
        found = association(people, level)
    except NotEstimable:
        return Beside(names, None, why_not="apart", level=level)
    if found is None:
        return Beside(names, None, why_not="few", level=level)
    plain = two_arms(found.treated, found.others, level)
    ratio = plain.ratio if plain else None
    near = plain.ratio_interval if plain else None
    return Beside(
        names, found, tuple(name for name, _, _ in known),
        risk_e_value(ratio) if ratio else None, risk_e_value_of_interval(near) if near else None,
        "" if min(found.effective_treated, found.effective_others) >= LEAST else "few", level,
    )  # fmt: skip


#: What is known of a case as a number: its name, the place of its dimension (None: the score), and the value.
Known = tuple[str, int | None, str]


def _known(one: Sequence[Case], other: Sequence[Case]) -> list[Known]:
    """Return what both groups can be made alike in: the first rating, and values that enough of both have."""
    found: list[Known] = []
    scores = [case.score for case in (*one, *other)]
    if all(score is not None for score in scores) and len(set(scores)) > 1:
        found.append(("score", None, ""))
    values = list[tuple[int, Known]]()
    for at, name in enumerate(KNOWN):
        counts = [Counter(case.about[at] for case in cases) for cases in (one, other)]
        both = {value: counts[0][value] + counts[1][value] for value in {*counts[0], *counts[1]}}
        usual = max(both, key=lambda value: (both[value], value))
        values += [
            (n, (f"{name}: {value}", at, value)) for value, n in both.items()
            if value != usual and min(counts[0][value], counts[1][value]) >= COMMON
        ]  # fmt: skip
    values.sort(key=lambda each: (-each[0], each[1][0]))
    return [*found, *(each for _, each in values[:MOST])]


def _number(case: Case, known: Known) -> float:
    _, at, value = known
    return float(case.score or 0) / 100 if at is None else float(case.about[at] == value)
