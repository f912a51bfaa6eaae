"""The analysis of what customers do: how many have to come back, beside what they say, and how far both agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, Reader, Report, ReportTable, Way
from feedbackhub.reporting import (
    N_,
    Counted,
    ShareMeasure,
    Words,
    asks_whether_solved,
    before,
    change,
    estimate,
    groups_table,
    joined,
    of_groups,
    over_time,
    questions_of,
)

from .agreeing import agreement_figures, agreement_notes, agreement_table
from .first import Pair, count_first, first_measure, pairs
from .notes import of_pairs
from .observed import HORIZONS, Horizon, Observed, measure_of, observe

__all__ = ["RepeatContacts"]

STEPS = {"": N_("as the answers allow"), "day": N_("Days"), "week": N_("Weeks"), "month": N_("Months")}
FIRST = "first"
USUAL = "7"
SHOWN = {
    "": HORIZONS[USUAL].label,
    **{name: each.label for name, each in HORIZONS.items() if name != USUAL},
    FIRST: N_("Solved at the first contact, customers say"),
}
DRIVERS = Way("report", "repeats")


@dataclass(frozen=True)
class Found:
    """What was counted.

    Args:
        now: The contacts of the period.
        then: Those of the period before, None when they are not compared.
        pairs: The surveys that ask whether it was solved and how often contact was made.
        first: Who says that it was solved after one contact.
        first_then: The same in the period before.
        surveys: All that ask whether it was solved.
    """

    now: Observed
    then: Observed | None
    pairs: list[Pair]
    first: Counted
    first_then: Counted | None
    surveys: list[str]


class RepeatContacts(Analysis):
    """Whether customers come back, whoever answers surveys.

    Args:
        hub: The plugin's hub.
    """

    name = "repeat-contacts"
    title = N_("Repeated contacts")
    options = (Option("measure", N_("Charts and groups show"), SHOWN), Option("step", N_("Trend by"), STEPS))
    lasts = timedelta(hours=1)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def report(self, query: Query) -> Report:
        """Return the shares that came back, what customers say beside them, and how far both agree."""
        t, now = Words(self._hub, query.language), self._hub.clock.now()
        found = look(self._hub.read, query, now)
        wanted = query.options.get("measure") or USUAL
        horizon = HORIZONS.get(wanted, HORIZONS[USUAL])
        measure, counted = shown(t, found, wanted)
        agreed = found.now.agreement(str(horizon.days))
        return Report(
            t("Do customers have to come back?"),
            [*figures(t, found), *agreement_figures(t, agreed, horizon)],
            charts(t, query, measure, counted),
            [*groups(t, query, measure, counted, wanted), agreement_table(t, agreed, horizon)],
            [*notes(t, query, found, horizon), *agreement_notes(t, agreed)],
            now,
        )


def look(reader: Reader, query: Query, now: datetime) -> Found:
    """Count what a report needs."""
    earlier = before(query)
    period, past = observe(reader, query, earlier.since if query.compare else query.since, now)
    both = pairs(reader, query.survey)
    first_then = count_first(reader, replace(earlier, by=""), both) if query.compare else None
    surveys = sorted({each.survey for each in questions_of(reader, query.survey, asks_whether_solved)})
    then = past if query.compare else None
    return Found(period, then, both, count_first(reader, query, both), first_then, surveys)


def shown(t: Words, found: Found, wanted: str) -> tuple[ShareMeasure, Counted]:
    """Return what charts and groups show, with its counts."""
    if wanted == FIRST:
        return first_measure(t), found.first
    horizon = HORIZONS.get(wanted, HORIZONS[USUAL])
    return measure_of(t, horizon), found.now.counted[horizon.name]


def figures(t: Words, found: Found) -> list[Figure]:
    """Return the main numbers: who came back, its change, and what customers say."""
    made: list[Figure] = []
    for name, horizon in HORIZONS.items():
        earlier = 1.0 if found.then is None else found.then.effect(name)
        measure, values = measure_of(t, horizon, found.now.effect(name), earlier), found.now.counted[name].all_scores
        made.append(of_contacts(t, values["back"], estimate(t, measure, values, DRIVERS)))
        if name == USUAL and found.then is not None:
            made.append(change(t, measure, values, found.then.counted[name].all_scores, way=DRIVERS))
    if found.pairs:
        first, said = first_measure(t), found.first.all_scores
        made.append(estimate(t, first, said, Way(values={"solved": "yes"})))
        if found.first_then is not None:
            label = t("Change of those solved at the first contact")
            made.append(change(t, first, said, found.first_then.all_scores, label, Way("report", "solved")))
    return made


def of_contacts(t: Words, back: int, figure: Figure) -> Figure:
    """Return a figure that rests on contacts; where they are few, with how many of them it is about."""
    if figure.few != "counts":
        return figure
    return replace(figure, note=joined(t("{part} of {whole} contacts", part=back, whole=figure.n), figure.note))


def charts(t: Words, query: Query, measure: ShareMeasure, counted: Counted) -> list[Chart]:
    """Return the pictures that the counts allow."""
    if not measure.n(counted.all_scores):
        return []
    over = over_time(t, measure, query, counted, t("{what} over time", what=measure.label))
    title = t("{what} by group", what=measure.label)
    by_group = of_groups(t, measure, counted, counted.names, title) if query.by else None
    return [each for each in (over, by_group) if each]


def groups(t: Words, query: Query, measure: ShareMeasure, counted: Counted, wanted: str) -> list[ReportTable]:
    """Return the table of groups when it is asked for."""
    if not query.by or not counted.names:
        return []
    way = Way(values={"solved": "yes"}) if wanted == FIRST else DRIVERS
    return [groups_table(t, measure, counted, counted.names, query.by, way=way)]


def notes(t: Words, query: Query, found: Found, horizon: Horizon) -> Iterator[str]:
    """Yield what the reader must know to read the numbers rightly."""
    yield t(
        "Came back: another inbound contact of the same customer began, on any channel, or the contact was reopened. "
        "All customers count, whether they answer surveys or not. Days are those of the contacts."
    )
    if query.survey:
        yield t("Only contacts after which the chosen survey was asked are looked at; coming back counts after any.")
    name = str(horizon.days)
    young = found.now.young[name]
    if young:
        yield t("{n} contacts are left out, as {days} days have not passed since.", n=young, days=horizon.days)
    if found.now.strangers:
        yield t("{n} contacts are left out, as their customer is not known.", n=found.now.strangers)
    customers = len(found.now.customers[name])
    if found.now.effect(name) > 1:
        yield t(
            "{n} customers stand behind these contacts. As those of one hang together, the intervals of the main "
            "numbers rest on customers; those of charts and groups rest on contacts, so they are a little too narrow.",
            n=customers,
        )  # fmt: skip
    yield from of_pairs(t, found.surveys, found.pairs)
