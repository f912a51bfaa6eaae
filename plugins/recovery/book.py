"""The cases of an instance: found, listed and changed, with a history of everything that happened to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Insert, Select, Update, and_, bindparam, func, insert, or_, select, update
from sqlalchemy import case as when

from feedbackhub import Conflict, Effects, Fact, Hub, NotFound
from feedbackhub.reporting import N_

from .case import UNFINISHED, Case, Step
from .tables import case as cases
from .tables import step as steps

__all__ = ["MEANWHILE", "Case", "Cases", "Step", "Wanted", "kin_of"]

#: Says which customers are the same person as one, that one included.
Kin = Callable[[str], Sequence[str]]
#: Columns that hold lists, and are tuples in records.
LISTS = ("reasons", "flags", "tags", "joined")
MEANWHILE = N_("this case was changed meanwhile")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list holds; what is left empty does not matter.

    Args:
        states: In one of these states.
        owner: Of this member of staff; None for all, empty for those of nobody.
        team: Of this team.
        survey: Of this survey.
        overdue_at: Something was due before this moment.
        since, until: Opened from then on, and before then.
        customers: Of one of these customers.
        responses: Opened by one of these answers.
        ids: One of these cases.
    """

    states: Sequence[str] = ()
    owner: str | None = None
    team: str = ""
    survey: str = ""
    overdue_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    customers: Sequence[str] = ()
    responses: Sequence[str] = ()
    ids: Sequence[str] = ()


