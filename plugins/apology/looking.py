"""The look from time to time: which windows are over, and whether an experiment has come to its end by its plan."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from feedbackhub import Call, Conflict, Hub, Task

from .book import Experiments
from .evidence import evidence
from .families import one_each
from .records import ENDED, Experiment
from .tables import assignment

__all__ = ["DECIDED", "FULL", "Looking"]

#: Reasons of an end that the plan brought about.
DECIDED, FULL = "e-process", "full"
EVERY = timedelta(hours=1)


class Looking:
    """Ends experiments as their plans say.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Experiments(hub)

    def tasks(self) -> list[Task]:
        """Return the look as periodic work."""
        return [Task("look", self.look, every=EVERY, at=timedelta(minutes=17))]

    def look(self, call: Call) -> None:
        """Close the windows that are over, then end what has come to its end."""
        now = self._hub.clock.now()
        due = (assignment.c.is_over.is_(False), assignment.c.window_ends_at <= now)
        self._hub.tables.write(update(assignment).where(*due).values(is_over=True))
        for each in self._book.running():
            reason = self._reason_to_end(each)
            if not reason:
                continue
            try:
                self._book.end(each, reason, "", ENDED)
            except Conflict:  # somebody stopped it at this very moment; the next look sees what holds
                self._hub.log.info("the experiment %s changed while it was looked at", each.id)

    def _reason_to_end(self, each: Experiment) -> str:
        """Return why an experiment is over, empty when it is not."""
        held = self._book.assignments(each.id)
        if each.plan.stopping == DECIDED:
            counted = one_each(held, self._hub.read.merged())
            if any(found.process.stopped for found in evidence(each.plan, counted, self._hub.clock.now())):
                return DECIDED
        return FULL if each.is_closed and all(one.is_over for one in held) else ""
