"""What letters and asking again bring to the plugin, put together in one place."""

from __future__ import annotations

from datetime import timedelta

from feedbackhub import DeskSection, Hub, Page, Route, Subscriber, Task

from .asking_again import ASK_AGAIN, AskingAgain
from .desk_section import Recovery
from .leaving import Leaving
from .letters import LEAVE, UNRECORD, Letters
from .making_good import MakingGood
from .offer_events import BY_RULE, BY_TRIAL, RECORD, OfferEvents
from .offer_pages import offer_pages
from .offer_routes import offer_routes
from .settings import Settings
from .text_pages import text_pages
from .text_routes import text_routes

__all__ = ["good_pages", "good_routes", "offer_sections", "offer_subscribers", "offer_tasks"]


def letters_of(hub: Hub) -> Letters:
    """Return the letters of an instance."""
    return Letters(hub, hub.settings(Settings).offers)


def offer_subscribers(hub: Hub) -> list[Subscriber]:
    """Return what follows events."""
    return [OfferEvents(hub, hub.settings(Settings), letters_of(hub))]


def offer_tasks(hub: Hub) -> list[Task]:
    """Return what lets letters leave, makes those of rules and trials, and asks again."""
    letters = letters_of(hub)
    leaving, making = Leaving(letters), MakingGood(letters)
    asking, limit = AskingAgain(hub, hub.settings(Settings).reask), timedelta(minutes=1)
    return [
        Task(LEAVE, leaving.leave, limit=limit),
        Task(RECORD, leaving.record, limit=limit),
        Task(UNRECORD, leaving.unrecord, limit=limit),
        Task(BY_RULE, making.by_rule, limit=limit),
        Task(BY_TRIAL, making.by_trial, limit=limit),
        Task(ASK_AGAIN, asking.run, limit=limit),
    ]


def offer_sections(hub: Hub) -> list[DeskSection]:
    """Return the piece of the card."""
    return [Recovery(hub)]


def good_pages(hub: Hub) -> list[Page]:
    """Return the pages of letters and of the texts that they are made of."""
    return [*text_pages(hub), *offer_pages(hub)]


def good_routes(hub: Hub) -> list[Route]:
    """Return the operations of the API on letters, texts and asking again."""
    return [*text_routes(hub), *offer_routes(hub)]
