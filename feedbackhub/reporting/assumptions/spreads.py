"""Where the results of many runs lie, and how many of their digits count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

__all__ = ["Spread", "percentile", "plain"]

DIGITS = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the results of many runs lie.

    Args:
        low: Few runs lie below; how few is for who made it to say.
        middle: Half of them do.
        high: As few lie above.
    """

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, results: Sequence[float], lowest: float, highest: float) -> Spread:
        """Return the spread of results.

        Args:
            results: What the runs came to, at least one.
            lowest: Which share of them lies below it, such as 0.05.
            highest: Which share of them does not lie above it, such as 0.95.
        """
        ordered = sorted(results)
        return cls(*(percentile(ordered, share) for share in (lowest, 0.5, highest)))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that so large a share does not exceed.

    Args:
        ordered: Values from small to large, at least one.
        share: Between 0 and 1.
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def plain(number: float) -> float:
    """Return a number with three digits that count; more would feign that they are known."""
    if number == 0:
        return 0
    digits = DIGITS - 1 - floor(log10(abs(number)))
    return round(number, digits) if digits > 0 else round(round(number, digits))
