"""When a plan ends its experiment: by evidence from closed windows, or once everybody was followed to the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from feedbackhub_plugins.apology.looking import DECIDED, FULL, reason_to_end
from feedbackhub_plugins.apology.plan import Plan
from feedbackhub_plugins.apology.records import Assignment

from .planted import APOLOGY, LATER, MONEY, NOTHING, Cell, assignments, experiment, plan

STRONG = [Cell("nothing", 0, 20), Cell("apology", 20, 0)]
WEAK = [Cell("nothing", 10, 10), Cell("apology", 10, 10)]


def people(cells: list[Cell], is_over: bool = True) -> list[Assignment]:
    """Return those people, their windows closed or not yet."""
    return [replace(each, is_over=is_over) for each in assignments(cells)]


def why(of: Plan, held: list[Assignment], closed: bool = False, merged: Mapping[str, str] | None = None) -> str:
    """Return why a running experiment ends."""
    return reason_to_end(replace(experiment(of), is_closed=closed), held, merged or {}, LATER)


@pytest.mark.parametrize(("plan_", "cells", "closed", "reason"), [
    ({}, STRONG, False, DECIDED),
    ({}, STRONG, True, DECIDED),
    ({}, WEAK, False, ""),
    ({}, WEAK, True, FULL),
    ({"stopping": "fixed"}, STRONG, False, ""),
    ({"stopping": "fixed"}, STRONG, True, FULL),
])  # fmt: skip
def test_an_experiment_ends_as_its_plan_says(
    plan_: dict[str, Any], cells: list[Cell], closed: bool, reason: str
) -> None:
    assert why(plan(**plan_), people(cells), closed) == reason


def test_one_of_several_arms_is_enough() -> None:
    assert why(plan(NOTHING, APOLOGY, MONEY), people([*STRONG, Cell("money", 0, 20)])) == DECIDED


def test_windows_that_nobody_closed_yet_decide_nothing() -> None:
    assert why(plan(), people(STRONG, is_over=False), closed=True) == ""
    held = people(STRONG)
    held[5] = replace(held[5], is_over=False)
    assert why(plan(), held, closed=True) == ""


def test_people_in_several_arms_decide_nothing() -> None:
    held = people(STRONG)
    pairs = zip(held[::2], held[1::2], strict=True)
    assert why(plan(), held, merged={one.customer: other.customer for one, other in pairs}) == ""
