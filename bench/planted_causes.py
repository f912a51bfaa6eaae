"""Whether `causes` puts a planted cause first, and nothing where none is planted."""

from __future__ import annotations

from collections.abc import Mapping

from bench.planted_company import Cause, Plan
from bench.planted_rows import Planted
from bench.planted_trying import Judge, Row, query_of, report_on
from feedbackhub.loop.core import Core

__all__ = ["NONE_PLANTED", "PAIR_PLANTED", "TEAM_PLANTED", "TOPIC_PLANTED"]


def causes_named(core: Core, planted: Planted) -> list[str]:
    """Return what the report calls causes, in its order."""
    return [str(row[0]) for row in report_on(core, "causes", query_of(planted)).tables[0].rows]


def first(*names: str) -> Judge:
    """Return what tells whether these are the first causes, and the only ones."""

    def judge(core: Core, planted: Planted) -> Mapping[str, bool]:
        found = causes_named(core, planted)
        return {
            "causes puts the planted one first": set(found[: len(names)]) == set(names),
            "causes names nothing else": set(found) <= set(names),
        }

    return judge


def nothing(core: Core, planted: Planted) -> Mapping[str, bool]:
    """Tell whether the report calls nothing a cause."""
    return {"causes puts nothing first": causes_named(core, planted) == []}


TOPIC_PLANTED = Row(lambda seed: Plan(seed=seed, cause=Cause("topic", "delivery", 0.25)), first("Topic: delivery"))
TEAM_PLANTED = Row(lambda seed: Plan(seed=seed, cause=Cause("team", "Hotline", 0.15)), first("Team: Hotline"))
PAIR_PLANTED = Row(
    lambda seed: Plan(seed=seed, cause=Cause("topic", "delivery", 0.4, also=("product", "Lamp"))),
    first("Topic: delivery + Product: Lamp"),
)
NONE_PLANTED = Row(lambda seed: Plan(seed=seed), nothing)
