"""The look from time to time: whether windows are over, and whether an experiment has come to its end by its plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from feedbackhub import Call, Conflict, Hub, Task

from .book import Experiments
from .evidence import evidence
from .families import one_each
from .records import ENDED, Assignment, Experiment
from .ripe import is_ahead

__all__ = ["DECIDED", "FULL", "LOOKED", "Looking", "is_full", "reason_to_end"]

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
        now, merged = self._hub.clock.now(), self._hub.read.merged()
        for each in self._book.running():
            reason = reason_to_end(each, self._book.assignments(each.id), merged, now)
            if not reason:
                continue
            try:
                self._book.end(each, reason, "", ENDED)
            except Conflict:  # somebody stopped it at this very moment; the next look sees what holds
                self._hub.log.info("the experiment %s changed while it was looked at", each.id)
        if self._book.has_due(now):
            self._hub.publish(LOOKED)


def reason_to_end(one: Experiment, held: Sequence[Assignment], merged: Mapping[str, str], now: datetime) -> str:
    """Return why an experiment is over by its plan, empty when it is not.

    Args:
        one: The experiment; it runs.
        held: Everybody who was assigned, in that order.
        merged: Customers proven to be one person with others.
        now: The present moment.
    """
    if one.plan.stopping == DECIDED:
        waited_for = (each for each in one_each(held, merged) if not is_ahead(each, now))
        closed = list(takewhile(lambda each: each.is_over, waited_for))
        if any(found.process.stopped for found in evidence(one.plan, closed, now)):
            return DECIDED
    return FULL if one.is_closed and is_full(held, now) else ""


def is_full(held: Sequence[Assignment], now: datetime) -> bool:
    """Tell whether every window was closed, but for those of people whom a clock dated far ahead.

    Where one was closed that ends later than now, the clock has gone back: then nobody can be told to be ahead of it.
    """
    latest = max((each.window_ends_at for each in held if each.is_over), default=None)
    is_right = latest is not None and latest <= now
    return all(each.is_over or (is_right and is_ahead(each, now)) for each in held)
