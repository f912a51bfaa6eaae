"""Whether an apology or money wins customers back, measured as in a trial."""

from __future__ import annotations

from feedbackhub import About, Analysis, DeskSection, Hub, Page, Route, Slot, Subscriber, Tables, Task, hookimpl

from .effect import Apology
from .following import Following
from .gestures import Gestures
from .looking import Looking
from .notices import sections_of, slots_of
from .pages import pages_of
from .planning_page import planner_pages_of
from .routes import routes_of
from .settings import Settings
from .tables import TABLES

__all__ = [
    "Settings",
    "about",
    "feedbackhub_analyses",
    "feedbackhub_pages",
    "feedbackhub_routes",
    "feedbackhub_slots",
    "feedbackhub_subscribers",
    "feedbackhub_tables",
    "feedbackhub_tasks",
]

about = About(
    title="Apology effect",
    description="Whether an apology or money wins customers back, measured as in a trial.",
    requires=("recovery",),
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of experiments and assignments."""
    return TABLES


@hookimpl
def feedbackhub_subscribers(hub: Hub) -> list[Subscriber]:
    """Bring what assigns customers and follows them."""
    return [Following(hub)]


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring the look from time to time that ends experiments as their plans say."""
    return Looking(hub).tasks()


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the reports on experiments, and on what agents chose."""
    return [Apology(hub), Gestures(hub)]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages of experiments and their planner, for managers; a wrong setting is found here."""
    hub.settings(Settings)
    return [*pages_of(hub), *planner_pages_of(hub)]


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(hub)


@hookimpl
def feedbackhub_desk_sections(hub: Hub) -> list[DeskSection]:
    """Bring what the card says of an experiment that holds its customer."""
    return sections_of(hub)


@hookimpl
def feedbackhub_slots(hub: Hub) -> list[Slot]:
    """Bring what the core's pages say of experiments."""
    return slots_of(hub)
