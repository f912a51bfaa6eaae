"""Who did not answer, and what the numbers would be if everybody had."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Silence

__all__ = ["about", "feedbackhub_analyses"]

about = About(title="Silence", description="Who did not answer, and what the numbers would be if everybody had.")


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analysis."""
    return [Silence(hub)]
