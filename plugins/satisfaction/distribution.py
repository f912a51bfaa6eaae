"""The chart of how often each answer was given."""

from __future__ import annotations

from typing import Literal

from feedbackhub import Chart
from feedbackhub.charts import Bar, histogram
from feedbackhub.reporting import Words

from .study import Study

__all__ = ["distribution"]

Tone = Literal["good", "neutral", "bad"]


def distribution(t: Words, found: Study) -> Chart:
    """Draw how often each answer was given on the scale with most answers."""
    kinds: dict[Tone, str] = {"good": t("good"), "neutral": t("in between"), "bad": t("bad")}
    values, scale = found.now.all_scores, found.scale
    good, bars = scale.good(found.kind.above_middle), []
    for point in scale.points:
        tone: Tone = "good" if point in good else "bad" if point in scale.bad else "neutral"
        bars.append(Bar(str(point), values[scale.value(point)], kinds[tone], tone))
    title = t("Answers on the scale {scale}", scale=scale)
    return histogram(title, bars, (t("Answer"), t("Answers"), t("Kind")), rtl=t.rtl)
