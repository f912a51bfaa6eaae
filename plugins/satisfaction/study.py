"""One thing looked at: its questions, its counts now and before, and the two numbers made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedbackhub import Query, Reader
from feedbackhub.reporting import Asked, Counted, MeanMeasure, ShareMeasure, Words, before, count, questions_of

from .kinds import Kind
from .scales import Scale, main_scale, meaning, scale_of, scales_of, span

__all__ = ["Study", "study"]


@dataclass(frozen=True, slots=True)
class Study:
    """One thing looked at.

    Args:
        kind: Which.
        asked: Its questions that are answered with numbers.
        left_out: Its questions that are not.
        scales: Their scales.
        scale: The one with most answers, on which the mean is.
        now: The counts of the period.
        then: Those of the period before, None when they are not to be compared.
        good: The share of good answers, on all scales.
        bad: The share of bad ones.
        mean: The mean on that one scale.
    """

    kind: Kind
    asked: Sequence[Asked]
    left_out: Sequence[Asked]
    scales: Sequence[Scale]
    scale: Scale
    now: Counted
    then: Counted | None
    good: ShareMeasure
    bad: ShareMeasure
    mean: MeanMeasure

    @property
    def surveys(self) -> list[str]:
        """The surveys that ask."""
        return sorted({each.survey for each in self.asked})


def study(reader: Reader, t: Words, query: Query, kind: Kind) -> Study | None:
    """Look at one thing, None when no published survey asks for it on a scale of numbers.

    Args:
        reader: What may be read.
        t: The words.
        query: What was asked for.
        kind: What to look at.
    """
    found = questions_of(reader, query.survey, lambda question: question.role == kind.role)
    asked = [each for each in found if scale_of(each.question)]
    if not asked:
        return None
    now = count(reader, query, asked, meaning)
    then = count(reader, before(query), asked, meaning) if query.compare else None
    scales, left_out = scales_of(asked), [each for each in found if not scale_of(each.question)]
    scale = main_scale(scales, now.all_scores)
    good = share_measure(t, kind.good, asked, scales, {each: each.good(kind.above_middle) for each in scales})
    bad = share_measure(t, kind.bad, asked, scales, {each: each.bad for each in scales})
    numbers = {scale.value(point): point for point in scale.points}
    mean = MeanMeasure(t("Mean ({scale})", scale=scale), t("Mean"), reach=(scale.low, scale.high), numbers=numbers)
    return Study(kind, asked, left_out, scales, scale, now, then, good, bad, mean)


def share_measure(
    t: Words, text: str, asked: Sequence[Asked], scales: Sequence[Scale], part: dict[Scale, range]
) -> ShareMeasure:  # fmt: skip
    """Return the share of some answers, named with the answers as the questions have them where all have the same.

    Args:
        t: The words.
        text: What customers say who gave them.
        asked: The questions.
        scales: Their scales.
        part: The answers on each scale.
    """
    named = {(span(each.question, part[scale_of(each.question)]), scale_of(each.question)) for each in asked}  # type: ignore[index]
    label = t("{what} ({values})", what=t(text), values=next(iter(named))[0]) if len(named) == 1 else t(text)
    return ShareMeasure(
        label.replace("-", "–"), t("Share %"), digits=1,
        good=frozenset(scale.value(point) for scale in scales for point in part[scale]),
        among=frozenset(scale.value(point) for scale in scales for point in scale.points),
    )  # fmt: skip
