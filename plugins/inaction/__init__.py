"""What unsolved problems may cost: the market-damage model, each of whose inputs is measured or a named assumption."""

from __future__ import annotations

from feedbackhub import About, Analysis, Hub, Page, Route, Tables, hookimpl

from .analysis import Inaction
from .book import Book
from .pages import pages_of
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
    return [Inaction(hub, Book(hub))]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the page that assumptions are kept on, for managers."""
    return pages_of(hub, Book(hub))


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(Book(hub))
