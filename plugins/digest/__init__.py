"""A mail for each department with what changed, the worst causes and what customers said."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub import About, Hub, Page, Plugin, Route, Tables, Task, hookimpl

from .erasing import Keeper
from .making import MAKE, RETRIES
from .pages import pages_of
from .readers import Recipients
from .routes import routes_of
from .service import Service
from .settings import Settings
from .tables import TABLES

__all__ = [
    "Settings",
    "about",
    "feedbackhub_pages",
    "feedbackhub_plugin",
    "feedbackhub_routes",
    "feedbackhub_tables",
    "feedbackhub_tasks",
]

about = About(
    title="Digest",
    description="A mail for each department with what changed, the worst causes and what customers said.",
)
#: How often it is looked whether a digest is due: whole hours of every time zone begin at a quarter of an hour.
LOOKS = timedelta(minutes=15)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of digests, their recipients and their editions."""
    return TABLES


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring what notices that a digest is due, what makes and sends it, and what keeps the tables short."""
    maker = Service(hub, hub.settings(Settings)).maker
    return [
        Task("plan", maker.plan, every=LOOKS),
        Task(MAKE, maker.make, limit=timedelta(minutes=15), retries=RETRIES),
        Task("clear", maker.clear, every=timedelta(days=1), at=timedelta(hours=3)),
    ]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages that digests are kept on, for managers, and the one on which readers end them."""
    return pages_of(Service(hub, hub.settings(Settings)))


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(Service(hub, hub.settings(Settings)))


@hookimpl
def feedbackhub_plugin(hub: Hub) -> Plugin:
    """Bring what is said about personal data."""
    return Keeper(Recipients(hub))
