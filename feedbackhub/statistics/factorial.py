"""Two gestures tried together in four arms: what each adds, and whether they add up.

Sources: R. A. Fisher, The Design of Experiments (1935), ch. 6; G. Y. Zou, W. Huang and X. Zhang, Computational
Statistics & Data Analysis 53 (2009) 1080-1085 for the interval of a sum of shares; B. Woolf (1955) for the odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt

from .normal import Interval
from .proportions import Share, wilson

__all__ = ["Contrast", "Factorial", "contrast", "factorial"]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A weighted sum of the shares of independent groups.

    Args:
        value: The sum.
        error: Its standard error; 0 where no share leaves doubt by it.
        interval: Its interval, made of Wilson's, which leaves doubt in any case.
    """

    value: float
    error: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Factorial:
    """A trial of two gestures in four arms; to be reported together.

    Args:
        first: What the first gesture adds to the share, averaged over with and without the second.
        second: What the second adds, averaged over with and without the first.
        interaction: By how much more the first adds with the second than without; showing one needs about four
            times as many people as showing what a gesture adds.
        log_odds: The interaction on the scale of the logit; None with an empty cell.
        log_odds_error: Its standard error.
    """

    first: Contrast
    second: Contrast
    interaction: Contrast
    log_odds: float | None
    log_odds_error: float | None


def factorial(nothing: Share, first: Share, second: Share, both: Share, level: float = 0.95) -> Factorial | None:
    """Compare four arms made of two gestures; None when one of them is empty.

    Args:
        nothing: The arm with neither.
        first: The arm with the first gesture only.
        second: The arm with the second only.
        both: The arm with both.
        level: The intervals' confidence.
    """
    arms = (nothing, first, second, both)
    main = contrast(arms, (-0.5, 0.5, -0.5, 0.5), level)
    other = contrast(arms, (-0.5, -0.5, 0.5, 0.5), level)
    more = contrast(arms, (1, -1, -1, 1), level)
    if main is None or other is None or more is None:
        return None
    cells = [(arm.part, arm.whole - arm.part) for arm in arms]
    if not all(won and lost for won, lost in cells):
        return Factorial(main, other, more, None, None)
    logits = [log(won / lost) for won, lost in cells]
    error = sqrt(sum(1 / won + 1 / lost for won, lost in cells))
    return Factorial(main, other, more, logits[3] - logits[2] - logits[1] + logits[0], error)


def contrast(shares: Sequence[Share], weights: Sequence[float], level: float = 0.95) -> Contrast | None:
    """Return a weighted sum of shares with its interval (MOVER); None when a group is empty.

    Args:
        shares: Of independent groups.
        weights: What each counts, negative to subtract it.
        level: The interval's confidence.

    Raises:
        ValueError: There are not as many weights as shares.
    """
    value = variance = down = up = 0.0
    for share, weight in zip(shares, weights, strict=True):
        around = wilson(share, level)
        if around is None or share.value is None:
            return None
        value += weight * share.value
        variance += weight**2 * share.value * (1 - share.value) / share.whole
        below, above = weight * (share.value - around.low), weight * (around.high - share.value)
        down, up = down + (below if weight > 0 else above) ** 2, up + (above if weight > 0 else below) ** 2
    return Contrast(value, sqrt(variance), Interval(value - sqrt(down), value + sqrt(up)))
