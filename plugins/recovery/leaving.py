"""The tasks by which approved letters leave, and by which what they gave is recorded once they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from feedbackhub import Call, Conflict, Gesture, Letter, NotFound, PermanentFailure, Refused

from .case import ENGINE, Case
from .holding_back import is_held_back
from .letters import Letters, key_of
from .moves import moves_of
from .offers import Offer
from .settings import Settings
from .working_again import work_again

__all__ = ["Leaving"]

#: As the contract spells them.
MANNERS: Mapping[str, Literal["plain", "explanation", "promise"]] = {
    "plain": "plain", "explanation": "explanation", "promise": "promise",
}  # fmt: skip
RTL = ("ar", "fa", "he", "ur")


class Leaving:
    """Lets letters leave.

    Args:
        letters: The letters.
    """

    def __init__(self, letters: Letters) -> None:
        self._letters, self._hub = letters, letters.hub

    def leave(self, call: Call) -> None:
        """Hand an approved letter to its channel, unless it was taken back or must not go any more.

        What was handed over is noted before: run again after a machine died in between, it hands the same letter over,
        which the core sends only once.
        """
        offer = self._letters.offers.find(str(call.payload.get("offer", "")))
        if offer is None or offer.state != "approved":
            return
        if offer.handed_at is None:
            if offer.version != call.payload.get("version"):
                return
            try:
                case = self._letters.cases.get(offer.case)
            except NotFound:
                return
            if not self._may_leave(offer, case):
                return
            try:
                offer = self._letters.offers.change(offer, {"handed_at": self._hub.clock.now()})
            except Conflict:  # taken back at this very moment
                return
        self._hand(offer, key_of(offer, int(call.payload["version"])))

    def _may_leave(self, offer: Offer, case: Case) -> bool:
        now = self._hub.clock.now()
        reason = ""
        if is_held_back(case, now, trial=offer.trial, owed=offer.owed, kind=offer.kind):
            reason = "trial"
        elif offer.automatic and not offer.approved_by and self._letters.cap(offer) is not None:
            reason = "cap"
        if reason:
            self._letters.discard(offer, ENGINE, reason)
        return not reason

    def _hand(self, offer: Offer, key: str) -> None:
        try:
            to = self._letters.reached(offer).address
        except Refused:  # it could be when it was approved: they want no messages any more
            self._end(offer, "dropped", "unreachable")
            return
        try:
            self._hub.send(Letter(
                offer.channel, to, offer.subject, offer.words, self._html(offer), offer.language, key=key,
                brand=self._brand(offer), about=offer.id,
            ))  # fmt: skip
        except (Refused, NotFound) as refused:
            self._end(offer, "failed", "not_taken")
            raise PermanentFailure(str(refused)) from None

    def _end(self, offer: Offer, state: str, reason: str) -> None:
        """Note that a letter does not reach the customer: its case is work again."""
        moves = moves_of(self._hub, self._hub.settings(Settings))
        again = work_again(self._letters.cases, moves, self._letters.cases.get(offer.case), reason)
        values = {"state": state, "reason": reason, "leaves_at": None}
        self._letters.offers.change(
            offer, values, f"letter_{state}", ENGINE, also=again.changes, facts=again.facts
        )

    def _html(self, offer: Offer) -> str:
        paragraphs = [each.split("\n") for each in offer.words.split("\n\n")]
        direction = "rtl" if offer.language.partition("-")[0] in RTL else "ltr"
        values = {"paragraphs": paragraphs, "direction": direction, "lang": offer.language}
        return self._hub.render("letter.html", offer.language, **values)

    def _brand(self, offer: Offer) -> str:
        return str(self._letters.cases.get(offer.case).dimensions.get("brand", "") or "default")

    def record(self, call: Call) -> None:
        """Record in the core what a sent letter gave; done twice, it is recorded once."""
        offer = self._letters.offers.find(str(call.payload.get("offer", "")))
        # An attempt that died may have recorded what nobody could take back who then said that it did not arrive.
        if offer is None or (offer.state != "sent" and call.attempt == 1):
            return
        made = [self._hub.record_gesture(each).id for each in self._gestures(offer)]
        try:
            self._letters.offers.change(offer, {"gestures": made}, states=("sent",))
        except Conflict:
            if self._letters.offers.get(offer.id).state == "sent":
                raise  # changed by another run of this: the next attempt finds it as it is
            self._withdraw(made)

    def unrecord(self, call: Call) -> None:
        """Take back what was recorded for a letter that did not arrive; done twice, it is taken back once."""
        self._withdraw([str(each) for each in call.payload.get("gestures", ())])

    def _withdraw(self, gestures: Sequence[str]) -> None:
        for each in gestures:
            try:
                self._hub.withdraw_gesture(each)
            except NotFound:  # taken back before, as by somebody on the card
                continue

    def _gestures(self, offer: Offer) -> list[Gesture]:
        case = self._letters.cases.get(offer.case)
        names = {each.email: each.name for each in self._hub.read.staff()}
        by = names.get(offer.approved_by) or offer.approved_by or ENGINE
        made = []
        if offer.apologises:
            made.append(Gesture(
                "apology", offer.customer, by, case.contact, case.response,
                manner=MANNERS.get(offer.manner, ""), words=offer.words, at=offer.sent_at,
                key=f"offer:{offer.id}:apology",
            ))  # fmt: skip
        if offer.gives:
            made.append(Gesture(
                "compensation", offer.customer, by, case.contact, case.response,
                value=offer.value, cost_cents=offer.cost_cents, currency=offer.currency,
                words="" if offer.apologises else offer.words, at=offer.sent_at,
                key=f"offer:{offer.id}:compensation",
            ))  # fmt: skip
        return made
