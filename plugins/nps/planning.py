"""How many answers it takes to see what one wants to see."""

from __future__ import annotations

from collections.abc import Mapping

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import HIDDEN_BELOW, Votes, answers_needed, answers_needed_each

__all__ = ["LEVELS", "MARGINS", "planning_table"]

#: Points to either side that the reader may want to see; "" hides the table.
MARGINS = {"2": "± 2", "3": "± 3", "5": "± 5", "10": "± 10", "15": "± 15", "20": "± 20"}
LEVELS = {"90": "90 %", "95": "95 %", "99": "99 %"}
#: Half promoters and half detractors: no mix of answers varies more.
WORST = 1.0
POWER = 0.8


def planning_table(t: Words, votes: Votes, options: Mapping[str, str]) -> ReportTable:
    """Return how many answers a margin and a difference need, with answers like these and in the worst case.

    Args:
        t: The words.
        votes: The votes of the period; below 10 they say nothing of how answers vary.
        options: The reader's choices.
    """
    margin, level = int(options.get("margin") or 5), int(options.get("level") or 95) / 100
    variance = votes.variance if votes.n >= HIDDEN_BELOW else None
    rows = [
        (
            t("To know the score to ± {n} points", n=margin),
            needed(variance, margin, level),
            needed(WORST, margin, level),
        ),
        *(
            (
                t("To show a change by {n} points: answers in each period", n=points),
                each(variance, points, level),
                each(WORST, points, level),
            )
            for points in (margin, 2 * margin)
        ),
    ]
    columns = (t("Question"), t("Answers, when they vary as now"), t("Answers at most"))
    note = t(
        "At {level} % confidence; a true change of that size is then shown in {power} of 100 cases. More answers make "
        "an interval narrower, never those who keep silent heard.",
        level=round(100 * level), power=round(100 * POWER),
    )  # fmt: skip
    return ReportTable(t("How many answers are needed?"), columns, rows, note)


def needed(variance: float | None, points: int, level: float) -> int | None:
    """Return how many answers show the score to so many points; None where answers do not vary, or are too few."""
    return answers_needed(variance, points / 100, level) if variance else None


def each(variance: float | None, points: int, level: float) -> int | None:
    """Return how many answers each of two periods needs to show a change by so many points."""
    return answers_needed_each((variance, variance), points / 100, level, POWER) if variance else None
