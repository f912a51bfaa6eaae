"""Which strata: those the reader names, else those in which answering differs most, as far as the answers reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedbackhub import DIMENSIONS, Problem, Refused
from feedbackhub.reporting import Words
from feedbackhub.statistics import HIDDEN_BELOW

from .rates import Rates

__all__ = ["LEAST", "chosen", "named"]

#: A stratum with fewer answers is put together with others.
LEAST = HIDDEN_BELOW
#: Chosen by itself the report takes so many dimensions, and cells that hold so many answers on average.
MOST, ON_AVERAGE = 3, 30
SURE = 0.05


def named(t: Words, wanted: str) -> list[str]:
    """Return the dimensions that a reader names, like ``channel, segment``.

    Args:
        t: The words.
        wanted: What was written.

    Raises:
        Refused: One of them is none.
    """
    found = list(dict.fromkeys(each.strip().lower() for each in wanted.replace("*", ",").split(",") if each.strip()))
    for each in found:
        if each not in DIMENSIONS:
            known = ", ".join(DIMENSIONS)
            raise Refused(Problem("strata", t("{name} is no dimension; there are: {names}", name=each, names=known)))
    return found


def chosen(all_rates: Mapping[str, Rates], kept: Sequence[str]) -> list[str]:
    """Return the dimensions in which answering differs most.

    Args:
        all_rates: The response rates by each dimension.
        kept: Dimensions of which the report shows one value only.
    """
    useful = [each for name, each in all_rates.items() if name not in kept and _levels(each) > 1]
    # By more than chance, of as many dimensions as there are; where none does, the first serves as well as any.
    differing = [each for each in useful if each.chance < SURE / len(useful)]
    found, cells = list[str](), 1
    for each in sorted(differing or useful, key=lambda rates: rates.chance):
        if len(found) < (MOST if differing else 1) and cells * _levels(each) * ON_AVERAGE <= each.whole.part:
            found.append(each.dimension)
            cells *= _levels(each)
    return found


def _levels(rates: Rates) -> int:
    """Return how many values have enough answers."""
    return sum(share.part >= LEAST for share in rates.shares.values())
