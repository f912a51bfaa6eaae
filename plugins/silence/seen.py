"""What a report rests on, read from the asks and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feedbackhub import DIMENSIONS, Problem, Query, Reader, Refused
from feedbackhub.reporting import Words, before
from feedbackhub.statistics import Collapsed, Share, collapse

from .asked import Period, Strata, period_of, strata
from .chosen import LEAST, chosen
from .measured import Measured
from .methods import Method, methods
from .rates import Rates, rates_by

__all__ = ["Seen", "look"]


@dataclass(frozen=True)
class Seen:
    """What was read for a report.

    Args:
        of: What is measured.
        period: The contacts.
        all_rates: Response rates by each dimension.
        then: How many answered in the days before, None when they are not to be compared.
        strata: Who was asked, by the chosen dimensions.
        ways: The number in every way, as answered first; none without answers.
        cells: The strata after small ones were put together.
    """

    of: Measured
    period: Period
    all_rates: Mapping[str, Rates]
    then: Share | None
    strata: Strata
    ways: Sequence[Method]
    cells: Collapsed

    @property
    def whole(self) -> Share:
        """How many of those asked answered."""
        return next(iter(self.all_rates.values())).whole

    @property
    def answers(self) -> int:
        """How many answers there are to what is measured."""
        return sum(each.n for each in self.strata.strata)


def look(t: Words, read: Reader, now: datetime, query: Query, of: Measured, wanted: Sequence[str]) -> Seen:
    """Read what a report needs.

    Args:
        t: The words.
        read: What may be read.
        now: The present moment.
        query: What is asked for.
        of: What is measured.
        wanted: The dimensions to weight by; chosen by the rates when there are none.

    Raises:
        Refused: There is no such dimension.
    """
    for name in filter(None, (query.by, *query.where)):
        if name not in DIMENSIONS:
            raise Refused(Problem("by" if name == query.by else name, "is no dimension that is counted"))
    period = period_of(read, query, of.asked, now)
    all_rates = rates_by(read, period, of.asked, DIMENSIONS)
    then = None
    if query.compare:
        earlier = period_of(read, before(query), of.asked, now)
        then = rates_by(read, earlier, of.asked, [""])[""].whole
    found = strata(read, period, of, wanted or chosen(all_rates, list(query.where)))
    return Seen(of, period, all_rates, then, found, methods(t, found.strata), collapse(found.strata, LEAST))
