"""The mixture sequential probability ratio test of two shares, to compare with other tools; trials use the e-process.

It leans on the normal distribution and on the width of effects expected beforehand, which the e-process does not.

Source: R. Johari, P. Koomen, L. Pekelis and D. Walsh, Operations Research 70 (2022) 1806-1821.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, log, sqrt

from .proportions import Share

__all__ = ["Look", "msprt"]


@dataclass(frozen=True, slots=True)
class Look:
    """The test at one look.

    Args:
        ratio: The mixture's likelihood ratio; 1 while nothing can be said.
        p: The p-value that holds however often one looked.
    """

    ratio: float
    p: float


def msprt(looks: Iterable[tuple[Share, Share]], width: float = 0.01) -> list[Look]:
    """Return the test at each look.

    Args:
        looks: Both arms at each look; with unequal arms the harmonic mean of their sizes counts.
        width: The variance of the differences expected beforehand (tau squared), above 0.

    Raises:
        ValueError: The width is not above 0.
    """
    if not width > 0:
        raise ValueError("width must lie above 0")
    found, most = [], 0.0
    for one, other in looks:
        logarithm = _logarithm(one, other, width)
        most = max(most, logarithm)
        found.append(Look(exp(logarithm) if logarithm < 700 else inf, min(1.0, exp(-most))))
    return found


def _logarithm(one: Share, other: Share, width: float) -> float:
    p, q = one.value, other.value
    if p is None or q is None:
        return 0.0
    variance, n = p * (1 - p) + q * (1 - q), 2 / (1 / one.whole + 1 / other.whole)
    if not variance:
        return 0.0
    both = variance + n * width
    return log(sqrt(variance / both)) + n * n * width * (p - q) ** 2 / (2 * variance * both)
