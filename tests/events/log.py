"""Events that a test makes up, and who has read them."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from feedbackhub.loop.core import Core
from feedbackhub.loop.lag import Lag, subscribers_lag
from feedbackhub.loop.tell import number_events, publish
from tests.app_fixtures import START


def told(core: Core, *types: str, at: datetime = START) -> None:
    """Append events, each durable before the next, and number them."""
    for type_ in types:
        core.store.write(partial(publish, type_=type_, at=at, payload={}))
    number_events(core.store)


def lag_of(core: Core, name: str) -> Lag:
    """Return how far a subscriber is behind."""
    [found] = [each for each in subscribers_lag(core) if each.name == name]
    return found
