"""What is known of assignments while a batch of events is worked through, and what has to be written afterwards.

Effects of a batch are stored together with its end, so what an event changed is not in the tables yet when the next
one comes: it is looked up here first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.sql import Executable

from feedbackhub import Hub

from .records import Assignment, Experiment
from .tables import assignment, experiment, refusal

__all__ = ["Ledger", "kin_of"]


class Ledger:
    """The assignments that a batch of events is about.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._merged: dict[str, str] | None = None
        self._new: list[Assignment] = []
        self._known: dict[int, Assignment] = {}
        self._changed: dict[int, dict[str, Any]] = {}
        self._refused: dict[tuple[str, str], dict[str, Any]] = {}
        self._closed: dict[str, Experiment] = {}

    def kin(self, customer: str) -> list[str]:
        """Return the customers proven to be this one's person, this one included."""
        if self._merged is None:
            self._merged = dict(self._hub.read.merged())
        return kin_of(customer, self._merged)

    def of_customers(self, customers: Collection[str]) -> list[Assignment]:
        """Return the assignments of these customers in any experiment, in the order of assignment."""
        query = select(assignment).where(assignment.c.customer.in_(list(customers)))
        return self._with_new(query, [each for each in self._new if each.customer in customers])

    def of_response(self, response: str) -> list[Assignment]:
        """Return the assignments that a first answer led to: one, or none."""
        query = select(assignment).where(assignment.c.response == response)
        return self._with_new(query, [each for each in self._new if each.response == response])

    def close_windows(self, at: datetime) -> None:
        """Note that the windows are over that end at a moment or before: what comes later is late."""
        query = select(assignment).where(assignment.c.is_over.is_(False), assignment.c.window_ends_at <= at)
        for each in self._with_new(query, [each for each in self._new if each.window_ends_at <= at]):
            self.change(each, is_over=True)

    def is_told(self, experiment_id: str, case: str) -> bool:
        """Tell whether a case was assigned or refused before: events may come again."""
        if (experiment_id, case) in self._refused or any(
            each.case == case and each.experiment == experiment_id for each in self._new
        ):
            return True
        mine = (refusal.c.experiment == experiment_id, refusal.c.case == case)
        if self._hub.tables.read(select(refusal.c.number).where(*mine)):
            return True
        drawn = (assignment.c.experiment == experiment_id, assignment.c.case == case)
        return bool(self._hub.tables.read(select(assignment.c.number).where(*drawn)))

    def size(self, experiment_id: str) -> int:
        """Return how many were assigned in an experiment."""
        query = select(func.count().label("n")).where(assignment.c.experiment == experiment_id)
        (row,) = self._hub.tables.read(query)
        return int(row["n"]) + sum(each.experiment == experiment_id for each in self._new)

    def last_in(self, experiment_id: str, stratum: str) -> Assignment | None:
        """Return who was assigned last in a stratum, None for nobody."""
        here = [each for each in self._new if (each.experiment, each.stratum) == (experiment_id, stratum)]
        if here:
            return here[-1]
        mine = (assignment.c.experiment == experiment_id, assignment.c.stratum == stratum)
        order = (assignment.c.block.desc(), assignment.c.place.desc())
        rows = self._hub.tables.read(select(assignment).where(*mine).order_by(*order).limit(1))
        return Assignment.of(rows[0]) if rows else None

    def add(self, made: Assignment) -> None:
        """Note a new assignment; its number is given when it is written."""
        self._new.append(made)

    def refuse(self, experiment_id: str, case: str, customer: str, reason: str) -> None:
        """Note that a case was not taken in, and why."""
        row = {"experiment": experiment_id, "case": case, "customer": customer, "reason": reason}
        self._refused[experiment_id, case] = {**row, "at": self._hub.clock.now()}

    def close(self, full: Experiment) -> None:
        """Note that an experiment takes nobody in any more."""
        self._closed[full.id] = full

    def is_closed(self, id_: str) -> bool:
        """Tell whether an experiment was closed by this batch."""
        return id_ in self._closed

    def change(self, before: Assignment, **fields: Any) -> None:
        """Note what is different about an assignment from now on; nothing, where nothing is."""
        fields = {name: value for name, value in fields.items() if getattr(before, name) != value}
        if not fields:  # an update without values is no SQL, and would hold up all who come after
            return
        after = replace(before, **fields)
        if before.number:
            self._known[before.number] = after
            self._changed.setdefault(before.number, {}).update(_plain(fields))
            return
        self._new = [after if _same(each, before) else each for each in self._new]

    def statements(self) -> list[Executable]:
        """Return what has to be written, in this order."""
        found: list[Executable] = [insert(assignment).values(_row(each)) for each in self._new]
        found += [
            update(assignment).where(assignment.c.number == number).values(fields)
            for number, fields in self._changed.items()
        ]
        found += [insert(refusal).values(row) for row in self._refused.values()]
        for full in self._closed.values():
            mine = (experiment.c.id == full.id, experiment.c.version == full.version)
            found.append(update(experiment).where(*mine).values(is_closed=True, version=full.version + 1))
        return found

    def _with_new(self, query: Select[Any], new: Iterable[Assignment]) -> list[Assignment]:
        rows = self._hub.tables.read(query.order_by(assignment.c.number))
        read = [self._known.get(row["number"]) or Assignment.of(row) for row in rows]
        return [*read, *new]


def kin_of(customer: str, merged: Mapping[str, str]) -> list[str]:
    """Return the customers who are one person with a customer, that one included.

    Args:
        customer: The customer.
        merged: Each merged customer and the first of the person's, as `hub.read.merged` tells.
    """
    root = merged.get(customer, customer)
    return sorted({customer, root, *(each for each, first in merged.items() if first == root)})


def _same(one: Assignment, other: Assignment) -> bool:
    return (one.experiment, one.customer) == (other.experiment, other.customer)


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _row(made: Assignment) -> dict[str, Any]:
    return _plain({name: getattr(made, name) for name in Assignment.__slots__ if name != "number"})
