"""What the form offers: reports, languages, days and hours, and the values that reports can be kept to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from feedbackhub import N_, Hub

from .wanted import DIMENSIONS, LANGUAGES

__all__ = ["choices"]

#: Values that were seen longer ago than that are not offered.
LOOK_BACK = timedelta(days=92)
MOST_OFFERED = 200
EVERY = {"daily": N_("every day"), "weekly": N_("every week"), "monthly": N_("on the first day of every month")}
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
DAYS = {
    0: N_("those since the last mail"), 7: N_("the last 7 days"), 30: N_("the last 30 days"),
    90: N_("the last 90 days"),
}  # fmt: skip


def choices(hub: Hub, language: str, kept: Sequence[str] = (), *, values: bool = True) -> dict[str, Any]:
    """Return what can be chosen, by name, each as pairs of what is kept and what is shown.

    Args:
        hub: The plugin's hub.
        language: The reader's.
        kept: Reports that a digest has already, which may be gone meanwhile.
        values: Whether values of dimensions are wanted too.
    """

    def said(text: str) -> str:
        return hub.translate(text, language)

    titles = hub.analyses(language)
    return {
        "reports": [*titles.items(), *((name, name) for name in kept if name not in titles)],
        "languages": list(LANGUAGES.items()),
        "every": [(name, said(text)) for name, text in EVERY.items()],
        "weekdays": [(str(number), said(text)) for number, text in enumerate(WEEKDAYS)],
        "hours": [(str(hour), f"{hour:02}:00") for hour in range(24)],
        "spans": [(str(days), said(text)) for days, text in DAYS.items()],
        "dimensions": {name: said(text) for name, text in DIMENSIONS.items()},
        "surveys": [(each.name, each.title) for each in hub.read.surveys()] if values else [],
        "offered": {name: _values(hub, name) for name in DIMENSIONS} if values else {},
    }


def _values(hub: Hub, dimension: str) -> list[str]:
    """Return the values of a dimension that contacts had of late."""
    today = hub.clock.now().date()
    found = hub.read.tallies(today - LOOK_BACK, today, question="", dimension=dimension, step="month")
    return sorted({each.value for each in found if each.value})[:MOST_OFFERED]
