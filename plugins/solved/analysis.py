"""The analysis of what customers say: whether it was solved, and whether after one contact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, Reader, Report, Way
from feedbackhub.charts import Bar, histogram
from feedbackhub.reporting import (
    N_,
    Asked,
    Counted,
    ShareMeasure,
    Words,
    asks_whether_solved,
    before,
    change,
    count,
    estimate,
    groups_table,
    of_groups,
    over_time,
    questions_of,
    response_rate,
    rounded,
    solved_means,
    spot,
)

from .first import Pair, count_first, first_measure, pairs
from .notes import notes

__all__ = ["Solved"]

STEPS = {"": N_("as the answers allow"), "day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}
SAID = frozenset({"yes", "partly", "no"})
#: The question under which responses themselves are counted.
RESPONSES = ""
EARLIEST = date(1970, 1, 1)
#: Up to so many responses the page counts both questions together at once; beyond, the report that lasts does.
MOST = 10_000


@dataclass(frozen=True)
class Found:
    """What was counted.

    Args:
        asked: The questions.
        now: The answers of the period.
        then: Those of the period before, None when they are not compared.
        pairs: The surveys that ask both.
        first: Who says that it was solved after one contact; None where nobody is asked, or too many answered.
    """

    asked: list[Asked]
    now: Counted
    then: Counted | None
    pairs: list[Pair]
    first: Counted | None

    @property
    def surveys(self) -> list[str]:
        """Names of the surveys that ask whether it was solved."""
        return sorted({each.survey for each in self.asked})


class Solved(Analysis):
    """Whether problems are solved, as customers say.

    Args:
        hub: The plugin's hub.
    """

    name = "solved"
    title = N_("Solved, customers say")
    options = (Option("step", N_("Trend by"), STEPS),)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return the share solved with its interval, its change, trend and groups."""
        t = Words(self._hub, query.language)
        title = t("Are problems solved at the first contact?")
        asked = questions_of(self._hub.read, query.survey, asks_whether_solved)
        if not asked:
            return nothing_asked(t, title)
        found = look(self._hub.read, query, asked)
        yes, no = measures(t)
        tables = []
        if query.by and found.now.names:
            more = {no.head: lambda values: rounded(spot(no, "", values).value, 0)}
            way = Way(values={"solved": "no"})
            tables = [groups_table(t, yes, found.now, found.now.names, query.by, more, way)]
        return Report(title, figures(t, found, yes, no), charts(t, query, found, yes), tables,
                      list(notes(t, yes, found.now, found.surveys, found.pairs)))  # fmt: skip


def measures(t: Words) -> tuple[ShareMeasure, ShareMeasure]:
    """Return the shares of those who say yes, and no."""
    yes = ShareMeasure(t("Solved, customers say"), t("Solved %"), good=frozenset({"yes"}), among=SAID)
    return yes, replace(yes, label=t("Not solved"), head=t("Not solved %"), good=frozenset({"no"}))


def look(reader: Reader, query: Query, asked: list[Asked]) -> Found:
    """Count what a report needs."""
    now = count(reader, query, asked, solved_means)
    then = count(reader, before(query), asked, solved_means) if query.compare else None
    both = pairs(reader, query.survey)
    first = count_first(reader, replace(query, by=""), both) if both and is_small(reader, query) else None
    return Found(asked, now, then, both, first)


def is_small(reader: Reader, query: Query) -> bool:
    """Tell whether so few responses lie in the days that they can be gone through while somebody waits.

    Which ones are about a contact of some days is only found among all that there are.
    """
    since = query.since if query.basis == "answer" else EARLIEST
    found = reader.tallies(since, query.until, basis=query.basis, question=RESPONSES, step="month")
    return sum(each.n for each in found if each.score != "sent") <= MOST


def figures(t: Words, found: Found, yes: ShareMeasure, no: ShareMeasure) -> list[Figure]:
    """Return the main numbers."""
    now = found.now.all_scores
    made = [estimate(t, yes, now, Way(values={"solved": "yes"}))]
    if found.then is not None:
        made.append(change(t, yes, now, found.then.all_scores, way=Way("report", "causes")))
    made.append(estimate(t, no, now, Way(values={"solved": "no"})))
    if found.pairs:
        made.append(at_first(t, found))
    return [*made, response_rate(t, found.now)]


def at_first(t: Words, found: Found) -> Figure:
    """Return the share solved at the first contact, or where it is counted when there are many answers."""
    measure, way = first_measure(t), Way("report", "repeat-contacts")
    if found.first is None:
        said = t("more than {n} answers: counted in the report on repeated contacts", n=MOST)
        return Figure(measure.label, None, unit=measure.unit, note=said, way=way)
    return estimate(t, measure, found.first.all_scores, way)


def charts(t: Words, query: Query, found: Found, yes: ShareMeasure) -> list[Chart]:
    """Return the pictures that the counts allow."""
    now = found.now.all_scores
    if not yes.n(now):
        return []
    bars = [
        Bar(t("Yes"), now["yes"], t("solved"), "good"), Bar(t("Partly"), now["partly"], t("in between"), "neutral"),
        Bar(t("No"), now["no"], t("not solved"), "bad"),
    ]  # fmt: skip
    heads = (t("Was it solved?"), t("Answers"), t("Kind"))
    shown = histogram(t("Was it solved?"), [bar for bar in bars if bar.n or bar.tone != "neutral"], heads, rtl=t.rtl)
    over = over_time(t, yes, query, found.now, t("Solved over time"))
    by_group = of_groups(t, yes, found.now, found.now.names, t("Solved by group")) if query.by else None
    return [each for each in (shown, over, by_group) if each]


def nothing_asked(t: Words, title: str) -> Report:
    """Return the report where no survey asks."""
    figure = Figure(t("Solved, customers say"), None, n=0, unit="share", note=t("no data"), few="none")
    hint = t(
        "No published survey asks whether it was solved. Publish one with a question of the role solved, such as the "
        "bundled survey post-contact, and name it in the ask policy."
    )
    repeats = t("Whether customers come back needs no survey: the report on repeated contacts counts it.")
    return Report(title, [figure], notes=[hint, repeats])
