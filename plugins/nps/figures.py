"""The main numbers: the score, its change, how many answered, and of which kind they are."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Figure, Way
from feedbackhub.reporting import (
    Asked,
    Counted,
    ScoreMeasure,
    Words,
    answers_way,
    change,
    estimate,
    response_rate,
    share,
)
from feedbackhub.statistics import Share

__all__ = ["SPAN", "figures"]

#: All scores that there are.
SPAN = "0-10"


def figures(
    t: Words, measure: ScoreMeasure, asked: Sequence[Asked], now: Counted, then: Counted | None
) -> list[Figure]:  # fmt: skip
    """Return the main numbers.

    Args:
        t: The words.
        measure: The score.
        asked: The questions.
        now: The counts of the period.
        then: Those of the period before, None when they are not to be compared.
    """
    values = now.all_scores
    found = [estimate(t, measure, values, answers_way(asked, SPAN))]
    if then is not None:
        found.append(change(t, measure, values, then.all_scores, way=Way("report", "causes")))
    found.append(response_rate(t, now))
    votes = measure.votes(values)
    kinds = (
        (t("Promoters (9–10)"), votes.promoters, "9-10"),
        (t("Passives (7–8)"), votes.passives, "7-8"),
        (t("Detractors (0–6)"), votes.detractors, "0-6"),
    )
    return [*found, *(share(t, label, Share(n, votes.n), answers_way(asked, span)) for label, n, span in kinds)]
