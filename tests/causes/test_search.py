"""Causes among places: what is planted is found, what chance does is not, and what explains another is told apart."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedbackhub.statistics import Share
from feedbackhub_plugins.causes.cells import Cells, Overlaps, Place
from feedbackhub_plugins.causes.clumps import Clumps
from feedbackhub_plugins.causes.explaining import Reason, explain
from feedbackhub_plugins.causes.search import Search, search

DIMENSIONS = ("channel", "team", "topic", "product")
TOPICS = {"a": 4, "b": 3, "c": 2, "d": 1}
PRODUCTS = {"x": 4, "y": 3, "z": 2}
Placed = Mapping[str, str]


def company(seed: int, worse: Callable[[Placed], float] = lambda placed: 0.0, n: int = 2000) -> Cells:
    """Return a company where 15 % of answers are bad, and more where something is planted.

    Team A handles topic a, and nearly nobody else does; all else is drawn at random.
    """
    chance, counts = Random(seed), defaultdict[tuple[str, ...], list[int]](lambda: [0, 0])
    for _ in range(n):
        topic, product = (chance.choices(list(each), list(each.values()))[0] for each in (TOPICS, PRODUCTS))
        team = "A" if topic == "a" and chance.random() < 0.9 else chance.choice("AB")
        placed = {"channel": chance.choice(("chat", "phone")), "team": team, "topic": topic, "product": product}
        cell = counts[tuple(placed.values())]
        cell[0] += chance.random() < 0.15 + worse(placed)
        cell[1] += 1
    return Cells(DIMENSIONS, {values: Share(*each) for values, each in counts.items()})


def places(found: Search) -> list[Place]:
    """Return what is called a cause."""
    return [each.place for each in found.causes]


PLANTED: list[tuple[Place, Callable[[Placed], float]]] = [
    ((("topic", "b"),), lambda placed: 0.2 * (placed["topic"] == "b")),
    # Team A handles mostly this topic, and must not be taken for the cause.
    ((("topic", "a"),), lambda placed: 0.2 * (placed["topic"] == "a")),
    ((("product", "y"),), lambda placed: 0.2 * (placed["product"] == "y")),
    ((("topic", "b"), ("product", "x")), lambda placed: 0.4 * ((placed["topic"], placed["product"]) == ("b", "x"))),
]  # fmt: skip


@pytest.mark.parametrize(("place", "worse"), PLANTED, ids=lambda each: str(each) if isinstance(each, tuple) else "")
def test_the_planted_cause_is_the_only_one(place: Place, worse: Callable[[Placed], float]) -> None:
    for seed in range(3):
        found = search([company(seed, worse)])
        assert places(found) == [place]
        (cause,) = found.causes
        low, high = cause.excess_interval
        assert 0 < low < cause.excess < high


def test_nothing_is_a_cause_where_nothing_is_planted() -> None:
    assert [places(search([company(seed)])) for seed in range(6)] == [[]] * 6


def test_what_a_cause_explains_is_named_with_it() -> None:
    pair = (("topic", "b"), ("product", "x"))
    found = search([company(1, lambda placed: 0.4 * ((placed["topic"], placed["product"]) == ("b", "x")))])
    why = {each.place: reason for each, reason in found.explained}
    assert why[(("topic", "b"),)] == Reason("elsewhere", pair)
    of_topic = search([company(1, lambda placed: 0.2 * (placed["topic"] == "b"))])
    parts = {each.place: reason for each, reason in of_topic.explained}
    assert parts[(("channel", "chat"), ("topic", "b"))] == Reason("part", (("topic", "b"),))


def test_two_causes_stand_by_how_much_they_weigh() -> None:
    worse = {"b": 0.25, "d": 0.25}
    found = search([company(3, lambda placed: worse.get(placed["topic"], 0.0), n=4000)])
    assert places(found) == [(("topic", "b"),), (("topic", "d"),)]


def test_a_dimension_may_be_looked_at_alone() -> None:
    found = search([company(1, lambda placed: 0.2 * (placed["topic"] == "b"))], "product")
    assert found.tested > 3
    assert all("product" in dict(each.place) for each in (*found.others, *found.causes))


def cells(counts: Mapping[tuple[str, ...], tuple[int, int]]) -> Cells:
    """Return cells of topics and teams."""
    return Cells(("team", "topic"), {values: Share(*each) for values, each in counts.items()})


def test_few_answers_are_not_tested_and_none_are_no_trouble() -> None:
    few = search([cells({("", "a"): (9, 9), ("", "b"): (0, 9)})])
    assert (few.tested, few.small, places(few)) == (0, 2, [])
    nothing = search([cells({})])
    assert (nothing.tested, nothing.small) == (0, 0)
    alike = search([cells({("", "a"): (50, 50), ("", "b"): (50, 50)})])
    assert (alike.tested, places(alike)) == (2, [])


def test_what_has_no_value_is_part_of_the_rest_and_no_place() -> None:
    found = search([cells({("", ""): (10, 500), ("", "a"): (40, 80)})])
    assert [(each.place, each.rest) for each in found.causes] == [((("topic", "a"),), Share(10, 500))]


def test_places_with_the_same_answers_are_one_cause() -> None:
    found = search([cells({("A", "a"): (60, 120), ("B", "b"): (30, 300), ("B", "c"): (30, 300)})])
    assert places(found) == [(("team", "A"),)]
    assert [(each.place, why.kind) for each, why in found.explained] == [((("topic", "a"),), "same")]


SHARES = st.integers(0, 40).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@settings(max_examples=60)
@given(st.dictionaries(st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 4), SHARES, max_size=20))
def test_everything_adds_up_whatever_is_counted(counts: dict[tuple[str, ...], Share]) -> None:
    crossed = Cells(DIMENSIONS, counts)
    found = search([crossed])
    tested = [*found.causes, *(each for each, _ in found.explained), *found.others]
    assert all(each.own.whole + each.rest.whole == crossed.whole.whole for each in tested)
    assert all(min(each.own.whole, each.rest.whole) >= 10 for each in tested)
    assert all(each.is_worse for each in found.causes)
    assert found.tested + found.small == len(crossed.places())
    for each in tested:
        overlaps = Overlaps(crossed, [each.place])
        assert (overlaps.within(each.place), overlaps.outside(each.place)) == (each.own, each.rest)


@pytest.mark.parametrize(
    ("own", "rest", "named"),
    [
        # scipy's fisher_exact, times 2 for both directions and 2 for both places: 0.030, 0.0097, 0.011 and 0.0005.
        ((2, 10), (0, 100), False),  # the interval alone would name it
        ((11, 60), (0, 40), False),  # the exact test alone would name it
        ((2, 10), (1, 300), False),  # the test in one direction would name it
        ((12, 60), (0, 60), True),
    ],
)
def test_the_exact_test_in_both_directions_and_the_interval_must_agree(
    own: tuple[int, int], rest: tuple[int, int], named: bool
) -> None:
    found = search([Cells(("topic",), {("a",): Share(*own), ("b",): Share(*rest)})])
    assert [each.place for each in found.causes] == [(("topic", "a"),)] * named


def test_both_sides_count_for_as_few_as_they_are_worth() -> None:
    cells = Cells(("topic",), {("a",): Share(16, 60), ("b",): Share(0, 60)})
    assert places(search([cells])) == [(("topic", "a"),)]
    found = search([cells], clumps=Clumps(pooled={("topic",): 4.0}))
    assert places(found) == []
    (own,) = (each for each in found.others if each.place == (("topic", "a"),))
    # scipy: fisher_exact([[4, 11], [0, 15]], alternative="greater") is 0.0498.
    assert own.chance == pytest.approx(2 * 2 * 0.04980842911877395)


def test_what_is_worse_by_itself_is_not_explained_by_something_larger() -> None:
    counts = {("a", "x"): (80, 100), ("a", "y"): (90, 150), ("b", "x"): (25, 100), ("b", "y"): (30, 300)}
    cells = Cells(("topic", "team"), {values: Share(*each) for values, each in counts.items()})
    # Team x has 25 % where the topic is another, less than all without it (27 %), more than those without both (10 %).
    assert explain(cells, [(("topic", "a"),), (("team", "x"),)], 0.99) == {}
