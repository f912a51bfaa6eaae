"""How much less contacts of the same customers tell than those of as many different ones would.

Whoever comes often comes back often, and brings the own segment, country and language along each time. Taken for so
many customers, a few of them would make a cause of what is chance. So counts are divided by their design effect
(J. N. K. Rao and A. J. Scott, Biometrics 48, 1992): that of the place, or that of all places of its kind together,
which more customers stand behind, whichever is larger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feedbackhub.statistics import Share

from .cells import Cells, Place

__all__ = ["Clumps", "clumps_of"]

#: A customer's contacts: where each belongs to, and whether it is a case.
Visits = Sequence[tuple[tuple[str, ...], bool]]
WHOLE: Place = ()


@dataclass(slots=True)
class Extra:
    """By how much sums over customers are larger than if nobody came twice.

    Args:
        cases: Of the squares of their cases.
        both: Of their cases times their contacts.
        contacts: Of the squares of their contacts.
        customers: By how many fewer customers there are than contacts.
    """

    cases: int = 0
    both: int = 0
    contacts: int = 0
    customers: int = 0

    def add(self, cases: int, contacts: int) -> None:
        """Count a customer."""
        self.cases += cases * cases - cases
        self.both += cases * contacts - cases
        self.contacts += contacts * contacts - contacts
        self.customers += contacts - 1

    def variance(self, share: float) -> float:
        """Return by how much the sum of squares around a share is larger than if nobody came twice."""
        return self.cases - 2 * share * self.both + share * share * self.contacts


NONE = Extra()


@dataclass(frozen=True, slots=True)
class Clumps:
    """What is known of how customers' contacts belong together.

    Args:
        extra: What those who came more than once add, by place; all places together have no name.
        pooled: The design effect of all places of a kind, by the dimensions that name them.
    """

    extra: Mapping[Place, Extra] = field(default_factory=dict)
    pooled: Mapping[tuple[str, ...], float] = field(default_factory=dict)

    def customers(self, place: Place, own: Share) -> int:
        """Return how many customers stand behind the contacts of a place."""
        return own.whole - self.extra.get(place, NONE).customers

    def effect(self, place: Place, own: Share) -> float:
        """Return the design effect of a place: how many of its contacts are worth one of a customer's own.

        Args:
            place: The place; `WHOLE` for all.
            own: Its cases.
        """
        extra, customers = self.extra.get(place, NONE), self.customers(place, own)
        alone = _plain(own)
        effect = 1.0
        if alone and customers > 1:
            effect = (1 + extra.variance(own.part / own.whole) / alone) * customers / (customers - 1)
        return max(1.0, effect if extra.contacts else 1.0, self.kind(place))

    def kind(self, place: Place) -> float:
        """Return the design effect of all places that the same dimensions name."""
        return self.pooled.get(_kind(place), 1.0)


def clumps_of(cells: Cells, customers: Iterable[Visits]) -> Clumps:
    """Return how the contacts of customers belong together.

    Args:
        cells: All of the contacts.
        customers: Those of each customer; of those who came once nothing need be told.
    """
    extra: dict[Place, Extra] = {}
    for visits in customers:
        cases, all_ = Counter[Place](), Counter[Place]()
        for values, is_case in visits:
            for place in (WHOLE, *cells.places_of(values)):
                all_[place] += 1
                cases[place] += is_case
        for place, n in all_.items():
            if n > 1:
                extra.setdefault(place, Extra()).add(cases[place], n)
    plain: dict[tuple[str, ...], float] = {}
    more: dict[tuple[str, ...], float] = {}
    for place, own in cells.places().items():
        kind = _kind(place)
        plain[kind] = plain.get(kind, 0.0) + _plain(own)
        more[kind] = more.get(kind, 0.0) + extra.get(place, NONE).variance(own.part / own.whole)
    pooled = {kind: max(1.0, 1 + more[kind] / n) for kind, n in plain.items() if n}
    return Clumps(extra, pooled)


def _kind(place: Place) -> tuple[str, ...]:
    return tuple(name for name, _ in place)


def _plain(own: Share) -> float:
    """Return the sum of squares around a share if nobody came twice."""
    return own.part * (own.whole - own.part) / own.whole if own.whole else 0.0
