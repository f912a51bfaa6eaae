"""The net promoter score computed another way: from single answers, and by trying out what the likelihood allows."""

from collections.abc import Sequence
from math import inf, log, sqrt

Z = 1.959963984540054


def mean_of(answers: Sequence[int]) -> float:
    """Return the mean of -1, 0 and 1."""
    return sum((answer >= 9) - (answer <= 6) for answer in answers) / len(answers)


def likeliest_detractors(down: int, passive: int, up: int, supposed: float) -> float:
    """Return the share of detractors that makes the answers likeliest if the supposed score were true."""

    def likelihood(share: float) -> float:
        parts = ((down, share), (up, share + supposed), (passive, 1 - supposed - 2 * share))
        return sum(n * log(p) if p > 0 else -inf for n, p in parts if n)

    low, high = max(0.0, -supposed), (1 - supposed) / 2
    for _ in range(90):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2


def interval_of(answers: Sequence[int]) -> tuple[float, float]:
    """Return all supposed scores that the answers do not contradict, by going through them."""
    down, up = sum(a <= 6 for a in answers), sum(a >= 9 for a in answers)
    n, seen = len(answers), mean_of(answers)

    def contradicted(supposed: float) -> bool:
        share = likeliest_detractors(down, n - down - up, up, supposed)
        variance = (2 * share + supposed - supposed**2) / n
        return variance > 1e-15 and abs(seen - supposed) > Z * sqrt(variance)

    def edge(inside: float, outside: float) -> float:
        if not contradicted(outside):
            return outside
        for _ in range(40):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if contradicted(middle) else (middle, outside)
        return inside

    return edge(seen, -1 + 1e-12), edge(seen, 1 - 1e-12)
