"""A bad answer opens a case, is made good, and the customer is asked again."""

from __future__ import annotations

from feedbackhub import (
    About,
    Analysis,
    DeskSection,
    Hub,
    Page,
    Plugin,
    Route,
    Slot,
    Subscriber,
    Tables,
    Task,
    hookimpl,
)
from feedbackhub.reporting import N_
from feedbackhub.reporting.assumptions import assumption_pages

from .case_events import CaseEvents
from .case_pages import case_pages, case_slots
from .case_routes import case_routes
from .desk_section import offer_slots
from .erasing import Keeper
from .money_assumptions import assumptions_of
from .money_routes import money_routes
from .offer_hooks import good_pages, good_routes, offer_sections, offer_subscribers, offer_tasks
from .recoveries_analysis import Recoveries
from .settings import Settings
from .tables import TABLES
from .watching import EVERY, Watch

__all__ = [
    "Settings",
    "about",
    "feedbackhub_analyses",
    "feedbackhub_desk_sections",
    "feedbackhub_pages",
    "feedbackhub_plugin",
    "feedbackhub_routes",
    "feedbackhub_slots",
    "feedbackhub_subscribers",
    "feedbackhub_tables",
    "feedbackhub_tasks",
]

about = About(
    title="Recoveries",
    description="A bad answer opens a case, is made good, and the customer is asked again.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of cases and their history, of offers, and of what money was measured."""
    return TABLES


@hookimpl
def feedbackhub_plugin(hub: Hub) -> Plugin:
    """Bring what is said about personal data."""
    return Keeper(hub)


@hookimpl
def feedbackhub_subscribers(hub: Hub) -> list[Subscriber]:
    """Bring what opens cases and follows their answers."""
    return [CaseEvents(hub, hub.settings(Settings)), *offer_subscribers(hub)]


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring what looks at cases whose time has come."""
    return [Task("watch", Watch(hub, hub.settings(Settings)).run, every=EVERY), *offer_tasks(hub)]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages of the staff area."""
    assumed = assumption_pages(hub, assumptions_of(hub), N_("Assumptions on recoveries"), report="recoveries")
    return [*case_pages(hub, hub.settings(Settings)), *good_pages(hub), *assumed]


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the operations of the API."""
    return [*case_routes(hub, hub.settings(Settings)), *good_routes(hub), *money_routes(hub)]


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring the report on recoveries."""
    return [Recoveries(hub, assumptions_of(hub))]


@hookimpl
def feedbackhub_desk_sections(hub: Hub) -> list[DeskSection]:
    """Bring the cases on the card."""
    return offer_sections(hub)


@hookimpl
def feedbackhub_slots(hub: Hub) -> list[Slot]:
    """Bring the cases on the pages of answers, contacts and customers."""
    return [*offer_slots(hub), *case_slots(hub, hub.settings(Settings))]
