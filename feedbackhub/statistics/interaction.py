"""Whether a gesture works better for some than for others: only for groups named before, and always as a hint.

Source: the likelihood-ratio test of the interaction in a logistic regression (S. S. Wilks, 1938).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from .chisquare import chi_square_tail
from .logistic import NotEstimable, logistic
from .proportions import Share

__all__ = ["Interaction", "interaction"]


@dataclass(frozen=True, slots=True)
class Interaction:
    """Whether the odds ratio of two arms differs between groups.

    Args:
        ratio: Twice the logarithm of the likelihoods' ratio.
        freedom: Its degrees of freedom.
        p: How likely at least so much is by chance alone.
        log_odds: The logarithm of the odds ratio common to all groups.
        error: Its standard error.
    """

    ratio: float
    freedom: int
    p: float
    log_odds: float
    error: float


def interaction(groups: Sequence[tuple[Share, Share]]) -> Interaction | None:
    """Test whether two arms differ more in some groups than in others.

    Groups with an empty arm, or with all outcomes alike, say nothing about it and are left out.

    Args:
        groups: The arm of interest and the one it is compared with, in each group.

    Returns:
        The test; None when fewer than two groups are left, or one arm wins all and the other none in every group.
    """
    used = [pair for pair in groups if _tells(*pair)]
    if len(used) < 2:
        return None
    rows, outcomes = [], []
    for at, pair in enumerate(used):
        for treated, share in zip((1.0, 0.0), pair, strict=True):
            rows.append([treated, *(float(at == other) for other in range(len(used)))])
            outcomes.append(share)
    try:
        common = logistic(rows, outcomes)
    except NotEstimable:
        return None
    ratio = max(0.0, 2 * (sum(map(_most, outcomes)) - common.likelihood))
    freedom = len(used) - 1
    return Interaction(
        ratio, freedom, chi_square_tail(ratio, freedom), common.coefficients[0], common.errors[0]
    )  # fmt: skip


def _tells(one: Share, other: Share) -> bool:
    won = one.part + other.part
    return bool(one.whole and other.whole and 0 < won < one.whole + other.whole)


def _most(share: Share) -> float:
    """Return the logarithm of the likelihood when the share itself is taken for the chance."""
    parts = (share.part, share.whole - share.part)
    return sum(part * log(part / share.whole) for part in parts if part)
