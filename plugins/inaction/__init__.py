"""What unsolved problems may cost: the market-damage model, each of whose inputs is measured or a named assumption."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, Page, Route, Tables, hookimpl
from feedbackhub.reporting import N_
from feedbackhub.reporting.assumptions import assumption_pages

from .analysis import Inaction
from .assumptions import assumptions_of
from .routes import routes_of
from .tables import TABLES

__all__ = [
    "about",
    "feedbackhub_analyses",
    "feedbackhub_pages",
    "feedbackhub_routes",
    "feedbackhub_tables",
]

about = About(
    title="Cost of inaction",
    description="What unsolved problems may cost, as a model whose every assumption can be changed.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the table of assumptions."""
    return TABLES


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the analysis."""
    return [Inaction(hub, assumptions_of(hub))]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the page that assumptions are kept on, for managers."""
    return assumption_pages(hub, assumptions_of(hub), N_("Assumptions on costs"), report="inaction")


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(assumptions_of(hub))
