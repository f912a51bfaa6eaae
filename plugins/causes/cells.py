"""Answers counted by where they come from: crossings of dimensions, added up to places and to what places share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from feedbackhub.statistics import Share

__all__ = ["PAIRED", "Cells", "Overlaps", "Place"]

#: Where answers come from: one or two dimensions with their values, in the order of the dimensions.
Place = tuple[tuple[str, str], ...]
#: What a company does, in contrast to whom it serves; only these are paired, or chance would have too many tries.
PAIRED = ("channel", "team", "topic", "product")


@dataclass(frozen=True, slots=True)
class Cells:
    """Answers by every crossing of some dimensions.

    Args:
        dimensions: What they are crossed by.
        counts: How many answers were bad, of how many, by the values of the dimensions.
    """

    dimensions: Sequence[str]
    counts: Mapping[tuple[str, ...], Share]

    @property
    def whole(self) -> Share:
        """All answers together."""
        return Share(sum(each.part for each in self.counts.values()), sum(each.whole for each in self.counts.values()))

    def places(self) -> dict[Place, Share]:
        """Return the answers of every place that has any; what has no value belongs to no place."""
        bad: Counter[Place] = Counter()
        all_: Counter[Place] = Counter()
        for values, share in self.counts.items():
            for place in self.places_of(values):
                bad[place] += share.part
                all_[place] += share.whole
        return {place: Share(bad[place], n) for place, n in all_.items()}

    def places_of(self, values: tuple[str, ...]) -> Iterator[Place]:
        """Yield the places that a crossing belongs to."""
        given = [part for part in zip(self.dimensions, values, strict=True) if part[1]]
        yield from ((part,) for part in given)
        yield from combinations([part for part in given if part[0] in PAIRED], 2)


class Overlaps:
    """How some places overlap.

    Args:
        cells: The answers.
        places: The places, few enough to hold each against each other.
    """

    def __init__(self, cells: Cells, places: Iterable[Place]) -> None:
        self._bits = {place: 1 << at for at, place in enumerate(places)}
        bad: defaultdict[int, int] = defaultdict(int)
        all_: defaultdict[int, int] = defaultdict(int)
        for values, share in cells.counts.items():
            # Crossings that belong to the same of these places are one from here on, however many there are.
            mask = sum(self._bits.get(place, 0) for place in cells.places_of(values))
            bad[mask] += share.part
            all_[mask] += share.whole
        self._counts = [(mask, bad[mask], n) for mask, n in all_.items()]

    def within(self, one: Place, *, and_in: Place | None = None, not_in: Sequence[Place] = ()) -> Share:
        """Return the answers of a place that also belong to another, or to none of some others."""
        wanted = self._bits[one] | (self._bits[and_in] if and_in is not None else 0)
        return self._sum(wanted, self._mask(not_in))

    def outside(self, *places: Place) -> Share:
        """Return the answers that belong to none of these places."""
        return self._sum(0, self._mask(places))

    def _mask(self, places: Iterable[Place]) -> int:
        found = 0
        for place in places:
            found |= self._bits[place]
        return found

    def _sum(self, wanted: int, unwanted: int) -> Share:
        bad = all_ = 0
        for mask, part, n in self._counts:
            if mask & wanted == wanted and not mask & unwanted:
                bad += part
                all_ += n
        return Share(bad, all_)
