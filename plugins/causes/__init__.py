"""Where bad answers come from, what customers contact again about, and what they write about."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, hookimpl

from .analysis import Causes

__all__ = ["about", "feedbackhub_analyses"]

about = About(
    title="Causes", description="Where bad answers and repeated contacts come from, and what customers write about."
)


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analyses."""
    return [Causes(hub)]
