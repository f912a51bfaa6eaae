"""How long to wait before trying again."""

from __future__ import annotations

import random
from datetime import timedelta

_STEPS = (30, 60, 120, 300, 600, 1800, 3600, 3600, 7200)


def backoff(attempt: int) -> timedelta:
    """Return a span that grows with the attempts, with up to 20 % of jitter so that retries spread.

    Args:
        attempt: How many attempts were made, from 1.
    """
    step = _STEPS[min(attempt, len(_STEPS)) - 1]
    return timedelta(seconds=step * random.uniform(1.0, 1.2))
