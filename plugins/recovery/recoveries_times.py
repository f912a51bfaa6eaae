"""The median of waits of which some go on: those count as at least as long as they have lasted.

Sources: E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481; R. Brookmeyer and J. Crowley, Biometrics 38 (1982) 29-41,
for the interval, on the scale of the complementary log-log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from feedbackhub.statistics import z_of

__all__ = ["Median", "Wait", "median_wait"]

#: A product of shares that is one half may lie a rounding above it.
HALF = 0.5 + 1e-12


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait.

    Args:
        hours: How long it lasted, or has lasted so far.
        is_over: Whether it is over.
    """

    hours: float
    is_over: bool


@dataclass(frozen=True, slots=True)
class Median:
    """How long half of them wait.

    Args:
        n: How many there are.
        over: How many of them are over.
        value: The median; None while more than half of them go on.
        low, high: Ends of its interval; None for one that is not reached yet.
    """

    n: int
    over: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def median_wait(waits: Sequence[Wait], level: float = 0.95) -> Median:
    """Return how long half of them wait, counting those that go on.

    Args:
        waits: The waits; leaving out those that go on would make the longest ones vanish.
        level: The interval's confidence.
    """
    over, n = sum(each.is_over for each in waits), len(waits)
    points = list(_curve(waits))
    value = next((hours for hours, left, _ in points if left <= HALF), None)
    z, middle = z_of(level), log(-log(0.5))
    near = []
    for at, (_, left, error) in enumerate(points):
        if 0 < left < 1 and error > 0:
            reach = z * error / abs(left * log(left))
            near += [at] if abs(log(-log(left)) - middle) <= reach else []
    if not near:
        return Median(n, over, value)
    last = near[-1] + 1
    high = points[last][0] if last < len(points) else inf
    return Median(n, over, value, points[near[0]][0], None if high == inf else high)


def _curve(waits: Sequence[Wait]) -> Iterator[tuple[float, float, float]]:
    """Yield hours, the share that waits longer, and its standard error (Greenwood), where one wait or more ends."""
    ended = Counter(each.hours for each in waits if each.is_over)
    lasting, ordered = len(waits), sorted(each.hours for each in waits)
    left, sum_, gone = 1.0, 0.0, 0
    for hours in sorted(ended):
        while gone < len(ordered) and ordered[gone] < hours:
            gone += 1
        lasting, died = len(waits) - gone, ended[hours]
        left *= 1 - died / lasting
        if lasting > died:
            sum_ += died / (lasting * (lasting - died))
        yield hours, left, left * sqrt(sum_)
