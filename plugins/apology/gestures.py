"""The analysis of gestures that agents chose: how later answers go with them, in words that claim no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Chart, Hub, Option, Problem, Query, Refused, Report, ReportTable
from feedbackhub.charts import Spot, intervals
from feedbackhub.reporting import N_, Words
from feedbackhub.statistics import few, wilson

from .gestures_compared import Beside, Names, beside_none, groups_of, share_good
from .gestures_read import Case, Cases, Question, read_cases
from .gestures_shown import balance_table, beside_table, figures, name_of, shares_table
from .gestures_words import notes

__all__ = ["Gestures", "told"]

MANNERS = {"": N_("by kind"), "yes": N_("by kind and manner of apology")}


class Gestures(Analysis):
    """How later answers go with what agents chose to do.

    Args:
        hub: The plugin's hub.
    """

    name: ClassVar[str] = "gestures"
    title: ClassVar[str] = N_("Gestures and later answers (association)")
    options = (
        Option("manner", N_("Gestures"), MANNERS),
        Option("question", N_("Question of the later answer (its id)")),
        Option("counts", N_("Values that count")),
    )
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return how often a later answer is good, by what was done before it."""
        t = Words(self._hub, query.language)
        question = asked(self._hub, t, query)
        found = read_cases(self._hub, query, question, bool(query.options.get("manner")))
        report = told(t, found, question)
        return Report(
            report.title, report.figures, report.charts, report.tables, report.notes, self._hub.clock.now()
        )  # fmt: skip


def asked(hub: Hub, t: Words, query: Query) -> Question | None:
    """Return the question whose answer is the later outcome, None for the second ask.

    Raises:
        Refused: No published survey has it, or no value of it was named.
    """
    id_ = query.options.get("question", "").strip()
    values = frozenset(each.strip() for each in query.options.get("counts", "").split(",") if each.strip())
    if not id_:
        if values:
            raise Refused(Problem("options", t("counts means nothing without question")))
        return None
    known = [each for survey in hub.read.surveys() for each in survey.questions if each.id == id_]
    if not known:
        raise Refused(Problem("options", t("question must be the id of a question of a published survey")))
    if not values:
        options = sorted({value for each in known for value in each.options})
        raise Refused(Problem("options", t("counts must name the values that count; it has: {values}",
                                           values=", ".join(options) or t("numbers or words"))))  # fmt: skip
    return Question(id_, values)


def told(t: Words, found: Cases, question: Question | None) -> Report:
    """Return what the cases show.

    Args:
        t: The words.
        found: The cases.
        question: The question of the later answer, None for the second ask.
    """
    groups = groups_of(found.cases)
    beside = beside_none(found.cases)
    tables = [shares_table(t, groups, question)]
    if beside:
        tables += [beside_table(t, beside), *_diagnostics(t, beside)]
    return Report(
        t("How do later answers go with gestures? Association, not proof"), list(figures(t, groups, question)),
        list(_charts(t, groups, question)), tables, list(notes(t, found, groups, beside, question)),
    )  # fmt: skip


def _diagnostics(t: Words, beside: Sequence[Beside]) -> list[ReportTable]:
    return [table for each in beside if each.found is not None for table in [balance_table(t, each)] if table.rows]


def _charts(t: Words, groups: Mapping[Names, Sequence[Case]], question: Question | None) -> list[Chart]:
    spots = []
    for names, cases in groups.items():
        share = share_good(cases)
        interval = wilson(share)
        if few(share.whole) in ("none", "counts") or interval is None or share.value is None:
            continue
        spots.append(Spot(name_of(t, names), 100 * share.value, *interval.times(100), share.whole))
    if not spots:
        return []
    heads = (t("Gesture"), t("Share %"), t("Interval from"), t("Interval to"), t("Later answers"))
    return [intervals(t("Later answers by gesture (association)"), spots, heads, rtl=t.rtl)]
