"""The chart of how often each score was given."""

from __future__ import annotations

from feedbackhub import Chart
from feedbackhub.charts import Bar, histogram
from feedbackhub.reporting import Counted, Words
from feedbackhub.statistics import band_of

__all__ = ["distribution"]


def distribution(t: Words, now: Counted) -> Chart:
    """Draw how often each score was given."""
    kinds = {"detractor": t("Detractors"), "passive": t("Passives"), "promoter": t("Promoters")}
    tones = {"detractor": "bad", "passive": "neutral", "promoter": "good"}
    scores = now.all_scores
    bars = [
        Bar(str(score), scores[str(score)], kinds[band_of(score)], tones[band_of(score)])  # type: ignore[arg-type]
        for score in range(11)
    ]
    return histogram(t("Answers by score"), bars, (t("Score given"), t("Answers"), t("Kind")), rtl=t.rtl)
