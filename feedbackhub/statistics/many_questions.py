"""P-values adjusted for many questions by other rules than Holm's, for comparing with other tools; reports use Holm's.

Sources: C. E. Bonferroni (1936); Y. Benjamini and Y. Hochberg, JRSS B 57 (1995) 289-300.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["benjamini_hochberg", "bonferroni"]


def bonferroni(chances: Sequence[float]) -> list[float]:
    """Return each p-value times their number, 1 at most; never less strict than Holm's.

    Args:
        chances: The p-values of the single questions.
    """
    return [min(1.0, each * len(chances)) for each in chances]


def benjamini_hochberg(chances: Sequence[float]) -> list[float]:
    """Return p-values adjusted so that of all finds a set share at most is false, in the order given.

    Args:
        chances: The p-values of the single questions.
    """
    adjusted, lowest = [0.0] * len(chances), 1.0
    places = sorted(range(len(chances)), key=lambda at: chances[at], reverse=True)
    for rank, place in zip(range(len(chances), 0, -1), places, strict=True):
        lowest = min(lowest, chances[place] * len(chances) / rank)
        adjusted[place] = lowest
    return adjusted
