"""Where bad answers come from, what customers contact again about, and what they write about."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, Page, Route, Tables, hookimpl

from .analysis import Causes
from .pages import pages_of
from .repeats import Repeats
from .routes import routes_of
from .tables import TABLES
from .themes_analysis import Themes

__all__ = ["about", "feedbackhub_analyses", "feedbackhub_pages", "feedbackhub_routes", "feedbackhub_tables"]

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


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages on which staff change the themes."""
    return pages_of(hub)


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(hub)
