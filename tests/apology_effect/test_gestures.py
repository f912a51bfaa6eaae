"""What agents chose is told as an association: exact shares, no comparison without enough people, no causal word."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from random import Random

import pytest
from scipy.stats import binomtest

from feedbackhub import Report
from feedbackhub.loop.report_json import report_json
from feedbackhub.statistics import Share
from feedbackhub_plugins.apology.gestures import told
from feedbackhub_plugins.apology.gestures_compared import beside_none
from feedbackhub_plugins.apology.gestures_read import KNOWN, Case, Cases, Question

from .planted import T, column, figure, table

NOTHING_KNOWN = ("",) * len(KNOWN)
DISPUTED = Question("disputed", frozenset({"yes"}))
#: Words that claim a cause.
CAUSAL = re.compile(
    r"\b(effects?|because|causes?|caused|leads? to|wins? back|won back|works|improves?|helps?|thanks to|due to)\b",
    re.IGNORECASE,
)


def cases(kind: str, good: int, whole: int, about: tuple[str, ...] = NOTHING_KNOWN) -> list[Case]:
    """Return cases with a later answer, so many of which count."""
    names = frozenset(filter(None, [kind]))
    return [Case(f"{kind}{about}{at}", names, at < good, None, about) for at in range(whole)]


COMPLAINTS = [
    *cases("explanation", 525, 2468), *cases("monetary_relief", 16, 215), *cases("other_relief", 41, 380),
    *cases("", 13, 66),
]  # fmt: skip


def test_published_complaints_come_out_exactly_with_their_intervals() -> None:
    found = told(T, Cases(COMPLAINTS), DISPUTED)
    shares = table(found, "Later answers by gesture")
    assert [(row[0], row[3], row[2]) for row in shares.rows] == [
        ("no gesture", 13, 66), ("explanation", 525, 2468), ("monetary relief", 16, 215), ("other relief", 41, 380),
    ]  # fmt: skip
    for row, counts in zip(shares.rows[1:], ((525, 2468), (16, 215), (41, 380)), strict=True):
        # scipy's own Wilson interval.
        wanted = binomtest(*counts).proportion_ci(method="wilson")
        assert row[5:7] == (pytest.approx(100 * wanted.low), pytest.approx(100 * wanted.high))
    assert figure(found, "disputed = yes: explanation").value == pytest.approx(525 / 2468)
    assert found.title == "How do later answers go with gestures? Association, not proof"


def test_too_few_without_a_gesture_are_compared_with_nobody() -> None:
    found = told(T, Cases(COMPLAINTS), DISPUTED)
    beside = table(found, "Among people alike in what is known (association)")
    assert set(column(beside, "What may be said")) == {"not compared: fewer than 100 comparable people in a group"}
    assert [each for row in beside.rows for each in row[2:] if each is not None] == []
    assert "No gesture is compared with none: too few comparable people. Only shares are shown." in found.notes


def severe(chance: Random, n: int) -> list[Case]:
    """Return cases in which agents apologise to those who are angrier, and nothing they do changes the answer."""
    found = []
    for at in range(n):
        bad = chance.random() < 0.5
        names = frozenset({"apology"} if chance.random() < (0.75 if bad else 0.25) else ())
        good = chance.random() < (0.2 if bad else 0.6)
        found.append(Case(str(at), names, good, 0.0 if bad else 25.0, ("chat", *NOTHING_KNOWN[1:])))
    return found


def test_weights_take_away_what_measured_severity_feigns() -> None:
    (found,) = beside_none(severe(Random(1), 2000))
    assert found.found is not None
    assert found.found.naive < -0.15
    assert abs(found.found.weighted) < 0.06
    assert abs(found.found.balance[0].before) > 0.8
    assert abs(found.found.balance[0].after) < 0.05
    estimate = found.estimate
    assert estimate is not None
    assert estimate[1].low < 0 < estimate[1].high


def test_what_tells_who_received_it_leaves_nobody_to_compare_with() -> None:
    one = [Case(f"a{at}", frozenset({"apology"}), at % 2 == 0, 0.0, NOTHING_KNOWN) for at in range(150)]
    other = [Case(f"b{at}", frozenset[str](), at % 2 == 0, 25.0, NOTHING_KNOWN) for at in range(150)]
    found = told(T, Cases([*one, *other]), None)
    (row,) = table(found, "Among people alike in what is known (association)").rows
    assert row[1] == "not compared: what is known tells who received it, so nobody alike is left"


def everything(found: Report) -> str:
    return json.dumps(json.loads(report_json(found)), ensure_ascii=False)


@pytest.mark.parametrize("question", [None, DISPUTED])
def test_no_word_claims_a_cause(question: Question | None) -> None:
    told_now = everything(told(T, Cases([*severe(Random(2), 1500), *COMPLAINTS], in_trials=3), question))
    assert CAUSAL.findall(told_now) == []
    assert "Association, not proof: agents chose whom to give what." in told_now


def test_no_case_is_no_data() -> None:
    found = told(T, Cases(), None)
    assert {(each.value, each.note) for each in found.figures} == {(None, "no data")}
    assert found.notes[1] == "no data: no bad answers in these days."
    assert (found.charts, len(found.tables[0].rows)) == ([], 0)
    all_drawn = told(T, Cases(in_trials=7), None)
    assert all_drawn.notes[1:] == [
        "no data",
        "7 cases belong to experiments, where chance chose; they are left out here and have their own report.",
    ]


def test_a_person_with_several_cases_is_compared_once() -> None:
    twice = [Case("ann", frozenset({"apology"}), True, None, NOTHING_KNOWN)] * 150
    (found,) = beside_none([*twice, *cases("", 50, 150)])
    assert (found.found, found.why_not) == (None, "few")


def test_a_person_with_cases_on_both_sides_is_compared_by_the_first() -> None:
    apologised = cases("apology", 50, 150)
    again = [replace(each, gestures=frozenset()) for each in apologised[:30]]
    (found,) = beside_none([*apologised, *again, *cases("", 40, 120)])
    assert found.found is not None
    assert (found.found.treated, found.found.others) == (Share(50, 150), Share(40, 120))


def test_gestures_stand_in_the_order_of_their_names() -> None:
    found = told(T, Cases([*cases("b", 9, 10), *cases("a", 1, 10), *cases("c", 5, 10)]), None)
    assert column(table(found, "Later answers by gesture"), "Gesture") == ["a", "b", "c"]
