"""Other intervals of a share, for comparing with other tools; reports use Wilson's.

Sources: A. Agresti and B. A. Coull, The American Statistician 52 (1998) 119-126; C. J. Clopper and E. S. Pearson,
Biometrika 26 (1934) 404-413; L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001) 101-133 for
Jeffreys' interval with its rule for the ends.
"""

from __future__ import annotations

from math import sqrt

from .beta import beta_quantile
from .normal import Interval, z_of
from .proportions import Share

__all__ = ["agresti_coull", "clopper_pearson", "jeffreys", "wald_of_share"]


def wald_of_share(share: Share, level: float = 0.95) -> Interval | None:
    """Return Wald's interval, None of nothing: far too narrow for few answers, without width for 0 of n and n of n.

    Args:
        share: What was counted.
        level: The interval's confidence.
    """
    p = share.value
    if p is None:
        return None
    reach = z_of(level) * sqrt(p * (1 - p) / share.whole)
    return Interval(p - reach, p + reach)


def agresti_coull(share: Share, level: float = 0.95) -> Interval | None:
    """Return Agresti and Coull's interval as its formula gives it, beyond 0 and 1 as well; None of nothing.

    Args:
        share: What was counted.
        level: The interval's confidence.
    """
    if not share.whole:
        return None
    z = z_of(level)
    n = share.whole + z * z
    p = (share.part + z * z / 2) / n
    reach = z * sqrt(p * (1 - p) / n)
    return Interval(p - reach, p + reach)


def clopper_pearson(share: Share, level: float = 0.95) -> Interval | None:
    """Return the exact interval, which never covers less than it promises and is wide for it; None of nothing.

    Args:
        share: What was counted.
        level: The interval's confidence.
    """
    x, n, tail = share.part, share.whole, (1 - level) / 2
    if not n:
        return None
    low = 0.0 if x == 0 else beta_quantile(tail, x, n - x + 1)
    high = 1.0 if x == n else beta_quantile(1 - tail, x + 1, n - x)
    return Interval(low, high)


def jeffreys(share: Share, level: float = 0.95) -> Interval | None:
    """Return the interval of Jeffreys' prior; its end is 0 for 0 of n and 1 for n of n; None of nothing.

    Args:
        share: What was counted.
        level: The interval's confidence.
    """
    x, n, tail = share.part, share.whole, (1 - level) / 2
    if not n:
        return None
    low = 0.0 if x == 0 else beta_quantile(tail, x + 0.5, n - x + 0.5)
    high = 1.0 if x == n else beta_quantile(1 - tail, x + 0.5, n - x + 0.5)
    return Interval(low, high)
