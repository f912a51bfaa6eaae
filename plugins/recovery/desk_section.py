"""What the next agent sees on the card: the case, what was promised and given, and how the customer answered again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from feedbackhub import Data, DeskSection, Hub, Piece, Seat, Slot
from feedbackhub.reporting import N_, Words

from .book import Cases
from .case import UNFINISHED, Case
from .case_words import STATE_WORDS
from .offers import Offer, Offers
from .offers_shown import again_of, cap_words, shown_offer, trial_words
from .second_answers import response_of

__all__ = ["Recovery", "offer_slots"]

#: So many cases stand on the card; the others are a click away.
MOST = 3
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
        customer = seat.customer.public_id
        found = self._cases.of_person(customer)
        cap = cap_words(Words(self._hub, seat.language), self._hub, customer) if found else ""
        return self._piece(found, seat, cap)

    def of_answer(self, seat: Seat) -> Piece | None:
        """Return the case of an answer, also of the second one; nothing where it has none."""
        found = self._cases.find(seat.response)
        if found is None and seat.response:
            again = response_of(self._hub, seat.response)
            found = self._cases.find(again.after_response) if again and again.after_response else None
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
        letters = self._offers.of_cases([each.id for each in ordered[:MOST]])
        shown = [self._shown(t, each, [offer for offer in letters if offer.case == each.id]) for each in ordered[:MOST]]
        return Piece("desk_section.html", {"cases": shown, "more": len(cases) - len(shown), "cap": cap})

    def _shown(self, t: Words, case: Case, offers: Sequence[Offer]) -> dict[str, Any]:
        now, (state, color) = self._hub.clock.now(), STATE_WORDS[case.state]
        letters = [shown_offer(t, each) for each in offers]
        sent = [each for each in letters if each["offer"].state == "sent"]
        return {
            "id": case.id, "state": t(state), "color": color, "owner": case.owner,
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
