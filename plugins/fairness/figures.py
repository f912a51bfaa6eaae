"""The main numbers: how far teams and agents differ beyond chance, and what all of them are at together."""

from __future__ import annotations

from math import sqrt

from feedbackhub import Figure, Way
from feedbackhub.reporting import Words, answers_way, estimate, joined
from feedbackhub.statistics import few

from .judging import Judged
from .study import Study

__all__ = ["POINTS", "figures"]

#: Shares and scores are both shown in points of a hundred.
POINTS = 100.0


def figures(t: Words, found: Study) -> list[Figure]:
    """Return the main numbers."""
    measured, lots = found.measured, found.answers.lots
    whole = estimate(t, measured.measure(t), measured.values(lots), answers_way(measured.asked))
    by_team = Way("report", measured.report, {"by": "team"})
    switched_off = Figure(t("Differences between agents"), None, n=found.n, unit="points", note=t("switched off"))
    return [
        spread(t, t("Differences between teams"), found.teams, by_team),
        switched_off if found.agents is None else spread(t, t("Differences between agents"), found.agents, Way()),
        whole,
    ]


def spread(t: Words, label: str, judged: Judged, way: Way) -> Figure:
    """Return how far groups lie from what is expected of them, on average; nothing where that may be chance."""
    n = sum(judged.sizes.values())
    how, interval = few(n), judged.tau_interval()
    if how in ("none", "counts"):
        return Figure(label, None, n=n, unit="points", note=t.few(how), few=how, way=way)
    if judged.compared.p is None or not judged.detectable or interval is None:
        words = t("nothing to compare with") if judged.compared.p is None else t("no detectable difference")
        return Figure(label, None, n=n, unit="points", note=joined(words, t.few(how)), few=how, way=way)
    low, high = interval.times(POINTS)
    words = joined(t("more than chance"), t.few(how))
    return Figure(label, sqrt(judged.tau2) * POINTS, low, high, n, "points", note=words, few=how, way=way)
