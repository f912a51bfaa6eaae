"""What the reader must know to read the score rightly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedbackhub.reporting import Asked, Counted, ScoreMeasure, Words
from feedbackhub.reporting import notes as shared
from feedbackhub.statistics import nps_bounds

from .mix import mix_hidden

__all__ = ["notes"]


def notes(
    t: Words, measure: ScoreMeasure, asked: Sequence[Asked], now: Counted, then: Counted | None
) -> Iterator[str]:  # fmt: skip
    """Yield what the reader must know, a sentence each.

    Args:
        t: The words.
        measure: The score.
        asked: The questions.
        now: The counts of the period.
        then: Those of the period before, None when they are not to be compared.
    """
    yield from shared(t, measure, now, sorted({each.survey for each in asked}))
    votes, rate = measure.votes(now.all_scores), now.rate()
    if then is not None and mix_hidden(votes, measure.votes(then.all_scores)):
        yield t("The score shows no difference, but the mix of promoters, passives and detractors has changed.")
    bounds = nps_bounds(votes, rate.value) if rate is not None and rate.value is not None else None
    if bounds is not None and bounds.low < bounds.high and not measure.few(now.all_scores):
        low, high = bounds.times(100)
        yield t(
            "Had everybody who was asked answered, the score could lie anywhere from {low} to {high}: "
            "those who keep silent may think otherwise.",
            low=round(low), high=round(high),
        )  # fmt: skip
    odd = now.all_scores.total() - votes.n
    if odd:
        yield t("{n} answers were no whole number from 0 to 10 and are not counted.", n=odd)
