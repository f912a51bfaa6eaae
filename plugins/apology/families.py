"""Customers that were found to be one person after they were assigned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .records import Assignment

__all__ = ["Family", "conflicts", "families", "one_each"]


@dataclass(frozen=True, slots=True)
class Family:
    """Several assignments of one experiment that belong to one person.

    Args:
        person: The first of the person's customers.
        assignments: In the order of assignment.
    """

    person: str
    assignments: tuple[Assignment, ...]

    @property
    def conflicts(self) -> bool:
        """Whether they are in different arms: then nobody can say which one worked."""
        return len({each.arm for each in self.assignments}) > 1


def families(assignments: Iterable[Assignment], merged: Mapping[str, str]) -> list[Family]:
    """Return the people with more than one assignment, in the order of their first one.

    Args:
        assignments: Those of one experiment.
        merged: Customers proven to be one person with others, as `hub.read.merged` tells: nothing is rewritten.
    """
    found: defaultdict[str, list[Assignment]] = defaultdict(list)
    for each in sorted(assignments, key=lambda each: each.number):
        found[merged.get(each.customer, each.customer)].append(each)
    return [Family(person, tuple(members)) for person, members in found.items() if len(members) > 1]


def conflicts(assignments: Iterable[Assignment], merged: Mapping[str, str]) -> list[Family]:
    """Return the people who stand in different arms of one experiment: they are left out of it and listed."""
    return [each for each in families(assignments, merged) if each.conflicts]


def one_each(assignments: Sequence[Assignment], merged: Mapping[str, str]) -> list[Assignment]:
    """Return the assignments that count, one for each person, in their order.

    People in different arms are left out; of several assignments in the same arm the first counts, as a repeated
    failure has no second outcome.
    """
    left_out: set[int] = set()
    for family in families(assignments, merged):
        left_out.update(each.number for each in family.assignments[0 if family.conflicts else 1 :])
    return sorted((each for each in assignments if each.number not in left_out), key=lambda each: each.number)
