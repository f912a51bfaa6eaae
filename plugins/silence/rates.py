"""Response rates: how many of those asked answered, by every dimension."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from feedbackhub import Reader, Refused
from feedbackhub.reporting import Asked
from feedbackhub.statistics import Share, chi_square_tail

from .asked import Period

__all__ = ["Rates", "rates_by"]

#: Of a record: the value of a dimension, whether it is an answer, and how many are alike.
Counts = Iterator[tuple[str, str, bool, int]]


@dataclass(frozen=True)
class Rates:
    """How many of those asked answered, by the values of one dimension; by nothing for all together.

    Args:
        dimension: Which.
        shares: For each of its values.
    """

    dimension: str
    shares: dict[str, Share]

    @property
    def whole(self) -> Share:
        """All together."""
        parts = self.shares.values()
        return Share(sum(each.part for each in parts), sum(each.whole for each in parts))

    def others(self, value: str) -> Share:
        """Return all but those with a value."""
        whole, own = self.whole, self.shares[value]
        return Share(whole.part - own.part, whole.whole - own.whole)

    @property
    def spread(self) -> float:
        """How much the values differ: Pearson's chi-square of those who answered and those who did not."""
        whole = self.whole
        if not 0 < whole.part < whole.whole:
            return 0.0
        mean = whole.part / whole.whole
        squares = sum(each.whole * (each.part / each.whole - mean) ** 2 for each in self.shares.values() if each.whole)
        return squares / (mean * (1 - mean))

    @property
    def chance(self) -> float:
        """How likely chance alone makes the values differ at least as much."""
        return chi_square_tail(self.spread, len(self.shares) - 1) if len(self.shares) > 1 else 1.0


def rates_by(reader: Reader, period: Period, asked: Sequence[Asked], dimensions: Sequence[str]) -> dict[str, Rates]:
    """Return the response rates by each dimension; by nothing for all together.

    Without filters the counts that are kept tell them at once, with filters the asks themselves.

    Args:
        reader: What may be read.
        period: Which contacts.
        asked: Questions of the surveys that count.
        dimensions: By what.
    """
    found: dict[str, dict[str, Counter[bool]]] = {name: defaultdict(Counter) for name in dimensions}
    for survey in sorted({each.survey for each in asked}):
        of_survey = replace(period, filters=replace(period.filters, survey=survey))
        read = _from_asks if period.narrowed else _from_tallies
        for dimension, value, answered, n in read(reader, of_survey, dimensions):
            found[dimension][value][answered] += n
    return {name: Rates(name, dict(_shares(values))) for name, values in found.items()}


def _shares(values: dict[str, Counter[bool]]) -> Iterator[tuple[str, Share]]:
    for value in sorted(values, key=lambda name: (not name, name.casefold(), name)):
        asked, answered = values[value][False], values[value][True]
        if asked:
            # Answers that a company's own system brings without an ask make no rate above 1.
            yield value, Share(min(answered, asked), asked)


def _from_tallies(reader: Reader, period: Period, dimensions: Sequence[str]) -> Counts:
    for dimension in dimensions:
        for tally in reader.tallies(
            period.since.date(), (period.until - timedelta(days=1)).date(), basis="contact",
            survey=period.filters.survey, question="", dimension=dimension, step="month",
        ):  # fmt: skip
            if tally.score in ("sent", "answered"):
                yield dimension, tally.value, tally.score == "answered", tally.n


def _from_asks(reader: Reader, period: Period, dimensions: Sequence[str]) -> Counts:
    named = [each for each in dimensions if each]
    try:
        yield from _grouped(reader, period, dimensions, named)
    except Refused:  # more kinds than are given at once: each dimension alone has fewer
        for dimension in dimensions:
            yield from _grouped(reader, period, [dimension], [dimension] if dimension else [])


def _grouped(reader: Reader, period: Period, dimensions: Sequence[str], by: Sequence[str]) -> Counts:
    for group in reader.grouped("invitations", ("sent", "imported", "open", "answered", *by), period.filters):
        sent, imported, opened, answered, *values = group.values
        if not sent or imported or opened:
            continue
        known = dict(zip(by, values, strict=True))
        for dimension in dimensions:
            value = known.get(dimension) or ""
            yield dimension, value, False, group.n
            if answered:
                yield dimension, value, True, group.n
