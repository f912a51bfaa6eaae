"""The analysis: counts for this period and the one before, turned into figures, charts and a table."""

from __future__ import annotations

from feedbackhub import Analysis, Figure, Hub, Option, Query, QuestionInfo, Report
from feedbackhub.reporting import N_, Words, before, count, questions_of

from .figures import figures, notes
from .pictures import charts, groups_table

__all__ = ["Nps"]

STEPS = {"": N_("as the answers allow"), "day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}


class Nps(Analysis):
    """How likely customers are to recommend the company.

    Args:
        hub: The plugin's hub.
    """

    name = "nps"
    title = N_("Net promoter score")
    options = (Option("step", N_("Trend by"), STEPS),)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return the score of a period with its interval, its trend, and its groups when they are asked for."""
        t = Words(self._hub, query.language)
        questions = questions_of(self._hub.read, query.survey, asks_for_recommendation)
        if not questions:
            return nothing_asked(t)
        now = count(self._hub.read, query, questions)
        then = count(self._hub.read, before(query), questions) if query.compare else None
        names = now.names if query.by else []
        return Report(
            t("How likely are customers to recommend us?"),
            figures(t, now, then),
            charts(t, query, now, names),
            [groups_table(t, now, names)] if names else [],
            list(notes(t, now, then, sorted({each.survey for each in questions}))),
        )


def asks_for_recommendation(question: QuestionInfo) -> bool:
    """Tell whether a question asks for a recommendation on the scale from 0 to 10."""
    asks = question.role == "loyalty" or question.type == "nps"
    return asks and (question.minimum, question.maximum) == (0, 10)


def nothing_asked(t: Words) -> Report:
    """Return the report where no survey asks for a recommendation."""
    figure = Figure(t("Net promoter score"), None, n=0, unit="points", note=t("no data"), few="none")
    hint = t(
        "No published survey asks how likely customers are to recommend you. Publish one with a question of type nps, "
        "such as the bundled survey nps, and name it in the ask policy."
    )
    return Report(t("How likely are customers to recommend us?"), [figure], notes=[hint])
