"""What the next agent sees on the card: the case, what was promised and given, and how the customer answered again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedbackhub import Data, DeskSection, Hub, NotFound, Piece, Seat, Slot
from feedbackhub.reporting import N_, Words

from .book import Cases
from .case import UNFINISHED, Case
from .offers import Offers
from .offers_shown import again_of, cap_words, shown_offer, trial_words

__all__ = ["Recovery", "offer_slots"]

#: So many cases stand on the card; the others are a click away.
MOST = 3
STATE_WORDS = {
    "open": N_("Open"), "acknowledged": N_("Being worked on"), "waiting": N_("Waiting"), "closed": N_("Closed"),
}  # fmt: skip
COLORS = {"open": "bad", "acknowledged": "warn", "waiting": "info", "closed": "good"}
#: What a customer was told in words of our own, and may hold us to.
PROMISES = ("follow_up", "call")


class Recovery(DeskSection):
    """The cases of a customer, newest first.

    Args:
        hub: The plugin's hub.
    """

    name = "recovery"
    title = N_("Recoveries")
    data = Data()

    def __init__(self, hub: Hub) -> None:
        self._hub, self._cases, self._offers = hub, Cases(hub), Offers(hub)

    def show(self, seat: Seat) -> Piece | None:
        """Return the cases; nothing for a customer without any."""
        if seat.customer is None:
            return None
        found = self._cases.of_person(seat.customer.public_id)
        return self._piece(found, seat, cap_words(Words(self._hub, seat.language), self._hub, seat.customer.public_id))

    def of_answer(self, seat: Seat) -> Piece | None:
        """Return the case of an answer, also of the second one; nothing where it has none."""
        found = self._cases.find(seat.response)
        if found is None and seat.response:
            try:
                after = self._hub.read.response(seat.response).after_response
            except NotFound:
                after = ""
            found = self._cases.find(after) if after else None
        return self._piece([found] if found else [], seat)

    def of_contact(self, seat: Seat) -> Piece | None:
        """Return the cases of a contact."""
        who = seat.customer.public_id if seat.customer else ""
        return self._piece([each for each in self._cases.of_person(who) if each.contact == seat.contact], seat)

    def _piece(self, cases: Sequence[Case], seat: Seat, cap: str = "") -> Piece | None:
        if not cases:
            return None
        t = Words(self._hub, seat.language)
        # Those that are worked on first, the newest of each kind before the older ones.
        ordered = sorted(cases, key=lambda each: (each.state in UNFINISHED, each.opened_at), reverse=True)
        shown = [self._shown(t, each) for each in ordered[:MOST]]
        return Piece("desk_section.html", {"cases": shown, "more": len(cases) - len(shown), "cap": cap})

    def _shown(self, t: Words, case: Case) -> dict[str, Any]:
        now = self._hub.clock.now()
        letters = [shown_offer(t, each) for each in self._offers.of_cases([case.id])]
        sent = [each for each in letters if each["offer"].state == "sent"]
        return {
            "id": case.id, "state": t(STATE_WORDS[case.state]), "color": COLORS[case.state], "owner": case.owner,
            "due": None if case.is_closed else case.due_at, "is_overdue": case.is_overdue(now),
            "opened_at": case.opened_at, "trial": trial_words(t, case, now), "again": again_of(t, self._hub, case),
            "given": [each for each in sent if each["offer"].kind not in PROMISES],
            "promised": [each for each in sent if each["offer"].kind in PROMISES],
            "failed": [each for each in letters if each["offer"].state in ("failed", "dropped")],
        }  # fmt: skip


def offer_slots(hub: Hub) -> list[Slot]:
    """Return the fillings of the core's pages; that of a customer is the card, which has the section."""
    here, title = Recovery(hub), N_("Recovery")
    return [
        Slot("answer", title, "agent", here.of_answer),
        Slot("contact", title, "agent", here.of_contact),
    ]
