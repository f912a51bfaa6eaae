"""Where bad answers come from, what customers contact again about, and what they write about."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, Tables, hookimpl

from .analysis import Causes
from .repeats import Repeats
from .tables import TABLES
from .themes_analysis import Themes

__all__ = ["about", "feedbackhub_analyses", "feedbackhub_tables"]

about = About(
    title="Causes", description="Where bad answers and repeated contacts come from, and what customers write about."
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the table of themes."""
    return TABLES


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analyses."""
    return [Causes(hub), Repeats(hub), Themes(hub)]
