"""How far two yes-or-no judgements of the same cases agree, and how much of that is more than chance.

Sources: J. Cohen, Educational and Psychological Measurement 20 (1960) 37-46; its large-sample error by J. L. Fleiss,
J. Cohen and B. S. Everitt, Psychological Bulletin 72 (1969) 323-327.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from .normal import Interval, z_of
from .proportions import Share

__all__ = ["Agreement", "kappa_interval"]

#: What rounding leaves of no variance at all.
NOTHING = 1e-15


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cases by what two judgements say of them.

    Args:
        both: Both say yes.
        first: Only the first does.
        second: Only the second does.
        neither: Neither does.

    Raises:
        ValueError: A count is negative.
    """

    both: int
    first: int
    second: int
    neither: int

    def __post_init__(self) -> None:
        if min(self.both, self.first, self.second, self.neither) < 0:
            raise ValueError("counts cannot be negative")

    @property
    def n(self) -> int:
        """How many cases there are."""
        return self.both + self.first + self.second + self.neither

    @property
    def share(self) -> Share:
        """The share of cases in which they agree."""
        return Share(self.both + self.neither, self.n)

    @property
    def by_chance(self) -> float | None:
        """The share in which they would agree if they had nothing to do with each other, None without cases."""
        if not self.n:
            return None
        yes = (self.both + self.first) * (self.both + self.second)
        no = (self.neither + self.first) * (self.neither + self.second)
        return (yes + no) / self.n**2

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: 1 for always, 0 for no more than by chance, below for less.

        None where chance alone would make them agree always.
        """
        chance, share = self.by_chance, self.share.value
        if chance is None or share is None or chance >= 1:
            return None
        return (share - chance) / (1 - chance)


def kappa_interval(found: Agreement, level: float = 0.95) -> Interval | None:
    """Return the large-sample interval of kappa, kept within -1 and 1.

    None where there is no kappa, and where the cases do not vary: it would have no width, as if there were no doubt.

    Args:
        found: The cases.
        level: The interval's confidence.
    """
    kappa, chance, share = found.kappa, found.by_chance, found.share.value
    if kappa is None or chance is None or share is None:
        return None
    n = found.n
    yes_first, yes_second = (found.both + found.first) / n, (found.both + found.second) / n
    no_first, no_second = 1 - yes_first, 1 - yes_second
    agreed = sum(
        count / n * (1 - chance - (one + other) * (1 - share)) ** 2
        for count, one, other in ((found.both, yes_first, yes_second), (found.neither, no_first, no_second))
    )
    apart = (1 - share) ** 2 * (
        found.first / n * (yes_second + no_first) ** 2 + found.second / n * (no_second + yes_first) ** 2
    )
    variance = (agreed + apart - (share * chance - 2 * chance + share) ** 2) / (n * (1 - chance) ** 4)
    if variance <= NOTHING:
        return None
    reach = z_of(level) * sqrt(variance)
    return Interval(max(-1.0, kappa - reach), min(1.0, kappa + reach))
