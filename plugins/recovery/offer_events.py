"""What follows from events for letters and second answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.sql import Executable

from feedbackhub import Effects, Event, Fact, Hub, NotFound, Scheduled, Subscriber

from .asking_again import AskingAgain, planned
from .book import Cases
from .case import ENGINE, Case
from .letters import Letters
from .making_good import rule_for
from .moves import moves_of
from .offer_tables import offer as offers
from .offers import Offer
from .settings import Settings
from .tables import case as cases
from .working_again import work_again

__all__ = ["BY_RULE", "BY_TRIAL", "RECORD", "OfferEvents"]

BY_RULE, BY_TRIAL, RECORD = "offer_by_rule", "offer_by_trial", "record_gesture"
ENDS = {"letter.sent": "sent", "letter.failed": "failed", "letter.dropped": "dropped"}


@dataclass
class Following:
    """What follows, gathered event by event."""

    changes: list[Executable] = field(default_factory=list)
    tasks: list[Scheduled] = field(default_factory=list)
    events: list[Fact] = field(default_factory=list)
    #: Cases that are brought back already.
    back: set[str] = field(default_factory=set)


class OfferEvents(Subscriber):
    """Plans letters and asking again, and writes down how letters ended and what customers answered.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
        letters: The letters.
    """

    name = "offers"
    types = (
        "recovery.opened", "recovery.closed", "recovery.reopened", "apology.assigned", "apology.ended", "letter.*",
        "response.settled", "response.changed",
    )  # fmt: skip
    from_now = True

    def __init__(self, hub: Hub, settings: Settings, letters: Letters) -> None:
        self._hub, self._settings, self._letters, self._cases = hub, settings, letters, Cases(hub)
        self._asking = AskingAgain(hub, settings.reask)

    def handle(self, events: Sequence[Event]) -> Effects:
        """Say what follows."""
        deeds: Mapping[str, Callable[[Following, Event], None]] = {
            "recovery.opened": self._opened, "recovery.closed": self._closed, "recovery.reopened": self._reopened,
            "apology.assigned": self._assigned, "apology.ended": self._trial_ended,
            **dict.fromkeys(ENDS, self._letter_ended),
            "response.settled": self._answered, "response.changed": self._answered,
        }  # fmt: skip
        found = Following()
        for event in events:
            deed = deeds.get(event.type)
            if deed is not None:
                deed(found, event)
        return Effects(found.changes, found.tasks, found.events)

    def _case(self, event: Event) -> Case | None:
        try:
            return self._cases.get(str(event.payload.get("case", "")))
        except NotFound:
            return None

    def _opened(self, found: Following, event: Event) -> None:
        case = self._case(event)
        if case is not None and rule_for(self._settings.offers, case) is not None:
            due = event.at + timedelta(minutes=self._settings.offers.minutes_before_automatic)
            found.tasks.append(Scheduled(BY_RULE, {"case": case.id}, due, case.id))

    def _closed(self, found: Following, event: Event) -> None:
        case = self._case(event)
        if case is not None and case.is_closed:
            changes, tasks = self._asking.after_closing(case)
            found.changes += changes
            found.tasks += tasks

    def _reopened(self, found: Following, event: Event) -> None:
        case = self._case(event)
        # Closed once more before this was read: what is planned holds.
        if case is not None and not case.is_closed:
            found.changes += self._asking.after_reopening(case)

    def _assigned(self, found: Following, event: Event) -> None:
        case = self._case(event)
        if case is None or case.trial is not None:  # an assignment is made once
            return
        trial = dict(event.payload)
        detail = {name: trial.get(name) for name in ("experiment", "arm", "until", "reask_at")}
        values: dict[str, Any] = {"trial": trial}
        at = _moment(trial.get("reask_at"))
        if at is not None and not case.invitation:
            values["reask_at"] = at
            found.tasks.append(planned(case.id, at))
        found.changes += [
            self._cases.changed(case.id, **values), self._cases.step(case.id, "trial", ENGINE, "", detail),
        ]  # fmt: skip
        found.tasks.append(Scheduled(BY_TRIAL, {"case": case.id}, None, f"{case.id}:{trial.get('experiment', '')}"))

    def _trial_ended(self, found: Following, event: Event) -> None:
        """Hold nothing back any more for a trial that is over; when it asks again stays."""
        query = select(cases.c.id, cases.c.trial).where(cases.c.trial.is_not(None))
        for row in self._hub.tables.read(query):
            trial = row["trial"] or {}
            until = _moment(trial.get("until"))
            # Told twice, and where its time was over before, nothing more ends.
            if trial.get("experiment") == event.payload.get("experiment") and (until is None or until > event.at):
                changed = self._cases.changed(row["id"], trial={**trial, "until": event.at.isoformat()})
                detail = {"experiment": trial["experiment"], "state": event.payload.get("state", "")}
                found.changes += [changed, self._cases.step(row["id"], "trial_ended", ENGINE, "", detail)]

    def _letter_ended(self, found: Following, event: Event) -> None:
        if event.payload.get("plugin") != self._hub.name:
            return
        offer = self._letters.offers.find(str(event.payload.get("about", "")))
        if offer is None or offer.state in ("sent", "withdrawn"):
            return
        state = ENDS[event.type]
        # An event that is read again says nothing of a letter that was approved anew, and brings no case back twice.
        if offer.state == state or (offer.state == "approved" and offer.handed_at is None):
            return
        why = {"failed": "not_taken", "dropped": "unwanted"}.get(state, "")
        values: dict[str, Any] = {"state": state, "leaves_at": None, "reason": why}
        values |= {"sent_at": event.at} if state == "sent" else {}
        changed = update(offers).where(offers.c.id == offer.id).values(version=offers.c.version + 1, **values)
        detail = {"offer": offer.id, "kind": offer.kind, "channel": offer.channel}
        found.changes += [changed, self._cases.step(offer.case, f"letter_{state}", ENGINE, "", detail)]
        if state == "sent":
            self._sent(found, offer)
        else:
            self._work_again(found, self._cases.get(offer.case), why)

    @staticmethod
    def _sent(found: Following, offer: Offer) -> None:
        found.events.append(Fact("recovery.sent", {"case": offer.case, "offer": offer.id, "kind": offer.kind}))
        if offer.apologises or offer.gives:
            found.tasks.append(Scheduled(RECORD, {"offer": offer.id}, None, f"{offer.id}:{offer.version}"))

    def _work_again(self, found: Following, case: Case, why: str) -> None:
        if case.id in found.back:
            return
        found.back.add(case.id)
        again = work_again(self._cases, moves_of(self._hub, self._settings), case, why)
        found.changes += again.changes
        found.events += again.facts

    def _answered(self, found: Following, event: Event) -> None:
        """Set a second answer beside the first."""
        try:
            response = self._hub.read.response(str(event.payload.get("response", "")))
        except NotFound:
            return
        case = self._cases.find(response.after_response) if response.after_response else None
        if case is None or not response.counted or not response.settled:
            return
        is_new = case.again_response != response.public_id
        values: dict[str, Any] = {
            "again_response": response.public_id, "again_score": response.score, "again_low": response.low,
            "again_at": response.answered_at,
        }  # fmt: skip
        if not is_new and all(getattr(case, name) == value for name, value in values.items()):
            return
        told = {"case": case.id, "response": response.public_id, "score": response.score, "low": response.low}
        worse = response.low and case.is_closed and (is_new or not case.again_low)
        found.changes += [
            self._cases.changed(case.id, **values),
            self._cases.step(case.id, "answered_again", ENGINE, "", {**told, "reopened": worse}),
        ]  # fmt: skip
        found.events.append(Fact("recovery.answered_again", told))
        if worse:
            self._work_again(found, case, "answered_again")


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value or ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
