"""Satisfaction, effort, courtesy, empathy and solution with honest intervals: how customers were served."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Satisfaction

__all__ = ["about", "feedbackhub_analyses"]

about = About(
    title="Satisfaction",
    description="Satisfaction, effort, courtesy, empathy and solution with intervals, trend and comparison of groups.",
)


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analysis."""
    return [Satisfaction(hub)]
