"""What becomes of a case when something is done with it: pure, for people, the API and the engine alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from feedbackhub import Conflict, Hub, Problem, Refused
from feedbackhub.reporting import N_

from .case import OUTCOMES, Case
from .hours import BusinessHours
from .settings import Settings

__all__ = ["HIGHEST", "Moves", "moves_of"]

Values = dict[str, Any]
#: The last level of escalation: all managers.
HIGHEST = 2
#: What taking a step back puts back.
KEPT = ("state", "outcome", "due_at", "watch_at", "next_at", "acknowledged_at", "closed_at", "overdue_at")
MOMENTS = ("due_at", "watch_at", "next_at", "acknowledged_at", "closed_at", "overdue_at")


@dataclass(frozen=True)
class Moves:
    """The moves that a case can make now.

    Args:
        settings: The plugin's settings.
        hours: Business hours.
        now: The present moment.
    """

    settings: Settings
    hours: BusinessHours
    now: datetime

    def acknowledge(self, case: Case) -> Values:
        """Return what becomes of a case that somebody takes on; raises Conflict when it is not new."""
        if case.state != "open":
            raise Conflict(N_("this case is closed") if case.is_closed else N_("this case is already taken on"))
        return {**self._taken(case), **self._before(case, "acknowledged")}

    def wait(self, case: Case, until: datetime) -> Values:
        """Return what becomes of a case that waits until a moment; it comes back by itself.

        Raises:
            Conflict: It is closed.
            Refused: The moment is over, or too far.
        """
        if case.is_closed:
            raise Conflict(N_("this case is closed"))
        if until <= self.now:
            raise Refused(Problem("until", N_("is over already")))
        days = self.settings.longest_wait_days
        if until > self.now + timedelta(days=days):
            raise Refused(Problem("until", N_("a case may wait for {days} days at most"), {"days": days}))
        values = {"state": "waiting", "next_at": until, "due_at": until, "watch_at": until}
        return {**self._taken(case), **values, **self._before(case, "waiting")}

    def close(self, case: Case, outcome: str) -> Values:
        """Return what becomes of a case that is closed by somebody; raises Conflict and Refused."""
        if outcome not in OUTCOMES:
            raise Refused(Problem("outcome", N_("must be one of {names}"), {"names": ", ".join(OUTCOMES)}))
        if case.is_closed:
            raise Conflict(N_("this case is already closed"))
        return {**self.end(case, outcome), **self._before(case, "closed")}

    def end(self, case: Case, outcome: str) -> Values:
        """Return what becomes of a case that ends, whatever the outcome; a clock set back makes no negative time."""
        at = max(self.now, case.opened_at)
        over: Values = {"watch_at": None, "next_at": None, "overdue_at": None, "before": None}
        return {"state": "closed", "outcome": outcome, "closed_at": at, "due_at": at, **over}

    def reopen(self, case: Case) -> Values:
        """Return what becomes of a closed case that somebody opens again; raises Conflict when it is not closed."""
        if not case.is_closed:
            raise Conflict(N_("this case is not closed"))
        return {**self._again(case, "acknowledged"), **self._before(case, "acknowledged")}

    def revive(self, case: Case) -> Values:
        """Return what becomes of a closed case when the customer speaks again: it is new, and somebody is told."""
        return {**self._again(case, "open"), "reminders": 0, "level": 0, "before": None}

    def work_again(self, case: Case) -> Values:
        """Return what puts a case back to work now, whatever it was: somebody is told with the next mails."""
        if case.is_closed:
            return self.revive(case)
        back = self.come_back(case) if case.state == "waiting" else {}
        return {**back, "watch_at": self.now}

    def come_back(self, case: Case) -> Values:
        """Return what becomes of a waiting case whose time has come; what it was promised by stays as it was."""
        due = max(case.resolve_by, self.hours.add(self.now, self.settings.escalate))
        watch = {"watch_at": due, "overdue_at": None, "before": None}
        return {"state": "acknowledged", "next_at": None, "due_at": due, **watch}

    def undo(self, case: Case) -> Values:
        """Return what takes the last step back; raises Conflict when there is none, or something came after it."""
        before = case.before
        if before is None or before.get("to") != case.state:
            raise Conflict(N_("there is nothing to take back"))
        back: Values = {name: before[name] for name in KEPT}
        for name in MOMENTS:
            back[name] = datetime.fromisoformat(back[name]) if back[name] else None
        owner = {"owner": before["owner"]} if "owner" in before else {}
        return {**back, **owner, "before": None}

    def _taken(self, case: Case) -> Values:
        taken = case.acknowledged_at or max(self.now, case.opened_at)
        watch = {"watch_at": max(case.resolve_by, self.hours.add(self.now, self.settings.remind)), "overdue_at": None}
        due = {"due_at": case.resolve_by, "next_at": None}
        return {"state": "acknowledged", "acknowledged_at": taken, **due, **watch}

    def _again(self, case: Case, state: str) -> Values:
        due = max(case.resolve_by, self.hours.add(self.now, self.settings.escalate))
        watch = due if state == "acknowledged" else self.now
        taken = case.acknowledged_at or max(self.now, case.opened_at)
        fresh: Values = {"outcome": "", "closed_at": None, "next_at": None, "overdue_at": None}
        return {"state": state, "due_at": due, "watch_at": watch, "acknowledged_at": taken, **fresh}

    @staticmethod
    def _before(case: Case, to: str) -> Values:
        """Keep what a step replaces, so that a slip can be taken back."""
        return {"before": {"to": to, **{name: _plain(getattr(case, name)) for name in KEPT}}}


def moves_of(hub: Hub, settings: Settings) -> Moves:
    """Return the moves that cases can make now, by the company's clocks."""
    return Moves(settings, settings.hours.calendar(hub.timezone), hub.clock.now())


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


