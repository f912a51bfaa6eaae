"""How often intervals hold the truth, exactly: by going through all possible samples of the reference's grid."""

from collections.abc import Callable
from functools import lru_cache
from math import comb

import pytest

from feedbackhub.statistics import Interval, Votes, adjusted_wald, nps_interval, t_interval, wald
from tests.statistics.vectors import one

Method = Callable[[Votes], Interval | None]
#: As the reference names them, with the interval that a report shows.
METHODS: dict[str, Method] = {"wald": wald, "t": t_interval, "aw3": adjusted_wald, "score": nps_interval}
DEFAULT = "score"
ROWS = one("nps_exact_coverage").expected["rows"]
HAIR = 1e-9


@lru_cache(maxsize=20)
def samples(method: str, n: int) -> list[tuple[Votes, Interval]]:
    """Return every possible sample of a size with its interval, clipped to the scale."""
    found = []
    for down in range(n + 1):
        for up in range(n + 1 - down):
            votes = Votes(down, n - down - up, up)
            made = METHODS[method](votes)
            assert made is not None
            found.append((votes, Interval(max(made.low, -1.0), min(made.high, 1.0))))
    return found


def coverage(method: str, n: int, shares: tuple[float, float, float]) -> tuple[float, float]:
    """Return how often the interval holds the truth, and how wide it is on average."""
    down, passive, up = shares
    truth, held, width = up - down, 0.0, 0.0
    for votes, interval in samples(method, n):
        ways = comb(n, votes.detractors) * comb(n - votes.detractors, votes.promoters)
        chance = ways * down**votes.detractors * passive**votes.passives * up**votes.promoters
        width += chance * (interval.high - interval.low)
        if interval.low - HAIR <= truth <= interval.high + HAIR:
            held += chance
    return held, width


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['n']}-{row['pd']:g}-{row['pr']:g}")
def test_coverage_is_what_the_reference_says(row: dict[str, object]) -> None:
    shares = (row["pd"], row["pp"], row["pr"])
    expected: tuple[dict[str, float], dict[str, float]] = (row["coverage"], row["width"])  # type: ignore[assignment]
    for method in METHODS:
        held, width = coverage(method, row["n"], shares)  # type: ignore[arg-type]
        assert held == pytest.approx(expected[0][method], abs=1e-5), method
        assert width == pytest.approx(expected[1][method], abs=1e-5), method


def test_the_default_interval_holds_the_truth_in_94_of_100_samples_at_least() -> None:
    grid = [(row["n"], (row["pd"], row["pp"], row["pr"])) for row in ROWS]
    assert sorted({n for n, _ in grid}) == [5, 10, 20, 50]
    assert len(grid) == 16
    assert min(coverage(DEFAULT, n, shares)[0] for n, shares in grid) >= 0.94
