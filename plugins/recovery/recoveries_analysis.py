"""The analysis: is what went wrong made good, do customers say and do that it was, and does it pay?"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Chart, Hub, Option, Query, Report, ReportTable
from feedbackhub.charts import intervals
from feedbackhub.reporting import N_, Words, heads, spot
from feedbackhub.reporting.assumptions import Assumptions

from .recoveries_figures import figures, in_time
from .recoveries_found import FOLLOW, WITHIN, Found, find
from .recoveries_money_shown import assumed_table, charts, money_table, stayed_table
from .recoveries_notes import notes
from .recoveries_shown import (
    MOST_GROUPS,
    again_chart,
    again_table,
    endings_table,
    gestures_table,
    groups_tables,
    ways_table,
)

__all__ = ["Recoveries"]

FOLLOWS = ("30", "60", "90", "180", "365")


class Recoveries(Analysis):
    """Whether bad answers are made good, and what that brings.

    Args:
        hub: The plugin's hub.
        book: What was entered on money.
    """

    name: ClassVar[str] = "recoveries"
    title: ClassVar[str] = N_("Recoveries: what was made good, and what it brings (estimate)")
    options = (
        Option("within", N_("Made good within (days)"), {each: each for each in ("7", "14", "30")}, WITHIN),
        Option("follow", N_("Then followed for (days)"), {each: each for each in FOLLOWS}, FOLLOW),
    )

    #: Answers, contacts and gestures are gone through one by one.
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub, book: Assumptions) -> None:
        self._hub, self.book = hub, book

    def stamp(self) -> str:
        """Say which assumptions a report rests on, so that it is made anew once one is changed."""
        return str(self.book.changes())

    def report(self, query: Query) -> Report:
        """Return how cases fare, how second answers compare, whether customers stay, and what that is worth."""
        t = Words(self._hub, query.language)
        found = find(self._hub, query, self.book.all())
        title = t("Do we make good what went wrong, and does it pay?")
        said = list(notes(t, self._hub, found))
        return Report(title, figures(t, found), _charts(t, found), _tables(t, found), said, self._hub.clock.now())


def _charts(t: Words, found: Found) -> list[Chart]:
    return [each for each in (again_chart(t, found), *charts(t, found), _groups_chart(t, found)) if each is not None]


def _groups_chart(t: Words, found: Found) -> Chart | None:
    measure = in_time(t)
    enough = [name for name, group in found.groups.items() if not measure.hidden(group.cases.taken)]
    most = sorted(enough, key=lambda name: found.groups[name].cases.opened, reverse=True)[:MOST_GROUPS]
    spots = [
        spot(measure, name or t("(not given)"), found.groups[name].cases.taken) for name in enough if name in most
    ]
    if not spots:
        return None
    title = t("Cases taken on in time by group")
    return intervals(title, spots, heads(t, measure, t("Group")), digits=0, reach=(0, 100), rtl=t.rtl)


def _tables(t: Words, found: Found) -> list[ReportTable]:
    tables = [endings_table(t, found)]
    if found.seen.gestures:
        tables.append(gestures_table(t, found))
    if found.again.all.asked:
        tables += [again_table(t, found), ways_table(t, found)]
    if found.seen.starts:
        tables.append(stayed_table(t, found))
    tables += [money_table(t, found), assumed_table(t, found)]
    if found.groups:
        tables += groups_tables(t, found)
    return tables
