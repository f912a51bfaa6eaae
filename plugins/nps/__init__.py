"""The net promoter score with honest intervals: how likely customers are to recommend the company."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Nps

__all__ = ["about", "feedbackhub_analyses"]

about = About(title="NPS", description="Net promoter score with intervals, trend and comparison of groups.")


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analysis."""
    return [Nps(hub)]
