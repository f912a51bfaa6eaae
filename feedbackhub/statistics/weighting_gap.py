"""By how much weighting moves a mean, and whether that is more than chance does.

Source: W. H. DuMouchel and G. J. Duncan, JASA 78 (1983) 535-543, for asking of weighted and unweighted answers whether
they differ at all. The error is that of the delta method, in two parts: what the answers vary by within their strata,
and how many of those who were asked happened to answer in each.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from .normal import Interval, z_of
from .strata import Stratum

__all__ = ["weighting_gap"]



def weighting_gap(strata: Sequence[Stratum], level: float = 0.95) -> tuple[float, Interval] | None:
    """Return the mean weighted by strata less the mean as answered, with its interval.

    Args:
        strata: Those who were asked, and what they answered.
        level: The interval's confidence.

    Returns:
        The difference and its interval; None where a stratum in which anybody was asked has fewer than two answers, and
        where all answers of every stratum are alike.
    """
    held = [each for each in strata if each.asked or each.n]
    if not held or min(each.n for each in held) < 2 or min(each.asked for each in held) <= 0:
        return None
    asked, n = sum(each.asked for each in held), sum(each.n for each in held)
    whole = sum(each.total for each in held) / n
    gap = variance = 0.0
    for each in held:
        mean, answering = each.total / each.n, min(each.n / each.asked, 1.0)
        weight = each.asked / asked - each.n / n
        gap += weight * mean
        variance += weight**2 * (each.squares / each.n - mean**2) / (each.n - 1)
        variance += each.n * (1 - answering) * ((mean - whole) / n) ** 2
    if variance <= 0:
        return None
    reach = z_of(level) * math.sqrt(variance)
    return gap, Interval(gap - reach, gap + reach)
