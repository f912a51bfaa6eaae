"""The overview: the first numbers of every analysis for the same days and filters, each as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import url_for
from flask.typing import ResponseReturnValue

from ..contract.errors import Refused, Unavailable
from ..contract.reports import Analysis, Query, Report
from ..machinery.containment import PluginFault
from .current import core
from .permission import outranks
from .rendering import page, texts
from .report_filters import asked_for, choices, in_words, kept, plugin_words, query_of, seen_by_visitor, spread, ways_of
from .report_shown import ReportShown, shown
from .report_words import failure
from .sessions import person
from .ways import with_values

__all__ = ["card", "index"]

#: Seconds that the overview waits for all its cards together; those that are not there then come one after the other.
GLANCE = 0.8
#: Seconds that a single card waits before it looks again.
PATIENCE = 1.8


@dataclass(frozen=True)
class Card:
    """What the overview shows of an analysis.

    Args:
        analysis: The analysis.
        title: Its title, in the visitor's language.
        href: The whole report, with the same filters.
        again: Where the card itself is to be had.
        report: What it found, None while it is being made or when it failed.
        made: The report itself, for its moment.
        problem: Why there is none.
        asks: Whether it asks for itself once more although there is something to show.
    """

    analysis: Analysis
    title: str
    href: str
    again: str
    report: ReportShown | None = None
    made: Report | None = None
    problem: str = ""
    asks: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is still being made."""
        return self.report is None and not self.problem


def index() -> ResponseReturnValue:
    """Show the first numbers of every analysis that the visitor may see."""
    core().analyst.warm()
    wanted, problems, cards = spread(asked_for()), {}, []
    query = None
    try:
        query = query_of(wanted)
        cards = list(cards_of(query))
    except Refused as refused:
        problems = in_words(refused)
    body = page(
        "staff/reports.html", cards=cards, problems=problems, wanted=wanted, query=query, none=not seen(),
        waiting=any(each.waits for each in cards), address=url_for("reports.index"), **choices(wanted, query),
    )  # fmt: skip
    return body, 422 if problems else 200


def card(name: str) -> ResponseReturnValue:
    """Show one card, for the overview that has waited for it."""
    analysis = seen_by_visitor(name)
    wanted = spread(asked_for())
    return page("staff/report_card.html", card=card_of(analysis, PATIENCE, query_of_one(analysis)), wanted=wanted)


def seen() -> list[Analysis]:
    """Return the analyses that the visitor may see: first those that only add up counts, which are there at once."""
    found = [each for each in core().analyst.all() if outranks(person().role, each.permission)]
    return sorted(found, key=lambda each: each.lasts is not None)


def cards_of(query: Query) -> Iterator[Card]:
    """Yield the cards, waiting for all of them together no longer than `GLANCE`.

    One report is wanted after the other: what the glance leaves over is not begun, so that the first look of the day
    does not fill all processes with what reads every record. Of it is shown what is kept, with its moment.
    """
    until = time.monotonic() + GLANCE
    for analysis in seen():
        left = until - time.monotonic()
        wanted = query_of_one(analysis)
        yield card_of(analysis, left, wanted) if left > 0 else kept_card(analysis, wanted)


def query_of_one(analysis: Analysis) -> Query:
    """Return what the overview asks an analysis: what the filters say, and its own options as they usually are."""
    return query_of(spread(asked_for()), core().analyst.options(analysis))


def empty(analysis: Analysis) -> Card:
    """Return a card without content."""
    title, filters = plugin_words(analysis)(analysis.title), kept()
    href, again = (url_for(f"reports.{endpoint}", name=analysis.name) for endpoint in ("show", "card"))
    return Card(analysis, title, with_values(href, filters), with_values(again, filters))


def kept_card(analysis: Analysis, query: Query) -> Card:
    """Return a card with what is kept, which asks for itself once more: what is too old is made anew then."""
    bare = empty(analysis)
    try:
        report = core().analyst.kept(analysis.name, query)
    except PluginFault as error:
        return filled(bare, problem=failure(error))
    return filled_with(bare, query, report, asks=True) if report is not None else bare


def card_of(analysis: Analysis, patience: float, query: Query) -> Card:
    """Return a card with what is there within so many seconds."""
    bare = empty(analysis)
    try:
        report = core().analyst.report(analysis.name, query, patience)
    except Refused as refused:
        return filled(bare, problem="; ".join(in_words(refused).values()))
    except (PluginFault, Unavailable) as error:
        return filled(bare, problem=failure(error))
    if report is None:
        return bare
    return filled_with(bare, query, report)


def filled_with(bare: Card, query: Query, report: Report, asks: bool = False) -> Card:
    """Return a card with a report."""
    ways = ways_of(bare.analysis, query, kept(), bare.href)
    return replace(bare, report=shown(texts(), report, ways), made=report, asks=asks)


def filled(bare: Card, problem: str) -> Card:
    """Return a card that says why there is no report."""
    return replace(bare, problem=problem)
