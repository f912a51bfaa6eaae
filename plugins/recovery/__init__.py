"""A bad answer opens a case, is made good, and the customer is asked again."""

from __future__ import annotations

from feedbackhub import About, Hub, Page, Route, Tables, hookimpl

from .money_book import Assumed
from .money_pages import money_pages_of
from .money_routes import money_routes_of
from .tables import TABLES

__all__ = ["about", "feedbackhub_pages", "feedbackhub_routes", "feedbackhub_tables"]

about = About(
    title="Recoveries",
    description="A bad answer opens a case, is made good, and the customer is asked again.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of cases and their history, of offers, and of what money was measured."""
    return TABLES


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages of the staff area."""
    return [*money_pages_of(hub, Assumed(hub))]


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the operations of the API."""
    return [*money_routes_of(Assumed(hub))]
