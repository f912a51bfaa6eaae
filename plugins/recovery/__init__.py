"""A bad answer opens a case, is made good, and the customer is asked again."""

from __future__ import annotations

from feedbackhub import About, Hub, Tables, hookimpl

from .tables import TABLES

__all__ = ["about", "feedbackhub_tables"]

about = About(
    title="Recoveries",
    description="A bad answer opens a case, is made good, and the customer is asked again.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of cases and their history, of offers, and of what money was measured."""
    return TABLES
