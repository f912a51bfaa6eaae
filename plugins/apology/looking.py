"""The look from time to time: whether windows are over, and whether an experiment has come to its end by its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from feedbackhub import Call, Conflict, Hub, Task

from .book import Experiments
from .evidence import evidence
from .families import one_each
from .records import ENDED, Assignment, Experiment
from .ripe import is_ahead

__all__ = ["DECIDED", "FULL", "LOOKED", "Looking", "is_full"]

#: Says that windows are over. Whoever follows the log closes them there, behind all answers that came before.
LOOKED = "apology.looked"

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
        """End what has come to its end by windows that were closed, and have those closed that are over since."""
        now = self._hub.clock.now()
        for each in self._book.running():
            reason = self._reason_to_end(each, now)
            if not reason:
                continue
            try:
                self._book.end(each, reason, "", ENDED)
            except Conflict:  # somebody stopped it at this very moment; the next look sees what holds
                self._hub.log.info("the experiment %s changed while it was looked at", each.id)
        if self._book.has_due(now):
            self._hub.publish(LOOKED)

    def _reason_to_end(self, each: Experiment, now: datetime) -> str:
        """Return why an experiment is over, empty when it is not."""
        held = self._book.assignments(each.id)
        if each.plan.stopping == DECIDED:
            waited_for = (one for one in one_each(held, self._hub.read.merged()) if not is_ahead(one, now))
            closed = list(takewhile(lambda one: one.is_over, waited_for))
            if any(found.process.stopped for found in evidence(each.plan, closed, now)):
                return DECIDED
        return FULL if each.is_closed and is_full(held, now) else ""


def is_full(held: Sequence[Assignment], now: datetime) -> bool:
    """Tell whether every window was closed, but for those of people whom a clock dated far ahead.

    Where one was closed that ends later than now, the clock has gone back: then nobody can be told to be ahead of it.
    """
    latest = max((each.window_ends_at for each in held if each.is_over), default=None)
    is_right = latest is not None and latest <= now
    return all(each.is_over or (is_right and is_ahead(each, now)) for each in held)
