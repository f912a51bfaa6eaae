"""What happens elsewhere and concerns cases: bad answers, changed and discarded ones, calls made, people erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.sql import Executable

from feedbackhub import Effects, Event, Fact, Hub, NotFound, Response, Subscriber

from .book import Cases, kin_of
from .case import ENGINE, UNFINISHED, Case
from .erasing import forgotten
from .moves import Moves, moves_of
from .opening import fact_of, new_case, rows_of
from .rules import Due, due_for
from .settings import Settings

__all__ = ["CaseEvents"]


class CaseEvents(Subscriber):
    """Opens cases, and keeps them in step with what becomes of their answers.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    name = "cases"
    types = ("response.settled", "response.changed", "gesture.recorded", "customer.erased")

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings

    def handle(self, events: Sequence[Event]) -> Effects:
        """Return what follows for cases; later events of a batch see what the ones before them did."""
        batch = Batch(self._hub, self._settings)
        for event in events:
            if event.type == "gesture.recorded":
                batch.called(event)
            elif event.type == "customer.erased":
                batch.erased(event.payload.get("customers", ()))
            else:
                batch.answered(event)
        return Effects(batch.changes, events=batch.facts)


class Batch:
    """The cases as they are while a batch of events is gone through.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings
        self._cases = Cases(hub)
        self._now = hub.clock.now()
        self._held: dict[str, Case] = {}
        self._merged: Mapping[str, str] | None = None
        self.changes: list[Executable] = []
        self.facts: list[Fact] = []

    def answered(self, event: Event) -> None:
        """Open a case for a bad answer, or let an open one follow what became of its answer."""
        oldest = self._now - timedelta(days=self._settings.oldest_days)
        id_ = str(event.payload.get("response", ""))
        if event.at < oldest or not id_:
            return
        try:
            response = self._hub.read.response(id_)
        except NotFound:  # erased meanwhile
            return
        case = self._of(id_) or (self._joined(response) if event.type == "response.changed" else None)
        if case is not None:
            self._follow(case, response, event)
        # Staff may judge an answer that was imported from years ago.
        elif response.counted and response.settled and response.changed_at >= oldest and not self._is_second(response):
            due = due_for(self._settings, response)
            if due is not None:
                self._open(response, due, event)

    def called(self, event: Event) -> None:
        """Acknowledge the cases of somebody who was called back."""
        if event.payload.get("kind") != "call_back" or event.payload.get("test"):
            return
        for case in self._unfinished(str(event.payload.get("customer", ""))):
            if case.state == "open":
                values = self._moves().acknowledge(case)
                self._change(case, {**values, "before": None}, "acknowledged", {"by_call": True})
                self.facts.append(Fact("recovery.acknowledged", {"case": case.id}))

    def erased(self, customers: Sequence[str]) -> None:
        """Forget what was written about people who were erased, and end their cases: nobody can be made good."""
        for customer in customers:
            found = self._cases.of_person(str(customer), (), self._kin)
            self.changes += forgotten({each.id: each.dimensions for each in found})
            for case in found:
                if not case.is_closed:
                    self._end(case, "erased")

    def _open(self, response: Response, due: Due, event: Event) -> None:
        standing = next(iter(self._unfinished(response.customer)), None)
        if standing is not None:
            self._join(standing, response, due)
            return
        # A clock that was ahead when the answer came opens nothing in the future.
        case = new_case(self._hub, self._settings, response, due, min(event.at, self._now))
        self._held[case.id] = case
        opened = self._cases.step(case.id, "opened", ENGINE, "", {"reasons": list(case.reasons)})
        self.changes += [*rows_of(self._hub, case), opened]
        self.facts.append(fact_of(case))

    def _join(self, case: Case, response: Response, due: Due) -> None:
        """Add a further bad answer to the open case of the same person: one person, one case, one owner."""
        if response.public_id in case.joined:
            return
        moves = self._moves()
        back = moves.come_back(case) if case.state == "waiting" else {}
        resolve = min(case.resolve_by, moves.hours.add(self._now, due.resolve))
        acknowledge = min(case.acknowledge_by, moves.hours.add(self._now, due.acknowledge))
        sooner = {"open": acknowledge, "acknowledged": resolve}.get(case.state, case.due_at)
        values: dict[str, Any] = {
            "joined": [*case.joined, response.public_id], "resolve_by": resolve, "acknowledge_by": acknowledge,
            "due_at": min(case.due_at, sooner), **back, "watch_at": self._now,
            "reasons": [*case.reasons, *(each for each in due.reasons if each not in case.reasons)],
        }  # fmt: skip
        self._change(case, values, "joined", {"response": response.public_id, "score": response.score})
        self.facts.append(Fact("recovery.joined", {"case": case.id, "response": response.public_id}))

    def _follow(self, case: Case, response: Response, event: Event) -> None:
        """Let a case follow its answer: close it when that was discarded, and note a rating that was changed."""
        is_first = case.response == response.public_id
        if not response.counted:
            if is_first and not case.is_closed and not case.joined:
                self._end(case, "discarded")
            return
        if case.outcome == "discarded" and is_first:
            self._change(case, self._moves().revive(case), "reopened", {"response": response.public_id})
            self.facts.append(Fact("recovery.reopened", {"case": case.id}))
        elif event.type == "response.changed" and is_first and response.score != case.score:
            # The first answer stays as it was: what the customer says now stands beside it.
            self._note(case, "changed", {"response": response.public_id, "score": response.score, "low": response.low})

    def _end(self, case: Case, outcome: str) -> None:
        self._change(case, self._moves().end(case, outcome), "closed", {"outcome": outcome})
        self.facts.append(Fact("recovery.closed", {"case": case.id, "outcome": outcome}))

    def _change(self, case: Case, values: Mapping[str, Any], kind: str, detail: Mapping[str, Any]) -> None:
        lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        self._held[case.id] = replace(case, **{**values, **lists})
        self.changes.append(self._cases.changed(case.id, **values))
        self._note(case, kind, detail)

    def _note(self, case: Case, kind: str, detail: Mapping[str, Any]) -> None:
        self.changes.append(self._cases.step(case.id, kind, ENGINE, "", detail))

    def _of(self, response: str) -> Case | None:
        """Return the case that an answer opened, or was joined to while this batch is gone through."""
        held = next((each for each in self._held.values() if each.response == response), None)
        if held is not None:
            return held
        found = self._cases.find(response)
        return self._held.get(found.id, found) if found is not None else None

    def _joined(self, response: Response) -> Case | None:
        """Return the case that an answer was added to, None for none."""
        everyone = self._cases.of_person(response.customer, (), self._kin)
        found = next((each for each in everyone if response.public_id in each.joined), None)
        return self._held.get(found.id, found) if found is not None else None

    def _is_second(self, response: Response) -> bool:
        """Tell whether it follows an answer that has a case: then it belongs to that one."""
        return bool(response.after_response) and self._of(response.after_response) is not None

    def _unfinished(self, customer: str) -> list[Case]:
        """Return a person's cases that are not closed, as they are by now."""
        if not customer:
            return []
        kept = {each.id: each for each in self._cases.of_person(customer, UNFINISHED, self._kin)}
        kin = set(self._kin(customer))
        fresh = {id_: case for id_, case in self._held.items() if case.customer in kin or id_ in kept}
        return [each for each in {**kept, **fresh}.values() if not each.is_closed]

    def _kin(self, customer: str) -> Sequence[str]:
        """Return the customers proven to be the same person; who is whom is read once for a batch."""
        if self._merged is None:
            self._merged = self._hub.read.merged()
        return kin_of(self._merged, customer)

    def _moves(self) -> Moves:
        return moves_of(self._hub, self._settings)
