"""Count over listed seeds how often the report on recoveries is right: ``python -m bench.planted_recoveries``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bench.instance import made_on
from bench.planted_recoveries_company import RecoveryPlan
from bench.planted_recoveries_quick import judge_quickly
from bench.planted_recoveries_rows import PlantedRecoveries, plant_recoveries
from bench.planted_trying import report_on
from feedbackhub import Figure, Query, Report
from feedbackhub.loop.core import Core
from feedbackhub.reporting.assumptions import Entry
from feedbackhub_plugins.recovery.recoveries_analysis import Recoveries

__all__ = ["ROWS", "enter", "judge", "main", "report_of"]

ROWS: Mapping[str, RecoveryPlan] = {
    "contacts tell who stayed": RecoveryPlan(),
    "costs are guessed": RecoveryPlan(are_guessed=True),
    "the company's own system tells": RecoveryPlan(by_attribute=True),
    "chance decides": RecoveryPlan(by_chance=True),
    "making good does nothing": RecoveryPlan(effect=0.0),
    "few customers": RecoveryPlan(customers=400),
}
SOURCE = "planted"


def enter(core: Core, plan: RecoveryPlan) -> None:
    """Enter what the company assumes."""
    found = core.plugins.owner("feedbackhub_analyses", "recoveries")
    assert found is not None
    analysis = found[1]
    assert isinstance(analysis, Recoveries)
    entries = {
        "currency": Entry(word="EUR", source=SOURCE), "margin": Entry(*plan.margin, "", SOURCE),
        "work": Entry(*plan.work, "", SOURCE),
    }  # fmt: skip
    if plan.by_attribute:
        entries["attribute"] = Entry(word="active", source=SOURCE)
    for name, entry in entries.items():
        analysis.book.put(name, entry, "bench")


def report_of(core: Core, planted: PlantedRecoveries) -> Report:
    """Return what the report says of the whole company."""
    options = {"within": str(planted.plan.within), "follow": str(planted.plan.follow)}
    query = Query(planted.since, planted.until, survey="planted", compare=False, options=options)
    return report_on(core, "recoveries", query)


def judge(core: Core, planted: PlantedRecoveries) -> Mapping[str, bool]:
    """Tell whether the return's interval and that of the difference hold the truth."""
    found = report_of(core, planted)
    plan = planted.plan
    stayed, kind = _figure(found, "Stayed more often"), "drawn by chance" if plan.by_chance else "association"
    said = {
        "the return's interval holds the truth": _holds(_figure(found, "Return for each unit spent"), planted.truth),
        "the difference's interval holds the truth": _holds(stayed, 100 * plan.effect, slack=0.05),
        "it is said what kind of number it is": kind in stayed.label,
    }
    if not plan.by_chance:
        said["the plain difference would be above the truth"] = _plain(planted) > plan.effect
    return said


def _figure(of: Report, beginning: str) -> Figure:
    (found,) = (each for each in of.figures if each.label.startswith(beginning))
    return found


def _holds(figure: Figure, truth: float, slack: float = 0.0) -> bool:
    """Tell whether an interval holds a number; slack is what rounding may hide."""
    return figure.low is not None and figure.high is not None and figure.low - slack <= truth <= figure.high + slack


def _plain(planted: PlantedRecoveries) -> float:
    """Return by how much more often those stay whose case was made good, whoever they are."""
    share = {}
    for good in (True, False):
        of = [each.stayed for each in planted.people if each.made_good is good]
        share[good] = sum(of) / len(of)
    return share[True] - share[False]


def judged(plan: RecoveryPlan, kind: str) -> Mapping[str, bool]:
    """Plant a company in an instance of its own and tell what the report says; in none when there is no database."""
    if kind == "none":
        return judge_quickly(plan, datetime.now(UTC))
    with made_on(kind) as (_, core, _key):
        enter(core, plan)
        return judge(core, plant_recoveries(core, plan))


def lines(rows: Mapping[str, RecoveryPlan], seeds: Sequence[int], kind: str) -> Iterator[str]:
    """Yield the table, row by row as they are tried."""
    yield "| planted | what must be so | of seeds | not for seeds |"
    yield "|---|---|---|---|"
    for name, plan in rows.items():
        missed: dict[str, list[int]] = {}
        for seed in seeds:
            for said, holds in judged(replace(plan, seed=seed), kind).items():
                missed.setdefault(said, []).extend([] if holds else [seed])
        for said, not_for in missed.items():
            yes = len(seeds) - len(not_for)
            yield f"| {name} | {said} | {yes} of {len(seeds)} | {' '.join(map(str, not_for)) or '-'} |"


def main(argv: Sequence[str] | None = None) -> int:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="seeds 1 to this one")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--only", nargs="+", choices=tuple(ROWS), default=tuple(ROWS), help="which rows")
    parser.add_argument("--database", choices=("sqlite", "postgres", "none"), default="sqlite")
    chosen = parser.parse_args(argv)
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    for line in lines({name: ROWS[name] for name in chosen.only}, seeds, chosen.database):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
