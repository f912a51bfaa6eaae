"""The analysis: which of five things to look at, turned into figures, charts, tables and notes."""

from __future__ import annotations

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, Report, ReportTable, Way
from feedbackhub.reporting import (
    N_,
    Measure,
    Values,
    Words,
    answers_way,
    change,
    estimate,
    groups_table,
    of_groups,
    over_time,
    response_rate,
    rounded,
)

from .aspects import aspects
from .distribution import distribution
from .kinds import KINDS
from .notes import notes
from .scales import span
from .study import Study, study

__all__ = ["Satisfaction"]

STEPS = {"": N_("as the answers allow"), "day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}
MEASURES = {"": N_("the first that is asked"), **{kind.name: kind.title for kind in KINDS.values()}}
SHOWN = {"": N_("Share of good answers"), "mean": N_("Mean")}


class Satisfaction(Analysis):
    """How customers were served: satisfaction, effort, courtesy, empathy and solution.

    Args:
        hub: The plugin's hub.
    """

    name = "satisfaction"
    title = N_("Satisfaction")
    options = (
        Option("measure", N_("What is measured"), MEASURES),
        Option("show", N_("Charts and groups show"), SHOWN),
        Option("step", N_("Trend by"), STEPS),
    )

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return one thing that customers were asked with its interval, its change, trend and groups."""
        t, wanted = Words(self._hub, query.language), query.options.get("measure")
        for kind in [KINDS[wanted]] if wanted else KINDS.values():
            found = study(self._hub.read, t, query, kind)
            if found is not None:
                break
        else:
            return nothing_asked(t, wanted or "")
        beside, table = aspects(self._hub.read, t, query)
        return Report(
            t(found.kind.asks),
            figures(t, found),
            [*charts(t, query, found), *beside],
            [*groups(t, query, found), *table],
            list(notes(t, found)),
        )


def figures(t: Words, found: Study) -> list[Figure]:
    """Return the main numbers: share of good answers, its change, mean and its change, bad answers, response rate."""
    now, way = found.now.all_scores, answers_to(found, found.scale.points)
    made = [estimate(t, found.good, now, way)]
    if found.then is not None:
        then = found.then.all_scores
        made.append(change(t, found.good, now, then, way=Way("report", "causes")))
        made.append(estimate(t, found.mean, now, way))
        made.append(change(t, found.mean, now, then, t("Change of the mean"), Way("report", "causes")))
    else:
        made.append(estimate(t, found.mean, now, way))
    bad = estimate(t, found.bad, now, answers_to(found, found.scale.bad))
    return [*made, bad, response_rate(t, found.now)]


def answers_to(found: Study, points: range) -> Way:
    """Return the way to some answers; to all where scales or directions differ, so that no one span names them."""
    ends = {span(each.question, points) for each in found.asked}
    return answers_way(found.asked, next(iter(ends)) if len(ends) == len(found.scales) == 1 else "")


def charts(t: Words, query: Query, found: Study) -> list[Chart]:
    """Return the pictures that the counts allow."""
    if not found.good.n(found.now.all_scores):
        return []
    measure = found.mean if query.options.get("show") == "mean" else found.good
    over = over_time(t, measure, query, found.now, t("{what} over time", what=measure.label))
    title = t("{what} by group", what=measure.label)
    by_group = of_groups(t, measure, found.now, found.now.names, title) if query.by else None
    return [each for each in (distribution(t, found), over, by_group) if each]


def groups(t: Words, query: Query, found: Study) -> list[ReportTable]:
    """Return the table of groups when it is asked for."""
    names = found.now.names
    if not query.by or not names:
        return []
    measures = (found.mean, found.good) if query.options.get("show") == "mean" else (found.good, found.mean)
    shown, other = measures
    more = {other.head: lambda values: as_shown(other, values)}
    return [groups_table(t, shown, found.now, names, query.by, more, answers_to(found, found.scale.points))]


def as_shown(measure: Measure, values: Values) -> float | None:
    """Return an estimate as tables show it, None when answers are few."""
    value = None if measure.hidden(values) else measure.value(values)
    return None if value is None else rounded(value * measure.shown, measure.digits)


def nothing_asked(t: Words, wanted: str) -> Report:
    """Return the report where no survey asks."""
    kind = KINDS[wanted or "csat"]
    figure = Figure(t(kind.title), None, n=0, unit="share", note=t("no data"), few="none")
    hint = t(
        "No published survey asks for this on a scale of numbers. Publish one with a question of the role {role}, such "
        "as the bundled survey {survey}, and name it in the ask policy.",
        role=kind.role, survey="effort" if kind.name == "effort" else "post-contact",
    )  # fmt: skip
    return Report(t(kind.asks), [figure], notes=[hint])
