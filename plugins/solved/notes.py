"""What the reader must know to read the numbers rightly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedbackhub.reporting import Counted, ShareMeasure, Words
from feedbackhub.reporting import notes as shared
from feedbackhub.statistics import response_bounds

from .first import Pair

__all__ = ["notes", "of_pairs"]


def notes(
    t: Words, measure: ShareMeasure, now: Counted, surveys: Sequence[str], pairs: Sequence[Pair]
) -> Iterator[str]:
    """Yield what the reader must know, a sentence each.

    Args:
        t: The words.
        measure: The share who say that it was solved.
        now: The answers of the period.
        surveys: The surveys that ask whether it was solved.
        pairs: Those that also ask how often contact was made.
    """
    values = now.all_scores
    yield from shared(t, measure, now, surveys)
    yield from of_pairs(t, surveys, pairs)
    rate, share = now.rate(), measure.value(values)
    silent = 0 if rate is None else rate.whole - rate.part
    if silent and rate is not None and rate.value is not None and share is not None and not measure.few(values):
        bounds = response_bounds(share, rate.value, (0, 1))
        yield t(
            "Had everybody who was asked answered, the share could lie anywhere from {low} to {high} %: "
            "those who keep silent may think otherwise.",
            low=round(100 * bounds.low), high=round(100 * bounds.high),
        )  # fmt: skip
    odd = values.total() - measure.n(values)
    if odd:
        yield t("{n} answers say neither yes nor no nor anything in between and are not counted.", n=odd)


def of_pairs(t: Words, surveys: Sequence[str], pairs: Sequence[Pair]) -> Iterator[str]:
    """Say what first-contact resolution rests on."""
    both = sorted({each.solved.survey for each in pairs})
    alone = sorted(set(surveys) - set(both))
    if both:
        yield t(
            "Solved at the first contact is solved and one contact, of those who answered both questions ({names}).",
            names=", ".join(both),
        )
    if alone:
        yield t(
            "These surveys do not ask how often contact was made, so they say whether it was solved, not at which "
            "contact: {names}. Add a question of the role contacts.",
            names=", ".join(alone),
        )
