"""Whether teams and agents differ more than chance: no ranks, no counts of calls, no times, nothing from a few."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Fairness
from .settings import Settings

__all__ = ["Settings", "about", "feedbackhub_analyses"]

about = About(
    title="Fairness",
    description="Teams, and agents where that is switched on, with their uncertainty: no ranks, no differences that "
    "are chance.",
)


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analysis."""
    return [Fairness(hub, hub.settings(Settings))]
