"""The analysis: counts for this period and the one before, turned into figures, charts and tables."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, QuestionInfo, Report, ReportTable
from feedbackhub.reporting import (
    N_,
    Asked,
    Counted,
    ScoreMeasure,
    Words,
    answers_way,
    before,
    count,
    groups_table,
    of_groups,
    over_time,
    questions_of,
)

from .distribution import distribution
from .figures import SPAN, figures
from .mix import mix_table
from .notes import notes
from .planning import LEVELS, MARGINS, planning_table
from .repeats import REPEATS, by_customer

__all__ = ["Nps"]

STEPS = {"": N_("as the answers allow"), "day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}


class Nps(Analysis):
    """How likely customers are to recommend the company.

    Args:
        hub: The plugin's hub.
    """

    name = "nps"
    title = N_("Net promoter score")
    options = (
        Option("step", N_("Trend by"), STEPS),
        Option("margin", N_("Answers needed to see ± points"), MARGINS, "5"),
        Option("level", N_("How sure that should be"), LEVELS, "95"),
        Option("repeats", N_("Several answers of a customer"), REPEATS),
    )

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
        measure = ScoreMeasure(t("Net promoter score"), t("Score"))
        together = [by_customer(self._hub.read, t, query, questions)] if query.options.get("repeats") else []
        return Report(
            t("How likely are customers to recommend us?"),
            [*figures(t, measure, questions, now, then), *together],
            charts(t, measure, query, now),
            tables(t, measure, query, questions, now, then),
            list(notes(t, measure, questions, now, then)),
        )


def asks_for_recommendation(question: QuestionInfo) -> bool:
    """Tell whether a question asks for a recommendation on the scale from 0 to 10."""
    asks = question.role == "loyalty" or question.type == "nps"
    return asks and (question.minimum, question.maximum) == (0, 10)


def charts(t: Words, measure: ScoreMeasure, query: Query, now: Counted) -> list[Chart]:
    """Return the pictures that the counts allow."""
    if not measure.n(now.all_scores):
        return []
    over = over_time(t, measure, query, now, t("Score over time"))
    by_group = of_groups(t, measure, now, now.names, t("Score by group")) if query.by else None
    return [each for each in (distribution(t, now), over, by_group) if each]


def tables(
    t: Words, measure: ScoreMeasure, query: Query, asked: Sequence[Asked], now: Counted, then: Counted | None
) -> list[ReportTable]:
    """Return the groups when they are asked for, how the mix of answers changed, and how many answers are needed."""
    votes = measure.votes
    more = {
        t("Detractors"): lambda values: votes(values).detractors,
        t("Passives"): lambda values: votes(values).passives,
        t("Promoters"): lambda values: votes(values).promoters,
    }
    way = answers_way(asked, SPAN)
    groups = groups_table(t, measure, now, now.names, query.by, more, way) if query.by and now.names else None
    mix = mix_table(t, votes(now.all_scores), votes(then.all_scores)) if then is not None else None
    needed = planning_table(t, votes(now.all_scores), query.options)
    return [each for each in (groups, mix, needed) if each]


def nothing_asked(t: Words) -> Report:
    """Return the report where no survey asks for a recommendation."""
    figure = Figure(t("Net promoter score"), None, n=0, unit="points", note=t("no data"), few="none")
    hint = t(
        "No published survey asks how likely customers are to recommend you. Publish one with a question of type nps, "
        "such as the bundled survey nps, and name it in the ask policy."
    )
    return Report(t("How likely are customers to recommend us?"), [figure], notes=[hint])
