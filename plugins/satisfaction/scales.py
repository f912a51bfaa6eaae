"""Scales of questions, turned so that more is better, and which answers on them are good or bad ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedbackhub import QuestionInfo
from feedbackhub.reporting import Asked, Values

__all__ = ["Scale", "main_scale", "meaning", "scale_of", "scales_of", "span"]

#: On a scale with fewer points only the topmost is a good answer: the second is the middle one.
FEW_POINTS = 4


@dataclass(frozen=True, slots=True, order=True)
class Scale:
    """Whole numbers from one to another.

    Args:
        low: The lowest.
        high: The highest.
    """

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}–{self.high}"

    @property
    def points(self) -> range:
        """All its numbers."""
        return range(self.low, self.high + 1)

    def value(self, point: int) -> str:
        """Return what a number on this scale is counted as."""
        return f"{point}/{self}"

    def good(self, above_middle: bool) -> range:
        """Return its good answers: the top two, or all above the middle."""
        if above_middle:
            return range((self.low + self.high) // 2 + 1, self.high + 1)
        return range(self.high - (1 if len(self.points) >= FEW_POINTS else 0), self.high + 1)

    @property
    def bad(self) -> range:
        """Its bad answers: all below the middle."""
        return range(self.low, (self.low + self.high + 1) // 2)


def scale_of(question: QuestionInfo) -> Scale | None:
    """Return a question's scale, None when its answers are no numbers."""
    if question.minimum is None or question.maximum is None or question.minimum >= question.maximum:
        return None
    return Scale(question.minimum, question.maximum)


def scales_of(asked: Iterable[Asked]) -> list[Scale]:
    """Return the scales of questions, each once, in their order."""
    return sorted({scale for each in asked if (scale := scale_of(each.question))})


def meaning(asked: Asked, value: str) -> str:
    """Return what an answer is counted as: its number and scale, turned round where less is better.

    Args:
        asked: The question.
        value: The answer as the tallies have it; what is no number on the scale stays as it is.
    """
    scale = scale_of(asked.question)
    point = next((each for each in scale.points if str(each) == value), None) if scale else None
    if scale is None or point is None:
        return value
    return scale.value(turned(asked.question, scale, point))


def turned(question: QuestionInfo, scale: Scale, point: int) -> int:
    """Return a number on a scale on which more is better."""
    return scale.low + scale.high - point if question.direction == "lower_is_better" else point


def span(question: QuestionInfo, points: range) -> str:
    """Return some neighbouring points as the question has them, like ``4-5``."""
    scale = scale_of(question)
    ends = sorted(turned(question, scale, point) for point in (points[0], points[-1])) if scale else []
    return "-".join(map(str, dict.fromkeys(ends)))


def main_scale(scales: Sequence[Scale], values: Values) -> Scale:
    """Return the scale with most answers, the first of equals."""
    return max(scales, key=lambda scale: sum(values.get(scale.value(point), 0) for point in scale.points))
