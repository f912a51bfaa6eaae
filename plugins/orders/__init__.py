"""The customer's recent orders beside the card, looked up in the company's own system while the agent reads."""

from __future__ import annotations

from feedbackhub import About, DeskSection, Hub, hookimpl

from .lookup import Lookup
from .section import Orders
from .settings import Settings

__all__ = ["Orders", "Settings", "about", "feedbackhub_desk_sections"]

about = About(title="Orders", description="A customer's recent orders on the card, from your own system by HTTP.")


@hookimpl
def feedbackhub_desk_sections(hub: Hub) -> list[DeskSection]:
    """Bring the section `orders`."""
    settings = hub.settings(Settings)
    return [Orders(settings, Lookup(settings, hub.http, hub.clock.now))]
