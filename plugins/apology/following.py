"""The subscriber: one consumer for all, so that an assignment is known before what happened to it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedbackhub import Effects, Event, Fact, Hub, Subscriber

from .assigning import ASSIGNED, OPENED, Assigning
from .book import Experiments, ended
from .ledger import Ledger
from .looking import LOOKED
from .outcomes import ANSWERS, GESTURES, SENT, Outcomes
from .records import DRAFT, RUNNING, Experiment

__all__ = ["Following"]


class Following(Subscriber):
    """Assigns the customers of new cases, and follows those who were assigned.

    Args:
        hub: The plugin's hub.
    """

    name = "trial"
    types = (OPENED, ASSIGNED, LOOKED, SENT, *ANSWERS, *GESTURES)

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Experiments(hub)

    def handle(self, events: Sequence[Event]) -> Effects:
        """Return what has to be written, and who was assigned; events that come again change nothing."""
        started = {each.id: each for each in self._book.every() if each.state != DRAFT}
        if not started:
            return Effects()
        ledger, told = Ledger(self._hub), list[Fact]()
        assigning = Assigning(self._hub, ledger, self._book.running())
        outcomes = Outcomes(self._hub, ledger, started)
        for event in events:
            if event.type == OPENED:
                told += assigning.opened(event)
            elif event.type == ASSIGNED:
                told += ended_already(event, started)
            elif event.type == LOOKED:
                ledger.close_windows(event.at)
            elif event.type == SENT:
                outcomes.sent(event)
            elif event.type in GESTURES:
                outcomes.given(event)
            else:
                outcomes.answered(event)
        return Effects(ledger.statements(), (), told)


def ended_already(event: Event, started: Mapping[str, Experiment]) -> list[Fact]:
    """Return the end of an experiment once more for a case that was assigned in the very moment of it.

    Who holds something back for the experiment may have read of the end before, and would wait for it for good.
    """
    one = started.get(str(event.payload.get("experiment", "")))
    return [ended(one.id, one.state)] if one is not None and one.state != RUNNING else []
