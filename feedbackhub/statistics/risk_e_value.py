"""How strongly an unmeasured cause would have to act to explain an association away.

Source: T. J. VanderWeele and P. Ding, Annals of Internal Medicine 167 (2017) 268-274.
"""

from __future__ import annotations

from math import inf, sqrt

from .normal import Interval

__all__ = ["risk_e_value", "risk_e_value_of_interval"]


def risk_e_value(ratio: float) -> float:
    """Return by how much the cause must raise both the choice and the outcome (as risk ratios); 1 for none at all.

    Args:
        ratio: The risk ratio seen, above 0; below 1 it is taken the other way round.

    Raises:
        ValueError: The ratio is not above 0.
    """
    if not 0 < ratio < inf:
        raise ValueError("the ratio must lie above 0")
    larger = max(ratio, 1 / ratio)
    return larger + sqrt(larger * (larger - 1))


def risk_e_value_of_interval(interval: Interval) -> float:
    """Return the same for the end of a ratio's interval that is nearer to 1; 1 when it holds 1 already.

    Args:
        interval: Of the risk ratio, above 0.

    Raises:
        ValueError: An end is not above 0.
    """
    if interval.low <= 1 <= interval.high:
        return 1.0
    return risk_e_value(interval.low if interval.low > 1 else interval.high)
