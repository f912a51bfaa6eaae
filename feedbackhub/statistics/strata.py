"""Strata: those who were asked, grouped by what is known of them, with what the ones among them said who answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

__all__ = ["ANY", "Collapsed", "Key", "Stratum", "UnequalKeys", "WeightingError", "collapse", "collapse_values"]

Key = tuple[str, ...]
#: A stratum with the keys of those it was put together from.
_Held = tuple["Stratum", tuple[Key, ...]]
#: What stands in a key in place of several values that were put together.
ANY = "*"


class WeightingError(ValueError):
    """Why answers cannot be weighted."""


class UnequalKeys(WeightingError):
    """Strata that are not all known by the same number of dimensions."""

    def __init__(self) -> None:
        super().__init__("every stratum must be known by the same dimensions")


@dataclass(frozen=True, slots=True)
class Stratum:
    """People who are alike in what is known of them.

    Args:
        key: The values they have in common, one for each dimension.
        asked: How many were asked, or how many there are.
        answers: How often each value was given.

    Raises:
        ValueError: A number is negative.
    """

    key: Key
    asked: float
    answers: Mapping[float, int]

    def __post_init__(self) -> None:
        if self.asked < 0 or min(self.answers.values(), default=0) < 0:
            raise ValueError("counts cannot be negative")

    @property
    def n(self) -> int:
        """How many answered."""
        return sum(self.answers.values())

    @property
    def total(self) -> float:
        """The sum of their answers."""
        return sum(value * n for value, n in self.answers.items())

    @property
    def squares(self) -> float:
        """The sum of the squares of their answers."""
        return sum(value * value * n for value, n in self.answers.items())


@dataclass(frozen=True, slots=True)
class Collapsed:
    """Strata after small ones were put together.

    Args:
        strata: What there is now.
        merged: Which keys were put together, by their new key.
    """

    strata: tuple[Stratum, ...]
    merged: Mapping[Key, tuple[Key, ...]]


def collapse(strata: Sequence[Stratum], least: int) -> Collapsed:
    """Put strata with too few answers together, those that share most dimensions first.

    First the small ones that differ in the last dimension only, then in the last two, and so on; what is still too
    small in the end joins the stratum with the fewest answers.

    Args:
        strata: As they were found.
        least: How many answers each must have.

    Raises:
        UnequalKeys: Their keys are of different lengths.
    """
    depth = _depth(strata)
    held: list[_Held] = [(each, (each.key,)) for each in strata]
    for kept in reversed(range(depth)):
        held = _together(held, partial(_cut, kept=kept, least=least))
    held.sort(key=_answers)
    if len(held) > 1 and _answers(held[0]) < least:
        both = [each.key for each, _ in held[:2]]
        joined = tuple(one if one == other else ANY for one, other in zip(*both, strict=True))
        held = _together(held, lambda each: joined if each.key in both else each.key)
    held.sort(key=lambda each: each[0].key)
    return Collapsed(tuple(each for each, _ in held), {each.key: keys for each, keys in held if len(keys) > 1})


def _depth(strata: Sequence[Stratum]) -> int:
    """Return by how many dimensions all strata are known."""
    depths = {len(each.key) for each in strata}
    if len(depths) > 1:
        raise UnequalKeys
    return depths.pop() if depths else 0


def _answers(held: _Held) -> int:
    return held[0].n


def _cut(each: Stratum, kept: int, least: int) -> Key:
    """Return a stratum's key, only the first dimensions of it when it is too small."""
    return each.key if each.n >= least else (*each.key[:kept], *(ANY,) * (len(each.key) - kept))


def collapse_values(strata: Sequence[Stratum], least: int) -> Collapsed:
    """Put together, dimension by dimension, the values with too few answers, as raking needs it.

    Args:
        strata: As they were found.
        least: How many answers each value of each dimension must have.

    Raises:
        UnequalKeys: Their keys are of different lengths.
    """
    renamed = [_renamed(strata, at, least) for at in range(_depth(strata))]
    held = _together(
        [(each, (each.key,)) for each in strata],
        lambda each: tuple(names[value] for names, value in zip(renamed, each.key, strict=True)),
    )
    return Collapsed(tuple(each for each, _ in held), {each.key: keys for each, keys in held if len(keys) > 1})


def _renamed(strata: Sequence[Stratum], at: int, least: int) -> dict[str, str]:
    """Return what each value of a dimension is called when the small ones are put together."""
    answers: Counter[str] = Counter()
    for each in strata:
        answers[each.key[at]] += each.n
    small = [value for value, n in answers.items() if n < least]
    large = [value for value, n in answers.items() if n >= least]
    if small and large and sum(answers[value] for value in small) < least:
        small.append(min(large, key=lambda value: answers[value]))
    return {value: ANY if value in small and len(small) > 1 else value for value in answers}


def _together(held: Iterable[_Held], named: Callable[[Stratum], Key]) -> list[_Held]:
    """Put strata of the same new name together."""
    found: dict[Key, _Held] = {}
    for each, keys in held:
        key, answers = named(each), Counter(each.answers)
        other, others = found.get(key, (Stratum(key, 0, {}), ()))
        found[key] = Stratum(key, other.asked + each.asked, answers + Counter(other.answers)), (*others, *keys)
    return list(found.values())
