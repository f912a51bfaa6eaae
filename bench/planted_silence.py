"""Whether weighting finds the truth where those who keep silent are less pleased than those who answer."""

from __future__ import annotations

from collections.abc import Mapping

from bench.planted_company import Plan
from bench.planted_rows import Planted
from bench.planted_trying import Row, query_of, report_on
from feedbackhub.loop.core import Core

__all__ = ["SILENCE", "judge"]


def judge(core: Core, planted: Planted) -> Mapping[str, bool]:
    """Tell which intervals hold the truth over all who were asked."""
    found = {}
    truths = {"satisfied": planted.everybody.csat, "nps": planted.everybody.nps, "solved": planted.everybody.solved}
    for measure, truth in truths.items():
        report = report_on(core, "silence", query_of(planted, measure=measure))
        (chart,) = (each for each in report.charts if each.table.columns[0] == "Way of counting")
        for name, _, low, high, _ in chart.table.rows:
            assert isinstance(low, float | int)
            assert isinstance(high, float | int)
            found[f"{measure}: {name} holds the truth"] = low <= 100 * truth <= high
    return found


SILENCE = Row(lambda seed: Plan(seed=seed, silence=True), judge)
