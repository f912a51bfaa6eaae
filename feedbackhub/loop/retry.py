"""How long to wait before trying again."""

from __future__ import annotations

import random
from datetime import timedelta

from .core import Core

#: The waits in units of the first one.
_STEPS = (1, 2, 4, 10, 20, 60, 120, 120, 240)


def backoff(core: Core, attempt: int) -> timedelta:
    """Return a span that grows with the attempts, with up to 20 % of jitter so that retries spread.

    Args:
        core: The instance; `engine.retry_seconds` is the first wait.
        attempt: How many attempts were made, from 1.
    """
    step = core.settings.engine.retry_seconds * _STEPS[min(attempt, len(_STEPS)) - 1]
    return timedelta(seconds=step * random.uniform(1.0, 1.2))
