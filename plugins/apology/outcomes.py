"""What became of those who were assigned: asked again, answered, and what they received meanwhile.

The first answer is never touched: the second one is kept beside the assignment, as it stood when the window was over.
That it was over is an event of the log, so an answer behind it is late, whatever the clock says of both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from feedbackhub import Event, GestureRecord, Hub, NotFound, Response

from .ledger import Ledger
from .plan import Plan
from .records import Assignment, Experiment
from .ripe import has_answered

__all__ = ["ANSWERS", "GESTURES", "SENT", "Outcomes", "is_of_arm", "outcome_of"]

SENT = "invitation.sent"
ANSWERS = ("response.recorded", "response.settled", "response.changed")
GESTURES = ("gesture.recorded", "gesture.withdrawn")
NO_ANSWER: Mapping[str, Any] = {"answered_at": None, "score": None, "low": None, "won": None}
#: The moment after the end of a window.
AFTER = timedelta(seconds=1)


class Outcomes:
    """Follows the assigned customers through one batch of events.

    Args:
        hub: The plugin's hub.
        ledger: What the batch has changed so far.
        started: All experiments that have ever started, by id: outcomes come in after the end, too.
    """

    def __init__(self, hub: Hub, ledger: Ledger, started: Mapping[str, Experiment]) -> None:
        self._hub, self._ledger, self._started = hub, ledger, started

    def sent(self, event: Event) -> None:
        """Note that a second ask went out."""
        invitation = str(event.payload.get("invitation", ""))
        try:
            after = self._hub.read.invitation(invitation).after_response if invitation else ""
        except NotFound:
            return
        for each in self._ledger.of_response(after) if after else ():
            if not each.invitation:
                self._ledger.change(each, invitation=invitation, asked_at=event.at)

    def answered(self, event: Event) -> None:
        """Note a second answer as it is now, or that it does not count."""
        try:
            response = self._hub.read.response(str(event.payload.get("response", "")))
        except NotFound:
            return
        for each in self._ledger.of_response(response.after_response) if response.after_response else ():
            if each.again in ("", response.public_id):
                plan = self._started[each.experiment].plan
                self._ledger.change(each, **outcome_of(plan, each, response))

    def given(self, event: Event) -> None:
        """Note what was done for an assigned customer before the second answer came."""
        customer = str(event.payload.get("customer") or "")
        if not customer or event.payload.get("test"):
            return
        held = self._ledger.of_customers(self._ledger.kin(customer))
        try:
            gestures = self._hub.read.gestures_of(customer) if held else ()
        except NotFound:  # erased meanwhile
            return
        for each in held:
            received = tuple(one.kind for one in sorted(gestures, key=lambda one: one.at) if is_of_arm(each, one))
            if received != each.received:
                self._ledger.change(each, received=received)


def outcome_of(plan: Plan, each: Assignment, response: Response) -> Mapping[str, Any]:
    """Return what an assignment is to say after its second answer came or changed; nothing, where that changes nothing.

    Args:
        plan: The plan.
        each: The assignment as it is.
        response: The second answer as it is now.
    """
    # One that was seen in time may be judged later: whether it counts is no matter of when that was said.
    is_late = each.is_over and not (each.again and (each.answered_at is None or has_answered(each)))
    if not response.counted or response.score is None:
        return {**NO_ANSWER, "again": "" if is_late else response.public_id}
    if has_answered(each) and (each.is_over or response.changed_at > each.window_ends_at):
        return {}  # it counts as it stood when the window was over
    at = max(response.answered_at, each.window_ends_at + AFTER) if is_late else response.answered_at
    return {
        "again": response.public_id, "answered_at": at, "score": response.score, "low": response.low,
        "won": plan.won.holds(response.score, response.low),
    }  # fmt: skip


def is_of_arm(each: Assignment, gesture: GestureRecord) -> bool:
    """Tell whether a gesture fell between the assignment and the second answer, or the end of the window."""
    if gesture.imported or gesture.at > min(each.answered_at or each.window_ends_at, each.window_ends_at):
        return False
    # One about the answer itself came after the assignment, whatever the clock said: before it, it would have
    # kept the customer out.
    return gesture.response == each.response or gesture.at >= each.assigned_at
