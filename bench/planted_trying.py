"""Planting once for each seed, and counting how often an analysis says what is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.instance import made_on
from bench.planted_company import Plan
from bench.planted_rows import Planted, plant
from feedbackhub import Query, Report
from feedbackhub.loop.core import Core

__all__ = ["Row", "Tried", "query_of", "report_on", "tried"]

#: What is true of one seed, by what it is called; counted over all seeds.
Judge = Callable[[Core, Planted], Mapping[str, bool]]


@dataclass(frozen=True)
class Row:
    """One thing that is planted, and what an analysis must say of it.

    Args:
        plan: What is planted, by seed.
        judge: Tells what the analysis said.
    """

    plan: Callable[[int], Plan]
    judge: Judge


@dataclass
class Tried:
    """How often what was true.

    Args:
        yes: By what it is called.
        no: The seeds for which it was not.
    """

    yes: Counter[str] = field(default_factory=Counter)
    no: dict[str, list[int]] = field(default_factory=dict)


def query_of(planted: Planted, **more: str) -> Query:
    """Return a query for the whole company.

    Args:
        planted: The company.
        more: Options of the analysis.
    """
    return Query(planted.since, planted.until, survey=planted.survey, compare=False, options=more)


def report_on(core: Core, analysis: str, query: Query) -> Report:
    """Return what an analysis says, made in this process."""
    found = core.plugins.owner("feedbackhub_analyses", analysis)
    if found is None:
        raise LookupError(f"there is no analysis called {analysis}")
    made: Report = found[1].report(query)
    return made


def tried(row: Row, seeds: Sequence[int], kind: str = "sqlite") -> Tried:
    """Plant once for each seed, each time in an instance of its own, and count what the judge says."""
    found = Tried()
    for seed in seeds:
        with made_on(kind) as (_, core, _key):
            for name, holds in row.judge(core, plant(core, row.plan(seed))).items():
                found.yes[name] += holds
                found.no.setdefault(name, []).extend([] if holds else [seed])
    return found
