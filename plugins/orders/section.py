"""The section of the card."""

from __future__ import annotations

from feedbackhub import N_, Data, DeskSection, Piece, Seat

from .lookup import Lookup, names_sent
from .settings import Settings

__all__ = ["Orders"]


class Orders(DeskSection):
    """Shows the customer's recent orders, or says plainly why it cannot."""

    name = "orders"
    title = N_("Recent orders")

    def __init__(self, settings: Settings, lookup: Lookup) -> None:
        self.settings, self.lookup = settings, lookup
        self.data = Data(sends=tuple(names_sent(settings)))  # type: ignore[misc]  # depends on the settings

    def show(self, seat: Seat) -> Piece | None:
        """Return the orders; nothing for a customer whom the other system cannot know."""
        found = self.lookup.orders_of(seat.customer) if seat.customer else None
        if found is None:
            return None
        return Piece("orders.html", {"orders": found.orders, "trouble": found.trouble, "detail": found.detail})