class Cases:
    """The cases of one instance.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def get(self, id_: str) -> Case:
        """Return a case; raises NotFound."""
        found = self._read(select(cases).where(cases.c.id == id_))
        if not found:
            raise NotFound("no such case")
        return found[0]

    def find(self, response: str) -> Case | None:
        """Return the case that an answer opened, None for none."""
        found = self._read(select(cases).where(cases.c.response == response))
        return found[0] if found else None

    def listing(
        self, wanted: Wanted, *, after: str = "", size: int = 50, by_due: bool = False, newest: bool = False
    ) -> list[Case]:
        """Return cases, the oldest first.

        Args:
            wanted: Which.
            after: Only those behind this case; raises NotFound when there is none.
            size: At most so many, 0 for all.
            by_due: By what is due next, instead of by when they were opened.
            newest: The newest first instead.
        """
        column, id_ = cases.c.due_at if by_due else cases.c.opened_at, cases.c.id
        order = (column.desc(), id_.desc()) if newest else (column, id_)
        query = select(cases).where(*_conditions(wanted)).order_by(*order)
        if after:
            last = self.get(after)
            moment = last.due_at if by_due else last.opened_at
            behind = column < moment if newest else column > moment
            query = query.where(or_(behind, and_(column == moment, id_ < after if newest else id_ > after)))
        return self._read(query.limit(size) if size else query)

    def counts(self, lists: Mapping[str, Wanted]) -> Mapping[str, int]:
        """Return how many cases each of some lists of unfinished ones holds, by its name, in one go."""
        one_each: list[ColumnElement[int]] = [
            func.count(when((and_(*_conditions(wanted)), 1))).label(name) for name, wanted in lists.items()
        ]
        query = select().add_columns(*one_each).where(cases.c.state.in_(UNFINISHED))
        (row,) = self._hub.tables.read(query)
        return {name: int(row[name]) for name in lists}

    def filters(self) -> tuple[list[str], list[str]]:
        """Return the teams and the owners that have cases which are not closed."""
        both = select(cases.c.team, cases.c.owner).where(cases.c.state.in_(UNFINISHED)).distinct()
        rows = self._hub.tables.read(both)
        teams, owners = ({row[name] for row in rows} - {""} for name in ("team", "owner"))
        return sorted(teams), sorted(owners)

    def of_person(self, customer: str, states: Sequence[str] = (), kin: Kin | None = None) -> list[Case]:
        """Return the cases of a person, whichever of the customers proven to be one they belong to, oldest first.

        Args:
            customer: The customer.
            states: In one of these states; empty for all.
            kin: Says which customers are the same person, for those who ask for many.
        """
        if not customer:
            return []
        return self.listing(Wanted(states=states, customers=list((kin or self.kin)(customer))), size=0)

    def kin(self, customer: str) -> Sequence[str]:
        """Return the customers proven to be the same person as one, that one included."""
        return kin_of(self._hub.read.merged(), customer)

    def to_watch(self, now: datetime, farthest: datetime, most: int) -> list[Case]:
        """Return the cases whose time has come, the longest due first, and those planned by a clock that was ahead.

        Args:
            now: The present moment.
            farthest: What is planned after this, and after it is due, was planned by a clock that was ahead.
            most: At most so many; the others come next.
        """
        at = cases.c.watch_at
        wrong = and_(at > farthest, at > cases.c.due_at)
        return self._read(select(cases).where(or_(at <= now, wrong)).order_by(at, cases.c.id).limit(most))

    def history(self, id_: str) -> list[Step]:
        """Return everything that happened to a case, in the order in which it was written."""
        rows = self._hub.tables.read(select(steps).where(steps.c.case == id_).order_by(steps.c.number))
        return [Step(**row) for row in rows]

    def step(self, case: str, kind: str, by: str, text: str = "", detail: Mapping[str, Any] | None = None) -> Insert:
        """Return the statement that adds a step to a case's history.

        Args:
            case: The case.
            kind: What was done, at most 20 characters.
            by: Who did it.
            text: Words of a person: they go when the customer is erased.
            detail: Names and numbers that stay.
        """
        now = self._hub.clock.now()
        row = {"case": case, "at": now, "by": by[:320], "kind": kind, "text": text, "detail": dict(detail or {})}
        return insert(steps).values(row)

    def note(self, case: str, by: str, text: str, within: timedelta) -> Insert:
        """Return the statement that adds a note, unless the same person wrote the same within a time.

        Args:
            case: The case.
            by: Who wrote it.
            text: Their words.
            within: How far back it is looked.
        """
        now, c = self._hub.clock.now(), steps.c
        row = {"case": case, "at": now, "by": by[:320], "kind": "note", "text": text, "detail": {}}
        same = [c[name] == row[name] for name in ("case", "by", "kind", "text")]
        values = [bindparam(None, value, type_=c[name].type) for name, value in row.items()]
        return insert(steps).from_select(
            list(row), select(*values).where(~select(c.number).where(*same, c.at > now - within).exists())
        )

    def changed(self, case: str, **values: Any) -> Update:
        """Return the statement that changes a case whatever its version is, for what the engine finds out.

        Whoever has the case before them must see it anew only when its state is another.
        """
        new = {"version": cases.c.version + int("state" in values), **values}
        return update(cases).where(cases.c.id == case).values(**new)

    def change(
        self, case: Case, values: Mapping[str, Any], *done: tuple[str, str, str, Mapping[str, Any]],
        facts: Sequence[Fact] = (), quietly: bool = False,
    ) -> Case:  # fmt: skip
        """Change a case as it was seen, write down what was done, and tell others: all of it, or nothing.

        Args:
            case: The case as it was seen.
            values: What becomes of which column.
            done: Steps: kind, by whom, words and detail of each.
            facts: What others learn.
            quietly: Whether whoever has the case before them need not see it anew, as after a reminder.

        Raises:
            Conflict: Somebody else has changed it since.
        """
        mine = update(cases).where(cases.c.id == case.id, cases.c.version == case.version)
        changed = mine.values(**values, version=case.version + int(not quietly))
        effects = Effects([changed, *(self.step(case.id, *each) for each in done)], events=facts)
        try:
            self._hub.apply(effects, if_touched=True)
        except Conflict:
            raise Conflict(MEANWHILE) from None
        return self.get(case.id)

    def _read(self, query: Select[Any]) -> list[Case]:
        return [_case(row) for row in self._hub.tables.read(query)]


def kin_of(merged: Mapping[str, str], customer: str) -> Sequence[str]:
    """Return the customers proven to be the same person as one, that one included.

    Args:
        merged: Who is whom, as in `Reader.merged`.
        customer: The customer.
    """
    first = merged.get(customer, customer)
    return sorted({customer, first, *(each for each, to in merged.items() if to == first)})


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    c = cases.c
    several = ((c.state, wanted.states), (c.customer, wanted.customers), (c.response, wanted.responses))
    lists = (*several, (c.id, wanted.ids))
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists if values]
    found += [column == value for column, value in ((c.team, wanted.team), (c.survey, wanted.survey)) if value]
    if wanted.owner is not None:
        found.append(c.owner == wanted.owner)
    if wanted.overdue_at is not None:
        found += [c.state != "closed", c.due_at < wanted.overdue_at]
    if wanted.since is not None:
        found.append(c.opened_at >= wanted.since)
    if wanted.until is not None:
        found.append(c.opened_at < wanted.until)
    return found


def _case(row: dict[str, Any]) -> Case:
    known = {each.name: row[each.name] for each in fields(Case)}
    return Case(**{**known, **{name: tuple(row[name]) for name in LISTS}})
