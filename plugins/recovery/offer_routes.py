"""The operations of the API on letters and on asking again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from feedbackhub import Conflict, Hub, Route, RouteRequest

from .asking_again import AskingAgain
from .book import Cases
from .letters import CAP, Letters
from .making_good import trial_of
from .offer_models import AskAgainIn, AskAgainOut, LetterChange, LetterDeed, LetterIn, LetterList, LetterOut
from .offers import MEANWHILE, Offer
from .settings import Settings

__all__ = ["offer_routes"]


def offer_routes(hub: Hub) -> list[Route]:
    """Return the operations."""
    here = Operations(hub)
    of_case, one, again = "cases/<id>/letters", "letters/<id>", "cases/<id>/ask-again"
    return [
        Route("GET", of_case, "List the letters of a case.", "read", here.every, LetterList),
        Route("POST", of_case, "Draft a letter; nothing is sent.", "write", here.draft, LetterOut, LetterIn,
              status=201),
        Route("GET", one, "Show a letter.", "read", here.one, LetterOut),
        Route("PATCH", one, "Change a draft.", "write", here.change, LetterOut, LetterChange),
        Route("POST", f"{one}/approve", "Let a letter leave.", "write", here.approve, LetterOut, LetterDeed),
        Route("POST", f"{one}/take-back", "Take an approved letter back.", "write", here.take_back, LetterOut,
              LetterDeed),
        Route("POST", f"{one}/discard", "Throw a letter away.", "write", here.discard, LetterOut, LetterDeed),
        Route("POST", f"{one}/not-received", "Say that a letter never arrived.", "write", here.not_received, LetterOut,
              LetterDeed),
        Route("GET", again, "Show how asking again stands.", "read", here.again, AskAgainOut),
        Route("POST", again, "Ask the customer again.", "write", here.ask, AskAgainOut, AskAgainIn),
        Route("POST", f"{again}/call-off", "Do not ask the customer again.", "write", here.call_off, AskAgainOut),
    ]  # fmt: skip


class Operations:
    """What each operation does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        settings = hub.settings(Settings)
        self._hub, self._cases = hub, Cases(hub)
        self._letters, self._asking = Letters(hub, settings.offers), AskingAgain(hub, settings.reask)

    def every(self, request: RouteRequest) -> LetterList:
        """List the letters of a case."""
        case = self._cases.get(request.path["id"])
        return LetterList(letters=[self._out(each) for each in self._letters.offers.of_cases([case.id])])

    def one(self, request: RouteRequest) -> LetterOut:
        """Show a letter."""
        return self._out(self._letters.offers.get(request.path["id"]))

    def draft(self, request: RouteRequest) -> LetterOut:
        """Draft a letter."""
        body: LetterIn = request.body
        case, wish = self._cases.get(request.path["id"]), body.wish()
        return self._out(self._letters.draft(case, wish, request.actor, trial=trial_of(case, wish)))

    def change(self, request: RouteRequest) -> LetterOut:
        """Change a draft."""
        body: LetterChange = request.body
        offer = self._seen(request, body.version)
        if not offer.is_editable:
            raise Conflict("this letter has ended or is on its way")
        given = body.model_dump(exclude={"version"}, exclude_none=True)
        return self._out(self._letters.edit(offer, request.actor, **given))

    def approve(self, request: RouteRequest) -> LetterOut:
        """Let a letter leave."""
        body: LetterDeed = request.body
        offer = self._seen(request, body.version)
        if not offer.is_editable:
            raise Conflict("this letter has ended or is on its way")
        return self._out(self._letters.approve(offer, request.actor, despite=body.despite))

    def take_back(self, request: RouteRequest) -> LetterOut:
        """Take an approved letter back."""
        return self._do(request, self._letters.take_back)

    def discard(self, request: RouteRequest) -> LetterOut:
        """Throw a letter away."""
        return self._do(request, self._letters.discard)

    def not_received(self, request: RouteRequest) -> LetterOut:
        """Say that a letter never arrived."""
        return self._do(request, self._letters.did_not_arrive)

    def again(self, request: RouteRequest) -> AskAgainOut:
        """Show how asking again stands."""
        return AskAgainOut.of(self._cases.get(request.path["id"]))

    def ask(self, request: RouteRequest) -> AskAgainOut:
        """Ask the customer again."""
        body: AskAgainIn = request.body
        at = body.at.astimezone(UTC) if body.at is not None else self._hub.clock.now()
        self._asking.plan(self._cases.get(request.path["id"]), at, request.actor)
        return self.again(request)

    def call_off(self, request: RouteRequest) -> AskAgainOut:
        """Do not ask the customer again."""
        self._asking.call_off(self._cases.get(request.path["id"]), request.actor)
        return self.again(request)

    def _do(self, request: RouteRequest, deed: Callable[[Offer, str], Offer]) -> LetterOut:
        body: LetterDeed = request.body
        return self._out(deed(self._seen(request, body.version), request.actor))

    def _seen(self, request: RouteRequest, version: int | None) -> Offer:
        offer = self._letters.offers.get(request.path["id"])
        if version is not None and version != offer.version:
            raise Conflict(MEANWHILE)
        return offer

    def _out(self, offer: Offer) -> LetterOut:
        cap = self._letters.cap(offer) if offer.is_editable else None
        return LetterOut.of(offer, CAP.format(n=cap.n + 1, days=cap.days) if cap else "")
