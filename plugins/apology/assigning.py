"""A case was opened: the arm is drawn and written down before anybody acts, or the reason why not is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from feedbackhub import Event, Fact, Hub, NotFound

from .draw import arm_at, block_order, keyed_position
from .eligibility import ALWAYS, Candidate, reason_against, stratum_of
from .ledger import Ledger
from .plan import Arm, Plan
from .records import Assignment, Experiment
from .ripe import is_open

__all__ = ["ASSIGNED", "OPENED", "SECRET", "Assigning"]

OPENED, ASSIGNED = "recovery.opened", "apology.assigned"
#: What the key of the draw is derived for; it stands in no table.
SECRET = "assignment"


class Assigning:
    """Assigns the cases of one batch of events.

    Args:
        hub: The plugin's hub.
        ledger: What the batch has changed so far.
        running: The running experiments in the order in which they started.
    """

    def __init__(self, hub: Hub, ledger: Ledger, running: Sequence[Experiment]) -> None:
        self._hub, self._ledger, self._running = hub, ledger, running

    def opened(self, event: Event) -> list[Fact]:
        """Return what others should know of a new case."""
        case, customer = str(event.payload.get("case", "")), customer_of(event)
        todo = [
            each for each in self._running
            if event.position > (each.position or 0) and not self._ledger.is_told(each.id, case)
        ]  # fmt: skip
        if not case or not todo or event.payload.get("test"):
            return []
        candidate = self._candidate(event, todo)
        if self._is_outside(event, todo, candidate):
            return []
        held = self._ledger.of_customers(self._ledger.kin(customer)) if customer else []
        return self._dealt(event, todo, candidate, held)

    def _is_outside(self, event: Event, todo: Sequence[Experiment], candidate: Candidate) -> bool:
        """Refuse what no experiment may touch, a repeated failure of somebody taken in included."""
        flag = next((each for each in ALWAYS if each in candidate.flags), "")
        for one in todo if flag else ():
            self._refuse(event, one, flag)
        return bool(flag)

    def _dealt(
        self, event: Event, todo: Sequence[Experiment], candidate: Candidate, held: Sequence[Assignment]
    ) -> list[Fact]:
        """Give the case to the one experiment that may have it, and refuse it in the others."""
        now = self._hub.clock.now()
        mine = {each.experiment: each for each in reversed(held)}
        holder = next((each.experiment for each in held if is_open(each, now)), "")
        reasons = {one.id: self._reason(one, candidate) for one in todo}
        free = "" if holder else next((one.id for one in todo if one.id not in mine and not reasons[one.id]), "")
        claimed = holder or free or next((one.id for one in todo if one.id in mine), "")
        told: list[Fact] = []
        for one in todo:
            if one.id != claimed:
                self._refuse(event, one, "other" if claimed else reasons[one.id])
            elif one.id in mine:
                self._refuse(event, one, "repeat")
                told.append(_repeated(event, one, mine[one.id]))
            else:
                told.append(self._assigned(event, one, candidate))
        return told

    def _reason(self, one: Experiment, candidate: Candidate) -> str:
        is_full = one.is_closed or self._ledger.is_closed(one.id)
        return reason_against(one.plan, candidate) or ("full" if is_full else "")

    def _refuse(self, event: Event, one: Experiment, reason: str) -> None:
        self._ledger.refuse(one.id, str(event.payload["case"]), customer_of(event), reason)

    def _candidate(self, event: Event, todo: Sequence[Experiment]) -> Candidate:
        """Return what is known of a case before anything is drawn."""
        given = event.payload
        plain = Candidate(
            survey=str(given.get("survey") or ""), score=given.get("score"),
            reasons=frozenset(given.get("reasons", ())), flags=frozenset(given.get("flags", ())),
            dimensions=given.get("dimensions") or {}, is_known=False,
        )  # fmt: skip
        if not all(given.get(name) for name in ("customer", "response", "contact")):
            return plain
        try:
            return self._looked_up(event, plain, todo)
        except NotFound:  # erased meanwhile
            return plain

    def _looked_up(self, event: Event, plain: Candidate, todo: Sequence[Experiment]) -> Candidate:
        """Return a candidate with what stands elsewhere; raises NotFound."""
        read, customer, response = self._hub.read, customer_of(event), str(event.payload["response"])
        tags, comment = frozenset[str](), ""
        if any(each.plan.who.exclude_tags for each in todo):
            tags = frozenset(read.contact(str(event.payload["contact"])).tags)
        if any(each.plan.who.exclude_words for each in todo):
            comment = read.response(response).comment
        return replace(
            plain, tags=tags, comment=comment, is_known=True, is_reachable=self._hub.reach(customer) is not None,
            is_apologised=read.apologies(customer).too_many,
            is_made_good=any(each.response == response for each in read.gestures_of(customer)),
        )  # fmt: skip

    def _assigned(self, event: Event, one: Experiment, candidate: Candidate) -> Fact:
        """Draw the arm and note it."""
        plan, now, customer = one.plan, self._hub.clock.now(), customer_of(event)
        stratum = stratum_of(plan, candidate)
        number, block, place = self._drawn(one, customer, stratum)
        reask_at = now + timedelta(days=plan.reask_days)
        made = Assignment(
            number=0, experiment=one.id, customer=customer, case=str(event.payload["case"]),
            response=str(event.payload["response"]), arm=plan.arms[number].name, stratum=stratum, block=block,
            place=place, assigned_at=now, reask_at=reask_at, window_ends_at=reask_at + timedelta(days=plan.window_days),
            is_over=False, invitation="", asked_at=None, again="", answered_at=None, score=None, low=None, won=None,
            received=(),
        )  # fmt: skip
        self._ledger.add(made)
        if self._ledger.size(one.id) >= sum(plan.planned().values()):
            self._ledger.close(one)
        return Fact(ASSIGNED, told_of(made, plan, plan.arms[number], made.case, made.response))

    def _drawn(self, one: Experiment, customer: str, stratum: str) -> tuple[int, int | None, int | None]:
        """Return the number of the arm, and its place among permuted blocks if these are drawn from."""
        key, weights = self._hub.secret(SECRET), one.plan.weights()
        if one.plan.design == "hash":
            return arm_at(keyed_position(key, one.id, customer), weights), None, None
        last = self._ledger.last_in(one.id, stratum)
        block, place = (last.block or 0, (last.place or 0) + 1) if last else (0, 0)
        order = block_order(key, one.id, stratum, block, weights)
        if place >= len(order):
            block, place = block + 1, 0
            order = block_order(key, one.id, stratum, block, weights)
        return order[place], block, place


def _repeated(event: Event, one: Experiment, mine: Assignment) -> Fact:
    """Return the same arm for another case of somebody taken in before; there is no second outcome."""
    arm = one.plan.arm(mine.arm) or one.plan.first
    payload = told_of(mine, one.plan, arm, str(event.payload["case"]), str(event.payload.get("response") or ""))
    return Fact(ASSIGNED, {**payload, "reask_at": "", "repeat": True})


def customer_of(event: Event) -> str:
    """Return the customer of a case as the event names them, empty for none."""
    return str(event.payload.get("customer") or "")


def told_of(made: Assignment, plan: Plan, arm: Arm, case: str, response: str) -> dict[str, Any]:
    """Return what whoever carries out an arm has to know; no personal data."""
    return {
        "experiment": made.experiment, "case": case, "response": response, "customer": made.customer, "arm": arm.name,
        "apology": arm.apology, "compensation": _money_of(arm), "until": made.window_ends_at.isoformat(),
        "reask_at": made.reask_at.isoformat(), "survey": plan.survey, "approve": plan.approve, "repeat": False,
    }  # fmt: skip


def _money_of(arm: Arm) -> dict[str, Any] | None:
    return arm.compensation.model_dump(mode="json") if arm.compensation else None
