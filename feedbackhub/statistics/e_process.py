"""Whether two arms differ, decided at any look: the e-process may be looked at after every person without being fooled.

Under no difference its expected value is at most 1 at every moment, so that it ever reaches 1/alpha happens in at
most alpha of all trials (Ville). People are taken in blocks of so many of either arm, in the order of assignment.

Source: R. J. Turner, A. Ly and P. D. Grünwald, Journal of Statistical Planning and Inference 230 (2024) 106116,
arXiv 2106.02693: the shares of earlier blocks against their weighted mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, inf, log

__all__ = ["EProcess", "block_of", "e_process"]

#: Blocks are no larger than so many of either arm: what has not filled a block yet waits.
LARGEST = 20
#: So many of the people of the arm that there are too many of find their place in a block.
USED = 0.95


@dataclass(slots=True)
class EProcess:
    """Evidence that two arms differ, block by block.

    Args:
        alpha: How often a difference may be found where there is none.
        block: How many of the first and of the other arm make a block, as their weights are.
        prior: The beta distribution each arm's share starts from.

    Raises:
        ValueError: One of them lies outside.
    """

    alpha: float = 0.05
    block: tuple[int, int] = (1, 1)
    prior: tuple[float, float] = (1.0, 1.0)
    #: How many blocks were seen.
    blocks: int = field(default=0, init=False)
    #: In which block the evidence sufficed first; None while it has not.
    stopped_at: int | None = field(default=None, init=False)
    _won: tuple[int, int] = field(default=(0, 0), init=False)
    _log: float = field(default=0.0, init=False)
    _most: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise ValueError("alpha must lie between 0 and 1")
        if min(self.block) < 1 or not min(self.prior) > 0:
            raise ValueError("a block needs people of both arms, and the prior must lie above 0")

    def add(self, one: int, other: int) -> None:
        """Take in the next block.

        Args:
            one: How many of its people of the first arm were won.
            other: How many of the other arm.

        Raises:
            ValueError: More were won than are in a block.
        """
        (na, nb), (won_a, won_b) = self.block, self._won
        if not 0 <= one <= na or not 0 <= other <= nb:
            raise ValueError("more were won than a block holds")
        first, whole = self.prior[0], sum(self.prior)
        p = (won_a + first) / (self.blocks * na + whole)
        q = (won_b + first) / (self.blocks * nb + whole)
        alike = (na * p + nb * q) / (na + nb)
        self._log += _likely(one, na, p) + _likely(other, nb, q) - _likely(one + other, na + nb, alike)
        self._won, self.blocks = (won_a + one, won_b + other), self.blocks + 1
        self._most = max(self._most, self._log)
        if self.stopped_at is None and self._log >= -log(self.alpha):
            self.stopped_at = self.blocks

    @property
    def e(self) -> float:
        """The evidence now: how many times better "they differ" has foretold the outcomes than "they do not"."""
        return exp(self._log) if self._log < 700 else inf

    @property
    def p(self) -> float:
        """A p-value that holds however often one looked; it never rises again."""
        return min(1.0, exp(-self._most))

    @property
    def stopped(self) -> bool:
        """Whether the evidence has ever sufficed; what comes later does not take it back."""
        return self.stopped_at is not None


def _likely(part: int, whole: int, share: float) -> float:
    """Return the logarithm of how likely these very outcomes are."""
    return part * log(share) + (whole - part) * log(1 - share)


def e_process(
    one: Sequence[bool], other: Sequence[bool], alpha: float = 0.05, block: tuple[int, int] = (1, 1)
) -> EProcess:  # fmt: skip
    """Return the evidence from the outcomes of two arms; people who do not fill a block yet wait.

    Args:
        one: Whether each person of the first arm was won, in the order of assignment. An outcome counts when its time
            is over, so the list ends before the first person whose time is not.
        other: The same of the other arm.
        alpha: As for the process.
        block: As for the process; `block_of` gives it.
    """
    found, (na, nb) = EProcess(alpha, block), block
    for at in range(min(len(one) // na, len(other) // nb)):
        found.add(sum(one[at * na : (at + 1) * na]), sum(other[at * nb : (at + 1) * nb]))
    return found


def block_of(one: float, other: float) -> tuple[int, int]:
    """Return the block for two arms of these weights: the smallest that leaves hardly anybody waiting for good.

    Args:
        one: The weight of the first arm, above 0.
        other: The weight of the other.

    Raises:
        ValueError: A weight is not above 0.
    """
    if not 0 < one < inf or not 0 < other < inf:
        raise ValueError("weights must lie above 0")
    ratio = min(one, other) / max(one, other)
    sizes = [(max(1, round(many * ratio)), many) for many in range(1, LARGEST + 1)]
    fitting = (size for size in sizes if USED * ratio <= size[0] / size[1] <= ratio / USED)
    few, many = next(fitting, sizes[-1])
    return (few, many) if one <= other else (many, few)
