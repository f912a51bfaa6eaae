"""What people do with letters: draft, change, approve, take back, throw away; every door comes through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from feedbackhub import Apologies, Conflict, Hub, NotFound, Problem, Reach, Refused, Scheduled
from feedbackhub.reporting import N_

from .book import Cases
from .case import ENGINE, Case
from .drafting import UNREACHABLE, Drafter, Wish, columns_of
from .holding_back import held_until, is_held_back
from .offer_settings import OfferSettings
from .offers import EDITABLE, Offer, Offers
from .reviews import speaks_of_withdrawing
from .sms_size import parts_of
from .text_book import TextBook

__all__ = ["CAP", "LEAVE", "UNRECORD", "Letters", "key_of", "plain_words"]

#: The task that lets an approved letter leave.
LEAVE = "leave"
#: The task that takes back what was recorded for a letter which did not arrive.
UNRECORD = "unrecord_gestures"
LONGEST_SUBJECT, LONGEST_WORDS, MOST_LETTERS = 200, 8000, 50
#: What of a letter is looked at before it is kept or sent.
CHECKED = ("subject", "words", "channel")
CAP = N_(
    "This would be apology number {n} to this customer within {days} days. Repeated apologies can do more harm than "
    "none (Halperin, Ho, List, Muir, Economic Journal 132, 2022: 1.5 million customers)."
)
TRIAL = N_("In a trial: give no apology and no compensation before {date}.")


def key_of(offer: Offer, version: int | None = None) -> str:
    """Return what one approval of a letter is known by: a letter that failed may be approved again."""
    return f"{offer.id}:{offer.version if version is None else version}"


def plain_words(text: str) -> str:
    """Return the words of a letter as they are kept, whatever a browser made of their lines."""
    return text.strip().replace("\r\n", "\n").replace("\r", "\n")


class Letters:
    """The letters of an instance, and all that is done with them.

    Args:
        hub: The plugin's hub.
        settings: How letters are sent.
    """

    def __init__(self, hub: Hub, settings: OfferSettings) -> None:
        self.hub, self.settings = hub, settings
        self.texts = TextBook(hub, settings.sms_parts)
        self.offers, self.cases = Offers(hub), Cases(hub)
        self.drafter = Drafter(hub, settings, self.texts)

    def draft(
        self, case: Case, wish: Wish, by: str, *, signed: str = "", automatic: bool = False, trial: str = ""
    ) -> Offer:
        """Make a draft; it may be changed as one likes, and reaches nobody before it is approved.

        Args:
            case: The case.
            wish: What is wanted.
            by: Who wants it.
            signed: Address of the member of staff whose name stands below it, empty for nobody's.
            automatic: Whether a rule or a trial made it.
            trial: The trial whose arm it gives, empty for none.

        Raises:
            Refused: Something is missing or does not fit, or a trial forbids it.
        """
        if not case.customer:
            raise Refused(Problem("", N_("Nobody knows who gave this answer, so nobody can be written to.")))
        begun = self.offers.of_cases([case.id])
        if len(begun) >= MOST_LETTERS:
            raise Refused(Problem("", N_("There are 50 letters to this customer already.")))
        drafted = self.drafter.draft(case, wish, signed)
        columns = dict(columns_of(drafted, wish))
        self._mind_trial(case, columns["kind"], wish.owed, trial)
        row = {**columns, "case": case.id, "customer": case.customer, "automatic": automatic, "trial": trial}
        # A form that was sent twice begins one letter.
        untouched = (each for each in begun if (each.state, each.version, each.created_by) == ("draft", 1, by[:320]))
        same = next((each for each in untouched if all(getattr(each, name) == row[name] for name in row)), None)
        if same is not None:
            return same
        return self.offers.add(row, by, {"kind": columns["kind"], "text": wish.text, "number": drafted.text.number})

    def edit(self, offer: Offer, by: str, **values: Any) -> Offer:
        """Change what a letter says, or how it goes.

        Args:
            offer: The letter as it was seen.
            by: Who changes it.
            values: ``subject``, ``words``, ``channel``, ``value``, ``cost_cents`` or ``currency``.

        Raises:
            Refused: It cannot be sent like that, with the field.
            Conflict: It has changed since, or is on its way.
        """
        new = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        if "words" in new:
            new["words"] = plain_words(new["words"])
        if not new.get("channel", offer.channel):
            new["channel"] = offer.channel
        self._must_be_sound({**{name: getattr(offer, name) for name in CHECKED}, **new}, offer)
        if all(getattr(offer, name) == value for name, value in new.items()):
            return offer
        return self.offers.change(offer, new, "edited", by, states=EDITABLE)

    def approve(self, offer: Offer, by: str, *, despite: bool = False) -> Offer:
        """Let a letter leave after the minutes in which it can be taken back.

        Args:
            offer: The letter as it was seen.
            by: Who approves it, empty for a rule or a trial.
            despite: Whether they know that the customer was apologised to often.

        Raises:
            Refused: It cannot be sent; ``despite`` when it would be one apology too many and that was not said.
            Conflict: It has changed since, or was approved before.
        """
        case = self.cases.get(offer.case)
        self._mind_trial(case, offer.kind, offer.owed, offer.trial)
        self._must_be_sound({name: getattr(offer, name) for name in CHECKED}, offer)
        self.reached(offer)
        cap = self.cap(offer)
        if cap is not None and not despite:
            raise Refused(Problem("despite", CAP, {"n": cap.n + 1, "days": cap.days}))
        now = self.hub.clock.now()
        leaves_at = now + timedelta(minutes=self.settings.minutes_to_take_back)
        then = offer.version + 1
        task = Scheduled(LEAVE, {"offer": offer.id, "version": then}, leaves_at, key_of(offer, then))
        values = {
            "state": "approved", "approved_at": now, "approved_by": by[:320], "leaves_at": leaves_at,
            "handed_at": None, "reason": "",
        }  # fmt: skip
        detail: dict[str, Any] = {"leaves_at": leaves_at.isoformat()}
        detail |= {"nth": cap.n + 1} if cap is not None else {}
        detail |= {"deviation": True} if held_until(case, now) is not None and offer.owed else {}
        return self.offers.change(offer, values, "approved", by or ENGINE, detail, EDITABLE, [task])

    def take_back(self, offer: Offer, by: str) -> Offer:
        """Take an approved letter back before it leaves; raises Conflict when it has left."""
        if not offer.can_be_taken_back:
            raise Conflict(N_("This letter has left already, or was not approved."))
        return self.offers.change(offer, {"state": "taken_back", "leaves_at": None}, "taken_back", by)

    def discard(self, offer: Offer, by: str, reason: str = "discarded") -> Offer:
        """End a letter that was never sent; raises Conflict when it was, or is on its way."""
        if offer.state not in EDITABLE and not offer.can_be_taken_back:
            raise Conflict(N_("This letter has left already, or was not approved."))
        values = {"state": "withdrawn", "leaves_at": None, "reason": reason}
        return self.offers.change(offer, values, "withdrawn", by, {"reason": reason})

    def did_not_arrive(self, offer: Offer, by: str) -> Offer:
        """Note that a sent letter never reached the customer: it counts no more; raises Conflict for any other."""
        values = {"state": "withdrawn", "reason": "not_received", "gestures": []}
        task = Scheduled(UNRECORD, {"gestures": list(offer.gestures)})
        return self.offers.change(offer, values, "withdrawn", by, {"reason": "not_received"}, ("sent",), [task])

    def cap(self, offer: Offer) -> Apologies | None:
        """Return how often a customer was apologised to, letters on their way included, when once more is too often."""
        if not offer.apologises:
            return None
        found = self._apologies(offer.customer)
        on_their_way = self.offers.on_their_way(self.cases.kin(offer.customer), offer.id)
        counted = Apologies(found.n + on_their_way, found.most, found.days) if found else None
        return counted if counted is not None and counted.too_many else None

    def reached(self, offer: Offer) -> Reach:
        """Return how a letter's customer is reached by its channel; raises Refused."""
        found = None
        if offer.channel in self.hub.channels():
            try:
                found = self.hub.reach(offer.customer, (offer.channel,))
            except NotFound:  # erased meanwhile
                found = None
        if found is None:
            raise Refused(Problem("channel", UNREACHABLE))
        return found

    def _apologies(self, customer: str) -> Apologies | None:
        try:
            return self.hub.read.apologies(customer)
        except NotFound:  # erased: nobody is left to be apologised to
            return None

    def _mind_trial(self, case: Case, kind: str, owed: bool, trial: str) -> None:
        now = self.hub.clock.now()
        until = held_until(case, now)
        if until is not None and is_held_back(case, now, trial=trial, owed=owed, kind=kind):
            raise Refused(Problem("", TRIAL, {"date": f"{until:%Y-%m-%d}"}))

    def _must_be_sound(self, said: Mapping[str, Any], offer: Offer) -> None:
        """Refuse what cannot be sent as it is, naming each field."""
        subject, words, found = str(said["subject"]), str(said["words"]), []
        if not words:
            found.append(Problem("words", N_("must not be empty")))
        if len(words) > LONGEST_WORDS:
            found.append(Problem("words", N_("is too long: at most {n} characters"), {"n": LONGEST_WORDS}))
        if not subject or "\n" in subject or len(subject) > LONGEST_SUBJECT:
            found.append(Problem("subject", N_("must be one line of at most 200 characters")))
        if "{{" in words or "{%" in words or "{{" in subject:
            found.append(Problem("words", N_("holds a placeholder that nobody filled in")))
        if offer.gives and speaks_of_withdrawing(words):
            found.append(Problem("words", N_("asks to withdraw or change a review: never for anything that is given")))
        parts = parts_of(words)
        if parts > self.settings.sms_parts and words and self._is_short(offer, str(said["channel"])):
            reason = N_("takes {n} parts as a short message; at most {most} are sent")
            found.append(Problem("words", reason, {"n": parts, "most": self.settings.sms_parts}))
        if found:
            raise Refused(*found)

    def _is_short(self, offer: Offer, channel: str) -> bool:
        if channel not in self.hub.channels():
            return False
        try:
            reach = self.hub.reach(offer.customer, (channel,))
        except NotFound:
            return False
        return reach is not None and reach.address.kind == "phone"
