"""The same number in several ways: as answered, and weighted to stand for everybody who was asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from feedbackhub.reporting import N_, Words
from feedbackhub.statistics import (
    EmptyStratum,
    Few,
    MarginsDisagree,
    NobodyAnswered,
    NotConverged,
    Stratum,
    UnknownStratum,
    WeightedMean,
    WeightingError,
    collapse,
    collapse_values,
    few,
    margins_of,
    poststratify,
    rake,
    weighted_mean,
)

from .chosen import LEAST
from .propensity import ExtraMissing, design_of, inverse_probability

__all__ = ["CELLS", "INVERSE", "RAKED", "RAW", "Method", "methods"]

RAW, CELLS = N_("As answered"), N_("Weighted by strata")
RAKED, INVERSE = N_("Raked to each dimension"), N_("By the chance to answer")


@dataclass(frozen=True)
class Method:
    """One way, and what came out.

    Args:
        name: What it is called, untranslated.
        mean: The number, None when it cannot be made.
        largest: How many people the heaviest answer stands for.
        why_not: Why it cannot be made, in words.
    """

    name: str
    mean: WeightedMean | None
    largest: float | None = None
    why_not: str = ""

    @property
    def few(self) -> Few:
        """What its answers, by what they are worth, allow to say."""
        return few(math.floor(self.mean.effective + 1e-9)) if self.mean is not None else "none"


def methods(t: Words, strata: Sequence[Stratum]) -> list[Method]:
    """Return the number in every way that the strata allow, as answered first.

    Args:
        t: The words.
        strata: Who was asked, by all chosen dimensions; by none there is nothing to weight by.
    """
    if not any(each.n for each in strata):
        return []
    total = sum(each.asked for each in strata)
    even = total / sum(each.n for each in strata)
    found = [Method(RAW, weighted_mean(strata, [even] * len(strata)), even)]
    depth = len(strata[0].key)
    if depth:
        found.append(_tried(t, CELLS, lambda: _by_cells(strata)))
    if depth > 1:
        # With one dimension both are the same as weighting by its strata.
        found.append(_tried(t, RAKED, lambda: _raked(strata)))
        found.append(_tried(t, INVERSE, lambda: _by_chance(strata)))
    return found


def _by_cells(strata: Sequence[Stratum]) -> tuple[WeightedMean, list[float]]:
    held = collapse(strata, LEAST).strata
    weights = poststratify(held)
    return weighted_mean(held, weights, [[each.key for each in held]]), weights


def _raked(strata: Sequence[Stratum]) -> tuple[WeightedMean, list[float]]:
    held = collapse_values(strata, LEAST).strata
    weights = rake(held, margins_of(held))
    classes = [[each.key[at] for each in held] for at in range(len(held[0].key))]
    return weighted_mean(held, weights, classes), weights


def _by_chance(strata: Sequence[Stratum]) -> tuple[WeightedMean, list[float]]:
    held = collapse_values(strata, LEAST).strata
    return inverse_probability(held, design_of(held))


def _tried(t: Words, name: str, make: Callable[[], tuple[WeightedMean, list[float]]]) -> Method:
    try:
        mean, weights = make()
    except ExtraMissing:
        return Method(name, None, why_not=t("needs the extra analysis: pip install 'feedbackhub[analysis]'"))
    except WeightingError as error:
        return Method(name, None, why_not=" ".join(_reasons(t, error)))
    return Method(name, mean, max(weights))


def _reasons(t: Words, error: WeightingError) -> Iterator[str]:
    """Say why answers cannot be weighted."""
    if isinstance(error, NobodyAnswered):
        yield t("nobody answered")
    elif isinstance(error, EmptyStratum):
        yield t("nobody answered among: {names}", names=_names(t, error.name))
    elif isinstance(error, UnknownStratum):
        yield t("nobody was asked among: {names}", names=_names(t, error.name))
    elif isinstance(error, MarginsDisagree):
        yield t("the dimensions count different numbers of people")
    elif isinstance(error, NotConverged):
        yield t("no weights fit all dimensions at once; choose fewer")
    else:
        yield t("what is known of customers overlaps or tells answers apart completely; choose other dimensions")


def _names(t: Words, names: Sequence[str]) -> str:
    return ", ".join(name or t("(not given)") for name in names)
