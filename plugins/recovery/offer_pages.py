"""The pages of letters: writing one, looking it over, approving, taking back; and asking again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from feedbackhub import Conflict, Hub, NotFound, Page, PageRequest, PageResult, Problem, Refused
from feedbackhub.reporting import N_, Words

from .asking_again import AskingAgain
from .case import Case
from .holding_back import held_until
from .letters import CAP, Letters, plain_words
from .making_good import trial_of, wish_of
from .offer_forms import FIELDS, money_of, wish_of_form
from .offers import MEANWHILE, Offer
from .offers_shown import cap_words, said_first, shown_offer, title_of, trial_words
from .piping import named, needed
from .settings import Settings
from .texts import GIFT, Text

__all__ = ["LANGUAGE_NAMES", "offer_pages"]

ROLE = "agent"
LANGUAGE_NAMES = {"en": "English", "id": "Bahasa Indonesia", "hi": "हिन्दी", "ar": "العربية"}
ASKED_FOR = {"case.explanation": "explanation", "case.done": "done", "call.when": "when"}
APPROVED = N_("The letter is approved. It can be taken back until it leaves.")
#: What stands in the fields of a letter's page.
SAID = ("subject", "words", "channel")


def offer_pages(hub: Hub) -> list[Page]:
    """Return the pages."""
    here, both, post = Pages(hub), ("GET", "POST"), ("POST",)
    return [
        Page("letters", N_("Letters to approve"), ROLE, here.every),
        Page("letters/new/<case>", "", ROLE, here.new, both),
        Page("letters/<id>", "", ROLE, here.one, both),
        Page("letters/<id>/take-back", "", ROLE, here.take_back, post),
        Page("letters/<id>/discard", "", ROLE, here.discard, post),
        Page("letters/<id>/not-received", "", ROLE, here.not_received, post),
        Page("ask-again/<case>", "", ROLE, here.ask_again, post),
    ]


class Pages:
    """What each page does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        settings = hub.settings(Settings)
        self._hub, self._letters, self._asking = hub, Letters(hub, settings.offers), AskingAgain(hub, settings.reask)

    def every(self, request: PageRequest) -> PageResult:
        """List the letters that wait for a person: those of rules and trials are seen nowhere else at once."""
        t = Words(self._hub, request.language)
        shown = [shown_offer(t, each) for each in self._letters.offers.waiting()]
        return PageResult("letters.html", {"letters": shown})

    def new(self, request: PageRequest) -> PageResult:
        """Show the form for a letter, or draft it."""
        case = self._letters.cases.get(request.path["case"])
        if not request.form:
            return self._form(request, case, request.query.get("text", ""))
        try:
            wish = wish_of_form(request.form)
            offer = self._letters.draft(
                case, wish, request.user, signed=request.user, trial=trial_of(case, wish)
            )
        except Refused as refused:
            return self._form(request, case, request.form.get("text", ""), refused)
        return PageResult(redirect=f"letters/{offer.id}")

    def one(self, request: PageRequest) -> PageResult:
        """Show a letter; save what was changed of it, and approve it when that button was pressed."""
        offer = self._letters.offers.get(request.path["id"])
        if not request.form:
            return self._show(request, offer)
        try:
            self._must_be_seen(offer, request)
            if offer.is_editable:
                offer = self._letters.edit(offer, request.user, **{n: request.form.get(n, "") for n in SAID})
            if request.form.get("deed") == "approve":
                self._letters.approve(offer, request.user, despite="despite" in request.form)
                return self._to_case(request, offer, APPROVED)
        except (Refused, Conflict) as refused:
            offer = self._letters.offers.get(offer.id)
            if self._is_approved(offer, request):
                return self._to_case(request, offer, APPROVED)
            return self._show(request, offer, refused)
        return PageResult(redirect=f"letters/{offer.id}", notice=self._hub.translate(N_("Saved."), request.language))

    @staticmethod
    def _is_approved(offer: Offer, request: PageRequest) -> bool:
        """Tell whether a form came twice, as by a double click, and the first one approved the same words."""
        words = plain_words(request.form.get("words", ""))
        is_his = offer.state in ("approved", "sent") and offer.approved_by == request.user
        return is_his and request.form.get("deed") == "approve" and words == offer.words

    def take_back(self, request: PageRequest) -> PageResult:
        """Take an approved letter back."""
        done = N_("The letter was taken back; it was not sent.")
        return self._do(request, self._letters.take_back, "taken_back", done)

    def discard(self, request: PageRequest) -> PageResult:
        """Throw a letter away that was never sent."""
        return self._do(request, self._letters.discard, "withdrawn", N_("The letter was thrown away."))

    def not_received(self, request: PageRequest) -> PageResult:
        """Note that a letter never arrived."""
        return self._do(request, self._letters.did_not_arrive, "withdrawn", N_("Noted: the letter counts no more."))

    def ask_again(self, request: PageRequest) -> PageResult:
        """Ask the customer now or on a day, or not at all."""
        case = self._letters.cases.get(request.path["case"])
        deed, now = request.form.get("deed", ""), self._hub.clock.now()
        try:
            if deed == "off":
                self._asking.call_off(case, request.user)
                notice = N_("The customer will not be asked again.")
            else:
                self._asking.plan(case, now if deed == "now" else self._day(request.form.get("day", "")), request.user)
                notice = N_("The customer will be asked again.")
        except Refused as refused:
            told = refused.told(self._hub.translate, request.language)
            return PageResult(redirect=f"cases/{case.id}", notice="; ".join(told.values()))
        return PageResult(redirect=f"cases/{case.id}", notice=self._hub.translate(notice, request.language))

    def _day(self, text: str) -> datetime:
        """Return ten o'clock of a day by the company's clocks; of today no moment that is over."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Refused(Problem("day", N_("must be a day like 2026-03-31"))) from None
        zone, now = ZoneInfo(self._hub.timezone), self._hub.clock.now()
        at = datetime.combine(day, time(10), zone)
        return max(at, now) if day == now.astimezone(zone).date() else at

    def _do(self, request: PageRequest, deed: Callable[[Offer, str], Offer], state: str, done: str) -> PageResult:
        offer = self._letters.offers.get(request.path["id"])
        try:
            deed(offer, request.user)
        except Conflict as conflict:
            offer = self._letters.offers.get(offer.id)
            if offer.state != state:  # as a second click finds it
                return self._show(request, offer, conflict)
        return self._to_case(request, offer, done)

    def _to_case(self, request: PageRequest, offer: Offer, notice: str) -> PageResult:
        return PageResult(redirect=f"cases/{offer.case}", notice=self._hub.translate(notice, request.language))

    @staticmethod
    def _must_be_seen(offer: Offer, request: PageRequest) -> None:
        if request.number("version", None) != offer.version:
            raise Conflict(MEANWHILE)

    def _form(self, request: PageRequest, case: Case, name: str, refused: Refused | None = None) -> PageResult:
        t = Words(self._hub, request.language)
        texts = {each.name: each for each in self._letters.texts.texts() if each.is_on}
        text = texts.get(name) or next(iter(texts.values()), None)
        fields = {**dict.fromkeys(FIELDS, ""), **self._arm_of(case, text), **request.form}
        values: dict[str, Any] = {
            "case": case, "texts": [(each.name, title_of(t, each)) for each in texts.values()], "text": text,
            "title": title_of(t, text) if text else "", "fields": fields,
            "asks": self._asks(text), "needs": self._needs(text),
            "languages": self._languages(t, text), "channels": self._channels(t, case),
            "cap": cap_words(t, self._hub, case.customer) if text and text.kind in ("apology", "both") else "",
            "trial": trial_words(t, case, self._hub.clock.now()), "is_held": held_until(case, self._hub.clock.now()),
            "problems": refused.told(self._hub.translate, request.language) if refused else {},
            "said": said_first(t, self._hub, case),
        }  # fmt: skip
        return PageResult("letter_new.html", values, status=422 if refused else 200)

    @staticmethod
    def _arm_of(case: Case, text: Text | None) -> dict[str, str]:
        """Return what a trial's arm gives by this text, as fields."""
        wish = wish_of(case.trial) if case.trial else None
        if wish is None or text is None or wish.text != text.name:
            return {}
        return {"gift": wish.gift, "value": wish.value, "cost": money_of(wish.cost_cents), "currency": wish.currency}

    @staticmethod
    def _asks(text: Text | None) -> set[str]:
        """Return which fields a text has a place for."""
        if text is None:
            return set()
        spoken = {each for words in text.languages.values() for each in named(f"{words.words}{words.short}")}
        found = {field for name, field in ASKED_FOR.items() if name in spoken}
        return found | ({"gift"} if spoken & GIFT else set())

    @staticmethod
    def _needs(text: Text | None) -> set[str]:
        """Return which fields no letter can be made of a text without, whatever its language."""
        if text is None:
            return set()
        each = [needed(f"{words.subject}\n{words.words}") for words in text.languages.values()]
        always = frozenset.intersection(*each)
        return {field for name, field in ASKED_FOR.items() if name in always} | ({"gift"} if always & GIFT else set())

    @staticmethod
    def _languages(t: Words, text: Text | None) -> list[tuple[str, str]]:
        known = [] if text is None else [(each, LANGUAGE_NAMES.get(each, each)) for each in text.languages]
        return [("", t("The customer's")), *known]

    def _channels(self, t: Words, case: Case) -> list[tuple[str, str]]:
        """Return the channels that reach a case's customer, the usual one first."""
        reaching = [name for name, kinds in self._hub.channels().items() if kinds and self._reaches(case, name)]
        usual, _ = self._letters.drafter.way_to(case)
        first = t("The usual one: {name}", name=usual) if usual else t("None reaches the customer")
        return [("", first), *((each, each) for each in reaching)]

    def _reaches(self, case: Case, channel: str) -> bool:
        try:
            return bool(case.customer) and self._hub.reach(case.customer, (channel,)) is not None
        except NotFound:
            return False

    def _show(self, request: PageRequest, offer: Offer, refused: Refused | Conflict | None = None) -> PageResult:
        t = Words(self._hub, request.language)
        case, cap = self._letters.cases.get(offer.case), self._letters.cap(offer)
        shown = {name: request.form.get(name, getattr(offer, name)) for name in SAID}
        if isinstance(refused, Refused):
            problems = refused.told(self._hub.translate, request.language)
        else:
            problems = {"": t(str(refused))} if refused else {}
        values = {
            "letter": shown_offer(t, offer), "offer": offer, "fields": shown, "problems": problems,
            "cap": t(CAP, n=cap.n + 1, days=cap.days) if cap and offer.is_editable else "",
            "channels": [each for each in self._channels(t, case) if each[0]], "case": case,
            "trial": trial_words(t, case, self._hub.clock.now()), "cost": money_of(offer.cost_cents),
            "language": LANGUAGE_NAMES.get(offer.language, offer.language),
            "minutes": self._letters.settings.minutes_to_take_back, "said": said_first(t, self._hub, case),
        }  # fmt: skip
        return PageResult("letter_page.html", values, status=422 if refused else 200)
