"""The analysis: rates and who is missing first, then the number as answered and weighted, and its limits."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, Report, ReportTable
from feedbackhub.reporting import N_, Words

from .chosen import named
from .figures import figures
from .measured import MEASURES, measured
from .notes import notes
from .rates_shown import rates_chart, rates_table
from .seen import Seen, look
from .weighted_shown import methods_chart, methods_table, strata_table

__all__ = ["Silence"]


class Silence(Analysis):
    """Who does not answer, and what the numbers would be if everybody had.

    Args:
        hub: The plugin's hub.
    """

    name = "silence"
    title = N_("Who does not answer")
    options = (
        Option("measure", N_("Number"), MEASURES),
        Option("strata", N_("Weighted by (such as: channel, segment)")),
    )
    lasts = timedelta(hours=1)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return who answers, and the number as answered and weighted."""
        t, now = Words(self._hub, query.language), self._hub.clock.now()
        wanted = named(t, query.options.get("strata", ""))
        of = measured(self._hub.read, query, query.options.get("measure", ""))
        title = t("Who does not answer, and what if everybody had?")
        if of is None:
            return _nothing_asked(t, title)
        seen = look(t, self._hub.read, now, query, of, wanted)
        said = list(notes(t, query, seen, wanted))
        return Report(title, list(figures(t, seen)), _charts(t, query, seen), _tables(t, seen), said, now)


def _nothing_asked(t: Words, title: str) -> Report:
    figure = Figure(t("Response rate"), None, unit="share", note=t("no data"), few="none")
    hint = t(
        "No published survey asks what is to be weighted. Publish one with a question of type csat or nps, or one with "
        "the role solved, such as the bundled survey post-contact, and name it in the ask policy."
    )
    return Report(title, [figure], notes=[hint])


def _charts(t: Words, query: Query, seen: Seen) -> list[Chart]:
    first = query.by or next(iter(seen.strata.dimensions), "")
    drawn = [rates_chart(t, seen.all_rates[first])] if first else []
    if seen.ways:
        drawn.append(methods_chart(t, seen.of, seen.ways))
    return [each for each in drawn if each is not None]


def _tables(t: Words, seen: Seen) -> list[ReportTable]:
    found = [rates_table(t, list(seen.all_rates.values()), seen.period)]
    if seen.ways:
        found.append(methods_table(t, seen.of, seen.ways))
    if seen.ways and seen.strata.dimensions:
        found.append(strata_table(t, seen.of, seen.strata.dimensions, seen.cells, seen.period))
    return [each for each in found if each.rows]
