"""The analysis: what unsolved problems may cost, as a range that shows how little is known."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Chart, Figure, Hub, Query, Report
from feedbackhub.reporting import N_, Words
from feedbackhub.reporting.assumptions import Assumptions

from .figures import figures, nothing
from .known import known
from .measured import days_counted, measure
from .notes import notes
from .shown import dependence, groups_table, inputs_table, parts_table
from .simulate import Chance

__all__ = ["Inaction"]

#: Groups are many and their ranges wide: fewer runs say as much of them.
GROUP_RUNS = 2000


class Inaction(Analysis):
    """What unsolved problems may cost.

    Args:
        hub: The plugin's hub.
        book: What was entered.
    """

    name: ClassVar[str] = "inaction"
    title: ClassVar[str] = N_("Cost of inaction (model)")

    #: The contacts of the days are counted from their records.
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub, book: Assumptions) -> None:
        self._hub, self.book = hub, book

    def stamp(self) -> str:
        """Say which assumptions a report rests on, so that it is made anew once one is changed."""
        return str(self.book.changes())

    def report(self, query: Query) -> Report:
        """Return what a year without change may cost, what that depends on, and where every number comes from."""
        t = Words(self._hub, query.language)
        days = days_counted(self._hub.read, query, self._hub.clock.now().date())
        measured = measure(self._hub.read, query)
        found = known(self.book.all(), measured.pop(None), days)
        tables = [inputs_table(t, found)]
        if found.missing:
            said = list(notes(t, found, []))
            return Report(title(t), nothing(t), tables=tables, notes=said, as_of=self._hub.clock.now())
        made = Chance()
        costs = made.costs(found.ranges)
        tables.insert(0, parts_table(t, found, costs))
        if query.by:
            groups = {name or "": each for name, each in measured.items() if each.contacts}
            tables.append(groups_table(t, query, found, groups, Chance(GROUP_RUNS)))
        chart, most = dependence(t, found, made)
        shown: list[Figure] = figures(t, found, costs, made.risks(found.ranges))
        charts: list[Chart] = [chart] if chart is not None else []
        return Report(title(t), shown, charts, tables, list(notes(t, found, most)), self._hub.clock.now())


def title(t: Words) -> str:
    """Return the report's heading, which says that it is a model."""
    return t("What may unsolved problems cost us? A model, not a measurement")
