"""The analysis `repeats`: after which contacts customers get in touch again more often than after the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import ClassVar

from feedbackhub import DIMENSIONS, Analysis, Figure, Hub, Option, Query, Report
from feedbackhub.reporting import N_, Words, before
from feedbackhub.reporting.repeats import days_of, followed
from feedbackhub.statistics import Share

from .cells import Cells
from .clumps import clumps_of
from .counting import filters_of
from .repeats_shown import Contacts, change_of, charts, contacted_again, lost, notes, saved, tables
from .search import search

__all__ = ["Repeats"]

WITHIN = {"7": N_("7 days"), "14": N_("14 days")}
MOST_FIGURES = 3


class Repeats(Analysis):
    """What customers contact again about.

    Args:
        hub: The plugin's hub.
    """

    name = "repeats"
    title = N_("Causes of repeated contacts")
    options = (Option("within", N_("Again within"), WITHIN, "7"),)
    lasts: ClassVar[timedelta | None] = timedelta(hours=1)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return the topics, products, teams and channels after which customers come back more than after others."""
        t, now = Words(self._hub, query.language), self._hub.clock.now()
        title, within = t("What do customers contact you again about?"), int(query.options.get("within") or "7")
        filters_of(query)
        here = self._contacts(query, within)
        whole = here.cells.whole
        if not whole.whole:
            figure = Figure(t("Contacted again"), None, n=0, unit="share", note=t("no data"), few="none")
            words = list(lost(t, here)) or [t("There are no contacts in these days.")]
            return Report(title, [figure], notes=words, as_of=now)
        found = search([here.cells], query.by, here.clumps)
        figures = [contacted_again(t, here, within)]
        if query.compare:
            figures.append(change_of(t, here, self._contacts(before(query), within)))
        figures += [saved(t, each, found.level) for each in found.causes[:MOST_FIGURES]]
        words = list(notes(t, here, found, within))
        return Report(title, figures, charts(t, found), tables(t, found, whole), words, now)

    def _contacts(self, query: Query, within: int) -> Contacts:
        again: Counter[tuple[str, ...]] = Counter()
        all_: Counter[tuple[str, ...]] = Counter()
        customers: defaultdict[int, list[tuple[tuple[str, ...], bool]]] = defaultdict(list)
        young = unknown = 0
        kept = [(DIMENSIONS.index(name), value) for name, value in query.where.items()]
        for each in followed(self._hub.read, days_of(query), self._hub.clock.now(), columns=DIMENSIONS):
            if any(each.values[at] != value for at, value in kept):
                continue
            if not each.known:
                unknown += 1
            elif each.age < within:
                young += 1
            else:
                all_[each.values] += 1
                again[each.values] += each.after <= within
                customers[each.who].append((each.values, each.after <= within))
        cells = Cells(DIMENSIONS, {place: Share(again[place], n) for place, n in all_.items()})
        clumps = clumps_of(cells, (visits for visits in customers.values() if len(visits) > 1))
        return Contacts(cells, clumps, young, unknown)
