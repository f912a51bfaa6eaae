"""The analysis `causes`: where bad answers come from, with what speaks for it and what chance alone would do."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Figure, Hub, Query, Report
from feedbackhub.reporting import N_, Words, before

from .counting import answers_of
from .pictures import charts
from .search import search
from .showing import figures, notes
from .tables_shown import tables

__all__ = ["Causes"]


class Causes(Analysis):
    """Where bad answers come from.

    Args:
        hub: The plugin's hub.
    """

    name = "causes"
    title = N_("Causes of bad answers")
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return the topics, products, teams and the like that give more bad answers than the rest."""
        t, now = Words(self._hub, query.language), self._hub.clock.now()
        title = t("Where do bad answers come from?")
        answers = answers_of(self._hub.read, query)
        if not answers.whole.whole:
            figure = Figure(t("Bad answers"), None, n=0, unit="share", note=t("no data"), few="none")
            return Report(title, [figure], notes=[t("There are no rated answers in these days.")], as_of=now)
        then = answers_of(self._hub.read, before(query)) if query.compare else None
        found = search(answers.crosses, query.by)
        return Report(
            title,
            figures(t, answers, then, found),
            charts(t, found),
            tables(t, found, answers, then),
            list(notes(t, answers, found)),
            now,
        )
