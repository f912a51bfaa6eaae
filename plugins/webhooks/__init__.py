"""Tell other systems what happens: events as signed webhooks, answers as private notes in the helpdesk's tickets."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub import About, Call, Hub, Page, Plugin, Route, Slot, Subscriber, Tables, Task, hookimpl

from .erasing import Forgetful
from .log import PUSH
from .pages import pages_of
from .planning import Planner
from .pushing import PATIENCE, Push
from .replaying import REPLAY, RESUME
from .routes import routes_of
from .service import Service
from .settings import Settings
from .slots import slots_of
from .tables import TABLES

__all__ = [
    "Settings",
    "about",
    "feedbackhub_pages",
    "feedbackhub_plugin",
    "feedbackhub_routes",
    "feedbackhub_slots",
    "feedbackhub_subscribers",
    "feedbackhub_tables",
    "feedbackhub_tasks",
]

about = About(
    title="Webhooks",
    description="Sends events as signed webhooks, and answers as private notes to the helpdesk's tickets.",
)


@hookimpl
def feedbackhub_tables(hub: Hub) -> Tables:
    """Bring the tables of endpoints and deliveries."""
    return TABLES


@hookimpl
def feedbackhub_subscribers(hub: Hub) -> list[Subscriber]:
    """Bring what plans deliveries."""
    service = Service(hub, hub.settings(Settings))
    return [Planner(hub, service.book, service.log)]


@hookimpl
def feedbackhub_tasks(hub: Hub) -> list[Task]:
    """Bring what sends, what replays, and what keeps the log short."""
    service = Service(hub, hub.settings(Settings))
    push = Push(hub, service.book, service.log, service.calls)

    def prune(_: Call) -> None:
        service.log.prune(hub.clock.now() - timedelta(days=service.settings.log_days))

    return [
        Task(PUSH, push.run, limit=timedelta(minutes=3), retries=PATIENCE),
        Task(REPLAY, service.replays.run),
        Task(RESUME, service.replays.run_resume),
        Task("prune", prune, every=timedelta(days=1), at=timedelta(hours=3)),
    ]


@hookimpl
def feedbackhub_pages(hub: Hub) -> list[Page]:
    """Bring the pages that endpoints are kept on, for administrators."""
    return pages_of(Service(hub, hub.settings(Settings)))


@hookimpl
def feedbackhub_routes(hub: Hub) -> list[Route]:
    """Bring the same as operations of the API."""
    return routes_of(Service(hub, hub.settings(Settings)))


@hookimpl
def feedbackhub_slots(hub: Hub) -> list[Slot]:
    """Bring a warning on the first page when an endpoint is in trouble."""
    return slots_of(Service(hub, hub.settings(Settings)))


@hookimpl
def feedbackhub_plugin(hub: Hub) -> Plugin:
    """Bring what is said about personal data: it is sent when asked for, and never kept."""
    return Forgetful()
