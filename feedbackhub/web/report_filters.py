"""The filters of reports and of their overview: read from the address, offered on the page, kept on every way on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import request

from ..contract.errors import NotFound, Problem, Refused
from ..contract.reading import DIMENSIONS
from ..contract.reports import Analysis, Option, Query
from ..machinery.i18n import N_, Translator
from ..office.agents import agent_public_id
from ..office.report_query import PERIODS, USUAL_PERIOD, Wanted, read_query
from ..office.reports import filter_values, today
from .current import core
from .filters import chosen, pairs, values
from .navigation import may_open
from .permission import outranks
from .refusal_words import refusal_text
from .rendering import language, texts
from .sessions import person
from .ways import OPTION, Ways

__all__ = [
    "DIMENSION_NAMES",
    "asked_for",
    "choices",
    "in_words",
    "kept",
    "plugin_words",
    "query_of",
    "seen_by_visitor",
    "spread",
    "ways_of",
]

PERIOD_NAMES = {
    "7d": N_("Last 7 days"),
    "30d": N_("Last 30 days"),
    "90d": N_("Last 90 days"),
    "365d": N_("Last 12 months"),
    "own": N_("Days of my choice"),
}
DIMENSION_NAMES = {
    "channel": N_("Channel"),
    "team": N_("Team"),
    "topic": N_("Topic"),
    "product": N_("Product"),
    "brand": N_("Brand"),
    "language": N_("Language"),
    "segment": N_("Segment"),
    "country": N_("Country"),
}
#: Filters that every analysis knows, as they are called in addresses.
GENERAL = ("period", "from", "to", "basis", "survey", "compare", *DIMENSIONS)
#: Fields of a query that are called otherwise in addresses.
NAMES = {"since": "from", "until": "to"}


def seen_by_visitor(name: str) -> Analysis:
    """Return an analysis that the visitor may see.

    Raises:
        NotFound: There is none, or it is not for their role.
    """
    found = core().analyst.one(name)
    if not outranks(person().role, found.permission):
        raise NotFound("no such analysis")
    return found


def plugin_words(analysis: Analysis) -> Translator:
    """Return the texts of the plugin that brings an analysis, in the visitor's language."""
    here = core()
    return here.i18n.of_plugin(here.analyst.plugin_of(analysis.name), language())


def asked_for(options: Sequence[Option] = ()) -> Wanted:
    """Return the filters of the address, with the options that an analysis knows."""
    return Wanted(
        chosen("period"), chosen("from"), chosen("to"), chosen("basis"), chosen("survey"), chosen("by"),
        chosen("compare"), {name: chosen(name) for name in DIMENSIONS if chosen(name)},
        {each.name: chosen(OPTION + each.name) for each in options if chosen(OPTION + each.name)},
    )  # fmt: skip


def spread(wanted: Wanted) -> Wanted:
    """Return the filters that hold for all analyses alike: how one is split and its own options do not."""
    return replace(wanted, by="", options={})


def query_of(wanted: Wanted, options: Sequence[Option] = ()) -> Query:
    """Return the query that the filters mean.

    Raises:
        Refused: A filter means nothing.
    """
    seen = person()
    agent = agent_public_id(core().store, seen.agent_id) if seen.role == "agent" else ""
    try:
        return read_query(wanted, today(core()), options, language(), seen.role, agent)
    except Refused as refused:
        raise Refused(*(Problem(NAMES.get(each.field, each.field), each.reason) for each in refused.problems)) from None


def in_words(refused: Refused) -> dict[str, str]:
    """Return the reasons for refusing filters by their names in the address, in the visitor's language."""
    t = texts()
    return {NAMES.get(each.field, each.field): refusal_text(t, each.reason) for each in refused.problems}


def kept(*names: str) -> dict[str, str]:
    """Return what the address says of some filters, of the general ones when none are named."""
    return {name: chosen(name) for name in names or GENERAL if chosen(name)}


def ways_of(analysis: Analysis, query: Query, asked: dict[str, str], via: str) -> Ways:
    """Return what makes the addresses of a report's ways, those that the visitor may go."""

    def open_to(page: str) -> bool:
        if not page.startswith("report:"):
            return may_open(person().role, page)
        try:
            seen_by_visitor(page.removeprefix("report:"))
        except NotFound:
            return False
        return True

    return Ways(analysis.name, core().analyst.plugin_of(analysis.name), query, asked, open_to, via)


def choices(wanted: Wanted, query: Query | None) -> dict[str, Any]:
    """Return what the filters can be set to, for the templates."""
    t, day = texts(), today(core())
    offered = filter_values(core(), query.since if query else day, query.until if query else day)
    where = wanted.where or {}
    held = {name: values(offered[name], where.get(name, "")) for name in DIMENSIONS}
    period = wanted.period or ("own" if wanted.since or wanted.until else USUAL_PERIOD)
    return {
        "periods": pairs([*PERIODS, "own"], lambda key: t(PERIOD_NAMES[key])), "period": period,
        "surveys": pairs(values(offered["survey"], wanted.survey)), "where": where,
        "dimensions": pairs([name for name in DIMENSIONS if held[name]], lambda key: t(DIMENSION_NAMES[key])),
        "kept": held, "kept_pairs": lambda name: pairs(held[name]), "dimension_names": DIMENSION_NAMES,
        "options": wanted.options or {}, "option": OPTION, "filtered": any(request.args.values()),
    }  # fmt: skip
