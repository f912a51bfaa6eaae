"""Whether `fairness` says nothing of equal agents, and finds the one who differs."""

from __future__ import annotations

from collections.abc import Mapping

from bench.planted_company import Plan
from bench.planted_rows import Planted
from bench.planted_trying import Row, query_of
from feedbackhub import Query, Report
from feedbackhub.loop.core import Core
from feedbackhub_plugins.fairness.analysis import Fairness
from feedbackhub_plugins.fairness.settings import Settings

__all__ = ["EQUAL_AGENTS", "ODD_AGENT", "fairly"]

NOTHING = "no detectable difference"


def fairly(core: Core, query: Query) -> Report:
    """Return what `fairness` says with agents switched on, which they are not by default."""
    found = core.plugins.owner("feedbackhub_analyses", "fairness")
    assert found is not None, "the plugin is bundled"
    return Fairness(found[1].hub, Settings(agents=True)).report(query)


def equal(core: Core, planted: Planted) -> Mapping[str, bool]:
    """Tell whether equal agents are called equal, and none of them is shown."""
    report = fairly(core, query_of(planted, measure="satisfied"))
    teams, agents = report.figures[:2]
    return {
        "fairness says of agents: no detectable difference": agents.note == NOTHING,
        "fairness says of teams: no detectable difference": teams.note == NOTHING,
        "fairness shows no agent": "Agents" not in [each.title for each in report.tables],
    }


def odd(core: Core, planted: Planted) -> Mapping[str, bool]:
    """Tell whether the one who differs is found, and nobody else lies outside the outer limits."""
    report = fairly(core, query_of(planted, measure="satisfied"))
    outside = [
        way.values["agent"]
        for table in report.tables
        if table.title == "Agents"
        for row, way in zip(table.rows, table.ways, strict=True)
        if way is not None and row[-1] == "outside the outer limits"
    ]
    return {
        "fairness says that agents differ": report.figures[1].note != NOTHING,
        "fairness puts the one who does outside the outer limits": planted.odd_agent in outside,
        "fairness puts nobody else there": set(outside) <= {planted.odd_agent},
    }


EQUAL_AGENTS = Row(lambda seed: Plan(seed=seed), equal)
ODD_AGENT = Row(lambda seed: Plan(seed=seed, odd_agent=0.2), odd)
