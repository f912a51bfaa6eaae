"""What contacts of the same customers are worth: against the plain formula, and against companies without any cause."""

import random
from collections import Counter, defaultdict

import pytest

from feedbackhub.statistics import Share, design_effect
from feedbackhub_plugins.causes.cells import Cells, Place
from feedbackhub_plugins.causes.clumps import WHOLE, Clumps, clumps_of
from feedbackhub_plugins.causes.search import search

DIMENSIONS = ("channel", "topic", "segment", "country")
Row = tuple[int, tuple[str, ...], bool]


def company(seed: int, driver: float = 0.0) -> list[Row]:
    """Return contacts of 400 customers, of whom a few come very often: who, what about, and whether again in 7 days.

    Args:
        seed: Another number makes another company.
        driver: How often a contact about ``t0`` brings another.
    """
    chance, rows = random.Random(seed), list[Row]()
    for who in range(400):
        segment, country = chance.choice("abc"), chance.choice("uvwxyz")
        moment, moments, rate = 0.0, list[tuple[float, str]](), chance.gammavariate(0.3, 4 / 0.3) / 90
        while rate > 1e-9 and (moment := moment + chance.expovariate(rate)) < 97:
            moments.append((moment, chance.choice(["t0", "t1", "t2", "t3", "t4"])))
        more = [at + 6 * chance.random() for at, topic in moments if topic == "t0" and chance.random() < driver]
        moments = sorted(moments + [(at, chance.choice(["t1", "t2"])) for at in more])
        for number, (at, topic) in enumerate(moments):
            again = any(0 < after - at <= 7 for after, _ in moments[number + 1 : number + 2])
            if at < 90:
                rows.append((who, (chance.choice("pq"), topic, segment, country), again))
    return rows


def seen(rows: list[Row]) -> tuple[Cells, Clumps]:
    """Return contacts as they are searched."""
    cases, all_ = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    customers = defaultdict[int, list[tuple[tuple[str, ...], bool]]](list)
    for who, values, again in rows:
        all_[values] += 1
        cases[values] += again
        customers[who].append((values, again))
    cells = Cells(DIMENSIONS, {values: Share(cases[values], n) for values, n in all_.items()})
    return cells, clumps_of(cells, customers.values())


def by_customer(rows: list[Row], place: Place, cells: Cells) -> list[tuple[int, int]]:
    """Return each customer's cases and contacts in a place."""
    cases, all_ = Counter[int](), Counter[int]()
    for who, values, again in rows:
        if place == WHOLE or place in set(cells.places_of(values)):
            all_[who] += 1
            cases[who] += again
    return [(cases[who], n) for who, n in all_.items()]


def test_every_place_has_the_design_effect_of_its_own_customers_or_of_its_kind() -> None:
    rows = company(1)
    cells, clumps = seen(rows)
    places = {WHOLE: cells.whole, **cells.places()}
    squares, plain = defaultdict[tuple[str, ...], float](float), defaultdict[tuple[str, ...], float](float)
    for place, own in places.items():
        kind, held, share = tuple(name for name, _ in place), by_customer(rows, place, cells), own.part / own.whole
        squares[kind] += sum((y - share * n) ** 2 for y, n in held)
        plain[kind] += own.whole * share * (1 - share)
        assert clumps.customers(place, own) == len(held)
    for place, own in places.items():
        kind = tuple(name for name, _ in place)
        pooled = max(1.0, squares[kind] / plain[kind]) if place else 1.0
        assert clumps.kind(place) == pytest.approx(pooled)
        wanted = max(design_effect(by_customer(rows, place, cells)), pooled)
        assert clumps.effect(place, own) == pytest.approx(wanted), place


def test_customers_who_come_often_make_no_cause_of_what_they_are() -> None:
    plain, clumped = 0, 0
    for seed in range(8):
        cells, clumps = seen(company(seed))
        plain += bool(search([cells]).causes)
        clumped += bool(search([cells], clumps=clumps).causes)
    assert plain > 2  # taken for as many customers, contacts would name some
    assert clumped == 0


def test_a_topic_that_brings_customers_back_is_named_all_the_same() -> None:
    cells, clumps = seen(company(3, driver=0.8))
    assert [each.place for each in search([cells], clumps=clumps).causes] == [(("topic", "t0"),)]


def test_fewer_than_ten_customers_are_no_place_whatever_their_contacts() -> None:
    rows = [(who % 9, ("p", "t0", "a", "u"), True) for who in range(90)]
    rows += [(100 + who, ("q", "t1", "b", "v"), False) for who in range(90)]
    cells, clumps = seen(rows)
    assert search([cells]).causes
    assert not search([cells], clumps=clumps).causes
