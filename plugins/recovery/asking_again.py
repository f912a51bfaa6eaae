"""Asking the customer again after a case: planned, once, linked to the first answer, which nobody touches."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.sql import Executable

from feedbackhub import Call, Effects, Fact, Hub, NotFound, Problem, Refused, Scheduled
from feedbackhub.reporting import N_

from .book import Cases
from .case import ENGINE, Case
from .holding_back import held_until
from .offer_settings import ReaskSettings

__all__ = ["ASK_AGAIN", "AskingAgain", "planned"]

#: How far a moment that somebody wished may lie back: forms take time.
LATE = timedelta(minutes=5)

#: The task that asks.
ASK_AGAIN = "ask_again"
#: After these ends there is nothing to ask about, or nobody to ask.
UNASKED = ("unreachable", "unfounded", "duplicate", "erased", "discarded")


def planned(case: str, at: datetime) -> Scheduled:
    """Return the task that asks a case's customer again at a moment."""
    return Scheduled(ASK_AGAIN, {"case": case, "at": at.isoformat()}, at, f"{case}:{at.isoformat()}")


class AskingAgain:
    """Asks customers again.

    Args:
        hub: The plugin's hub.
        settings: When and with what.
    """

    def __init__(self, hub: Hub, settings: ReaskSettings) -> None:
        self._hub, self._settings, self._cases = hub, settings, Cases(hub)

    def after_closing(self, case: Case) -> tuple[list[Executable], list[Scheduled]]:
        """Return what plans to ask the customer of a case that was closed; nothing where a trial has its own time."""
        now = self._hub.clock.now()
        tells = not self._settings.on or case.outcome in UNASKED or not case.customer
        if tells or case.reask_at or case.invitation or case.again_response or held_until(case, now) is not None:
            return [], []
        return self.at(case, now + timedelta(days=self._settings.days_after_closing), ENGINE)

    def at(self, case: Case, at: datetime, by: str) -> tuple[list[Executable], list[Scheduled]]:
        """Return what plans to ask the customer of a case at a moment."""
        step = self._cases.step(case.id, "reask_planned", by, "", {"at": at.isoformat()})
        return [self._cases.changed(case.id, reask_at=at), step], [planned(case.id, at)]

    def after_reopening(self, case: Case) -> list[Executable]:
        """Return what calls off the asking about a case that is worked on again; that of a trial stays."""
        if case.reask_at is None or case.invitation or case.trial is not None:
            return []
        step = self._cases.step(case.id, "reask_off", ENGINE, "", {"why": "reopened"})
        return [self._cases.changed(case.id, reask_at=None), step]

    def plan(self, case: Case, at: datetime, by: str) -> None:
        """Ask the customer of a case at a moment, as somebody wishes.

        Raises:
            Refused: They were asked already, a trial has its own time, or the moment is over or too far.
        """
        now = self._hub.clock.now()
        self._must_be_free(case, now)
        if not case.customer:
            raise Refused(Problem("", N_("Nobody knows who gave this answer, so nobody can be asked.")))
        if at < now - LATE:
            raise Refused(Problem("at", N_("is over already")))
        if at > now + timedelta(days=365):
            raise Refused(Problem("at", N_("lies more than a year ahead")))
        self._hub.apply(Effects(*self.at(case, max(at, now), by)))

    def call_off(self, case: Case, by: str) -> None:
        """Ask the customer of a case no more; raises Refused when they were asked, or a trial has its own time."""
        self._must_be_free(case, self._hub.clock.now())
        if case.reask_at is not None:
            step = self._cases.step(case.id, "reask_off", by, "", {"why": "staff"})
            self._hub.tables.write(self._cases.changed(case.id, reask_at=None), step)

    def _must_be_free(self, case: Case, now: datetime) -> None:
        if case.invitation or case.again_response:
            raise Refused(Problem("", N_("The customer was asked again already: once for each case.")))
        if held_until(case, now) is not None:
            raise Refused(Problem("", N_("The time of asking again belongs to a trial and cannot be changed.")))

    def run(self, call: Call) -> None:
        """Ask the customer of a case, once; why that could not be is written into its history."""
        try:
            case = self._cases.get(str(call.payload.get("case", "")))
        except NotFound:
            return
        if case.invitation or case.reask_at is None or case.reask_at.isoformat() != call.payload.get("at"):
            return
        if case.trial is None and self._asked_of_late(case):
            self._refused(case, N_("The customer was asked again of late, about another answer."))
            return
        survey = str((case.trial or {}).get("survey") or self._settings.survey)
        try:
            invitation = self._hub.ask(survey, after=case.response)
        except (Refused, NotFound) as refused:
            # Asked by a run that died before it could write that down, or by somebody through the API.
            asked = self._asked_after(case)
            if not asked:
                self._refused(case, str(refused))
                return
            invitation = asked
        step = self._cases.step(case.id, "asked_again", ENGINE, "", {"invitation": invitation})
        told = Fact("recovery.asked_again", {"case": case.id, "invitation": invitation})
        self._hub.apply(Effects([self._cases.changed(case.id, invitation=invitation), step], events=[told]))

    def _asked_after(self, case: Case) -> str:
        try:
            found = self._hub.read.asked_after(case.response)
        except NotFound:
            return ""
        return found[0].public_id if found else ""

    def _asked_of_late(self, case: Case) -> bool:
        """Return whether this person was asked about another case within the days between, or is just being asked.

        Two machines may have two cases of one person at the same moment: the one whose turn is earlier asks.
        """
        now = self._hub.clock.now()
        since = now - timedelta(days=self._settings.days_between)
        mine = (case.reask_at, case.id)
        return any(
            each.reask_at is not None
            and since <= each.reask_at <= now
            and (bool(each.invitation) or (each.reask_at, each.id) < mine)
            for each in self._cases.of_person(case.customer)
            if each.id != case.id
        )

    def _refused(self, case: Case, why: str) -> None:
        step = self._cases.step(case.id, "reask_refused", ENGINE, "", {"why": why[:300]})
        self._hub.tables.write(self._cases.changed(case.id, reask_at=None), step)
