"""Which of several causes is the one that explains the others; association, no proof.

A topic may look bad only because of one product, a team only because it handles a bad topic. One place is explained by
another when what it has outside that other shows no difference from the answers outside both, and what they share is
worse than what it has alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from feedbackhub.statistics import HIDDEN_BELOW, Share, difference_of_shares

from .cells import Cells, Overlaps, Place

__all__ = ["Reason", "explain"]

#: What is compared here was picked because it stands out, so that more is asked of it than usual.
WITHIN = 0.99


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a place is no cause of its own.

    Args:
        kind: ``elsewhere``: only what it shares with the other is worse; ``part``: it is a part of the other and no
            worse than the rest of it; ``same``: both hold the same answers but for a handful.
        by: The other place.
    """

    kind: Literal["elsewhere", "part", "same"]
    by: Place


def explain(cells: Cells, places: Sequence[Place], level: float) -> dict[Place, Reason]:
    """Return the reason of each place that another explains.

    Args:
        cells: The answers.
        places: The places that are worse than the rest, what weighs most first.
        level: The confidence that is asked of a part before it is named beside its whole.
    """
    overlaps = Overlaps(cells, places)
    by = {
        place: [other for other in places if other != place and _explains(overlaps, other, place)] for place in places
    }
    found: dict[Place, Reason] = {}
    for place, others in by.items():
        # What is itself explained by nothing goes first: a pair before two dimensions that explain each other.
        usable = [other for other in others if not _leads_back(found, other, place)]
        if usable:
            found[place] = Reason("elsewhere", next((other for other in usable if not by[other]), usable[0]))
    causes: list[Place] = []
    for place in (each for each in places if each not in found):
        reason = _beside(overlaps, place, causes, level) if causes else None
        if reason is None:
            causes.append(place)
        else:
            found[place] = reason
    return {place: _final(found, reason) for place, reason in found.items()}


def _explains(overlaps: Overlaps, cause: Place, place: Place) -> bool:
    """Tell whether a place is worse only where it overlaps with a cause."""
    shared, alone = overlaps.within(place, and_in=cause), overlaps.within(place, not_in=(cause,))
    if min(shared.whole, alone.whole) < HIDDEN_BELOW:
        return False
    return not _is_worse(alone, overlaps.outside(cause, place), 0.95) and _is_worse(shared, alone, WITHIN)


def _beside(overlaps: Overlaps, place: Place, causes: Sequence[Place], level: float) -> Reason | None:
    """Return why a place says nothing beside the causes that weigh more, None when it does."""
    nearest = max(causes, key=lambda cause: overlaps.within(place, and_in=cause).whole)
    alone = overlaps.within(place, not_in=causes)
    if alone.whole >= HIDDEN_BELOW:
        # Pairs are many, so more of them seem to add something by chance.
        sure = level if len(place) > 1 else WITHIN
        adds = _is_worse(alone, overlaps.outside(place, *causes), sure)
        return None if adds else Reason("elsewhere", nearest)
    remainder = overlaps.within(nearest, not_in=(place,))
    if remainder.whole < HIDDEN_BELOW:
        return Reason("same", nearest)
    shared = overlaps.within(place, and_in=nearest)
    return None if _is_worse(shared, remainder, level) else Reason("part", nearest)


def _is_worse(one: Share, other: Share, level: float) -> bool:
    difference = difference_of_shares(one, other, level)
    return difference is not None and difference.low > 0


def _leads_back(found: dict[Place, Reason], by: Place, place: Place) -> bool:
    """Tell whether the explanation of an explanation is the place itself."""
    while by in found:
        by = found[by].by
        if by == place:
            return True
    return False


def _final(found: dict[Place, Reason], reason: Reason) -> Reason:
    """Return a reason that names what is itself explained by nothing."""
    by = reason.by
    while by in found:
        by = found[by].by
    return Reason(reason.kind, by)
