"""A warning on the first page of the staff area when an endpoint is in trouble."""

from __future__ import annotations

from feedbackhub import N_, Piece, Seat, Slot

from .service import Service

__all__ = ["slots_of"]


def slots_of(service: Service) -> list[Slot]:
    """Return the filling."""

    def show(_: Seat) -> Piece | None:
        troubled = [each for each in service.book.all() if each.reason in ("gone", "failing") or each.failures >= 3]
        return Piece("trouble.html", {"endpoints": troubled}) if troubled else None

    return [Slot("home", N_("Webhooks in trouble"), "admin", show)]
