"""Makes the draft of a letter out of a text: in the customer's language, by a channel that reaches the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedbackhub import Contact, Hub, NotFound, Problem, Refused, as_line
from feedbackhub.reporting import N_

from .case import Case
from .offer_settings import OfferSettings
from .piping import Names, fill, named, needed
from .text_book import TextBook
from .texts import GIFT, Text, Words

__all__ = ["UNREACHABLE", "Drafted", "Drafter", "Wish", "columns_of"]

MISSING = {
    "case.explanation": ("explanation", N_("This text tells the customer why it happened: write it.")),
    "case.done": ("done", N_("This text tells the customer what was done: write it.")),
    "call.when": ("when", N_("This text tells the customer when you will call: write it.")),
    "compensation.what": ("gift", N_("This text gives something: write what.")),
    "compensation.value": ("value", N_("This text gives something: write what it is worth.")),
}
UNREACHABLE = N_("The customer cannot be reached by this channel, or wants no messages.")
LONGEST = {"explanation": 2000, "done": 2000, "when": 200, "gift": 500, "value": 200}
MOST_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to write to a customer.

    Args:
        text: Name of the text.
        language: Language of the letter; the customer's when empty.
        channel: The channel; the one that the customer was asked by when empty.
        explanation: Why it happened, in words for the customer.
        done: What was done, in words for the customer.
        when: When somebody will call, in words for the customer.
        gift: What is given, in words for the customer; the value when empty.
        value: What that is worth, for staff.
        cost_cents: What it costs, in hundredths of the currency.
        currency: Its code of three letters.
        owed: Whether the customer has a right to it anyway.
    """

    text: str
    language: str = ""
    channel: str = ""
    explanation: str = ""
    done: str = ""
    when: str = ""
    gift: str = ""
    value: str = ""
    cost_cents: int | None = None
    currency: str = ""
    owed: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """A letter that was made of a text.

    Args:
        text: The text.
        language: In which of its languages.
        channel: By which channel; empty when none reaches the customer.
        subject: One line.
        words: The letter.
        is_short: Whether it goes as a short message.
    """

    text: Text
    language: str
    channel: str
    subject: str
    words: str
    is_short: bool


class Drafter:
    """Makes drafts.

    Args:
        hub: The plugin's hub.
        settings: How letters are sent.
        texts: The texts.
    """

    def __init__(self, hub: Hub, settings: OfferSettings, texts: TextBook) -> None:
        self._hub, self._settings, self._texts = hub, settings, texts

    def draft(self, case: Case, wish: Wish, signed: str = "") -> Drafted:
        """Return a letter.

        Args:
            case: The case.
            wish: What is wanted.
            signed: Address of the member of staff whose name stands below it, empty for nobody's.

        Raises:
            Refused: Something is missing or does not fit.
        """
        try:
            text = self._texts.get(wish.text)
        except NotFound:
            raise Refused(Problem("text", N_("there is no such text"))) from None
        contact = self._hub.read.contact(case.contact) if case.contact else None
        language = text.language_for(wish.language or self.language_of(case, contact))
        if wish.language and language not in (spelled := wish.language.lower(), spelled.partition("-")[0]):
            raise Refused(Problem("language", N_("this text is not there in that language")))
        channel, is_short = self.way_to(case, wish.channel)
        if wish.channel and not channel:
            raise Refused(Problem("channel", UNREACHABLE))
        said = text.languages[language]
        self._check(wish, said.short if is_short else f"{said.subject}\n{said.words}")
        names = self.names(case, contact, language, wish, signed)
        return Drafted(text, language, channel, *_filled(said, names, is_short), is_short)

    def language_of(self, case: Case, contact: Contact | None) -> str:
        """Return the language that a customer answered in, else the one known of them."""
        answered = self._hub.read.response(case.response).language
        known = contact.customer.language if contact and contact.customer else ""
        return answered or known or (contact.language if contact else "")

    def way_to(self, case: Case, wanted: str = "") -> tuple[str, bool]:
        """Return the channel for a case's customer, empty for none, and whether it takes short messages.

        Without a wish it is what the settings say, else the first that customers are asked by.
        """
        ladder = (wanted,) if wanted else self._settings.channels
        found = self._hub.reach(case.customer, ladder) if case.customer else None
        return (found.channel, found.address.kind == "phone") if found else ("", False)

    def names(self, case: Case, contact: Contact | None, language: str, wish: Wish, signed: str) -> Names:
        """Return what is put into the placeholders."""
        brand = self._hub.brand(contact.brand if contact else case.dimensions.get("brand", ""))
        staff = next((each for each in self._hub.read.staff() if signed and each.email == signed), None)
        about: dict[str, str] = {}
        if contact is not None:
            date = self._hub.render("date.txt", language, moment=contact.ended_at).strip()
            about = {name: getattr(contact, name) for name in ("topic", "product", "channel", "team")}
            about |= {"date": date, "reference": contact.external_id}
        customer = contact.customer if contact else None
        return {
            "customer": {"name": customer.name if customer else ""},
            "contact": about,
            "brand": {"name": brand.name},
            "agent": {"name": staff.name if staff else ""},
            "case": {"explanation": wish.explanation, "done": wish.done},
            "compensation": {"what": wish.gift or wish.value, "value": wish.value or wish.gift},
            "call": {"when": wish.when},
        }

    @staticmethod
    def _check(wish: Wish, said: str) -> None:
        """Refuse what a letter cannot be made of, naming each field."""
        found = [
            Problem(name, N_("is too long: at most {n} characters"), {"n": most})
            for name, most in LONGEST.items() if len(getattr(wish, name)) > most
        ]  # fmt: skip
        given = {
            "case.explanation": wish.explanation, "case.done": wish.done, "call.when": wish.when,
            **dict.fromkeys(GIFT, wish.gift or wish.value),
        }  # fmt: skip
        found += [Problem(*MISSING[name]) for name in sorted(needed(said) & given.keys()) if not given[name].strip()]
        if (wish.gift or wish.value).strip() and not named(said) & GIFT:
            found.append(Problem("gift", N_("This text does not say what is given; choose another one.")))
        if wish.cost_cents is not None and not (0 <= wish.cost_cents <= MOST_CENTS):
            found.append(Problem("cost_cents", N_("must lie between 0 and 1,000,000.00")))
        if wish.cost_cents is not None and len(wish.currency) != 3:
            found.append(Problem("currency", N_("a cost needs its currency, like EUR")))
        if found:
            raise Refused(*found)


def _filled(said: Words, names: Names, is_short: bool) -> tuple[str, str]:
    subject = as_line(fill(said.subject, names))
    return subject, fill(said.short if is_short else said.words, names)


def columns_of(drafted: Drafted, wish: Wish) -> Mapping[str, Any]:
    """Return a draft as columns of the table."""
    text = drafted.text
    gift = wish.gift or wish.value
    return {
        "kind": "both" if text.apologises and gift else text.kind,
        "manner": text.manner, "text": text.name, "text_number": text.number,
        "language": drafted.language, "channel": drafted.channel, "subject": drafted.subject, "words": drafted.words,
        "gift": gift, "value": wish.value or wish.gift[:200], "cost_cents": wish.cost_cents,
        "currency": wish.currency.upper(), "owed": wish.owed,
    }  # fmt: skip
