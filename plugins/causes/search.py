"""Which places give more bad answers than all others, held against chance and against each other.

With hundreds of places some look bad by chance. A place is called a cause only when an exact test, adjusted for all
places looked at (Holm), and the interval of its difference from the rest, adjusted likewise (Bonferroni), both say so.
Where several cases are one customer's, both take them for as many as they are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedbackhub.statistics import HIDDEN_BELOW, Interval, Share, difference_of_clumped, fisher_more, holm, thinned

from .cells import Cells, Place
from .clumps import Clumps
from .explaining import Reason, explain

__all__ = ["SURE", "Search", "Tested", "search"]

#: How often at most chance may call anything a cause where there is none: stricter than usual, for such a report is
#: looked at again and again, each time with other days and filters.
SURE = 0.01
#: So many that look like causes are held against each other; what follows them weighs less than all of these.
MOST_COMPARED = 60


@dataclass(frozen=True, slots=True)
class Tested:
    """A place with enough answers, held against all other answers.

    Args:
        place: Where.
        own: Its bad answers.
        rest: Those of everywhere else.
        difference: Its share less that of the rest, with the adjusted interval.
        chance: How likely chance alone would give it so many, adjusted for all places looked at.
    """

    place: Place
    own: Share
    rest: Share
    difference: Interval
    chance: float

    @property
    def is_worse(self) -> bool:
        """Whether it is shown to give more bad answers than the rest."""
        return self.chance < SURE and self.difference.low > 0

    @property
    def excess(self) -> float:
        """How many bad answers fewer there would be, were it as good as the rest."""
        return self.own.part - self.own.whole * self.rest.part / self.rest.whole

    @property
    def excess_interval(self) -> Interval:
        """The interval of `excess`."""
        return self.difference.times(self.own.whole)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found.

    Args:
        causes: What gives more bad answers than the rest and is explained by nothing else, what weighs most first.
        explained: What also does, but only because of a cause, each with the reason.
        others: All else that was tested, by name.
        level: The confidence of the intervals, adjusted for all that were tested.
        small: How many places had too few answers to be tested.
    """

    causes: Sequence[Tested]
    explained: Sequence[tuple[Tested, Reason]]
    others: Sequence[Tested]
    level: float
    small: int

    @property
    def tested(self) -> int:
        """How many places were tested."""
        return len(self.causes) + len(self.explained) + len(self.others)


def search(crosses: Sequence[Cells], only: str = "", clumps: Clumps | None = None) -> Search:
    """Find where bad answers come from.

    Args:
        crosses: The same answers, crossed by different dimensions.
        only: Look only at places that name this dimension; empty for all.
        clumps: How those of one customer belong together, where that matters.
    """
    clumps = clumps or Clumps()
    every = {place: (own, _rest(cells.whole, own)) for cells in crosses for place, own in cells.places().items()}
    found = {place: both for place, both in every.items() if not only or only in dict(place)}
    singles: dict[Place, int] = {place: own.whole for place, (own, _) in every.items() if len(place) == 1}
    wanted = {place: both for place, both in found.items() if _worth_testing(place, *both, singles, clumps)}
    level = 1 - SURE / max(1, len(wanted))
    effects = {place: (clumps.effect(place, own), clumps.kind(place)) for place, (own, _) in wanted.items()}
    chances = [_chance(*both, *effects[place]) for place, both in wanted.items()]
    tested = [
        Tested(place, own, rest, _difference((own, effects[place][0]), (rest, effects[place][1]), level), chance)
        for (place, (own, rest)), chance in zip(wanted.items(), holm(chances), strict=True)
    ]
    worse = sorted((each for each in tested if each.is_worse), key=_weight)[:MOST_COMPARED]
    reasons: dict[Place, Reason] = {}
    for cells in crosses:
        here = [each.place for each in worse if {name for name, _ in each.place} <= set(cells.dimensions)]
        reasons |= explain(cells, here, level)
    ruled_out = {each.place for each in worse}
    return Search(
        [each for each in worse if each.place not in reasons],
        [(each, reasons[each.place]) for each in worse if each.place in reasons],
        sorted((each for each in tested if each.place not in ruled_out), key=_name),
        level,
        len(found) - len(wanted),
    )


def _rest(whole: Share, own: Share) -> Share:
    return Share(whole.part - own.part, whole.whole - own.whole)


def _worth_testing(place: Place, own: Share, rest: Share, singles: dict[Place, int], clumps: Clumps) -> bool:
    """Tell whether a place has answers enough, and says something else than one of its parts alone."""
    if min(clumps.customers(place, own), rest.whole) < HIDDEN_BELOW:
        return False
    return len(place) == 1 or all(singles[part,] - own.whole >= HIDDEN_BELOW for part in place)


def _chance(own: Share, rest: Share, effect: float, its: float) -> float:
    """Return how likely chance alone makes a place differ so much from the rest."""
    return min(1.0, 2 * fisher_more(thinned(own, effect), thinned(rest, its)))


def _difference(own: tuple[Share, float], rest: tuple[Share, float], level: float) -> Interval:
    found = difference_of_clumped(own, rest, level)
    assert found is not None, "both sides have answers"
    return found


def _weight(found: Tested) -> tuple[float, int, Place]:
    """Sort by what weighs most; by name where that is equal."""
    return -found.excess, len(found.place), found.place


def _name(found: Tested) -> tuple[int, tuple[tuple[str, str], ...]]:
    return len(found.place), tuple((name, value.casefold()) for name, value in found.place)
