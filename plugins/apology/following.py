"""The subscriber: one consumer for all, so that an assignment is known before what happened to it is read."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Effects, Event, Fact, Hub, Subscriber

from .assigning import OPENED, Assigning
from .book import Experiments
from .ledger import Ledger
from .outcomes import ANSWERS, GESTURES, SENT, Outcomes
from .records import DRAFT

__all__ = ["Following"]


class Following(Subscriber):
    """Assigns the customers of new cases, and follows those who were assigned.

    Args:
        hub: The plugin's hub.
    """

    name = "trial"
    types = (OPENED, SENT, *ANSWERS, *GESTURES)

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
            elif event.type == SENT:
                outcomes.sent(event)
            elif event.type in GESTURES:
                outcomes.given(event)
            else:
                outcomes.answered(event)
        return Effects(ledger.statements(), (), told)
