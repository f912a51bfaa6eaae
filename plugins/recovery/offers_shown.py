"""What of letters, trials and asking again is shown on the page of a case, on the card and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from feedbackhub import Hub, NotFound
from feedbackhub.reporting import Words

from .case import Case, Step
from .holding_back import held_until
from .offers import Offer, Offers
from .second_answers import Compared, compared, rating_of, response_of
from .settings import Settings
from .step_words import KIND_WORDS, MANNER_WORDS, REASON_WORDS, STATE_WORDS
from .text_book import TextBook
from .texts import Text

__all__ = ["again_of", "cap_words", "offers_of", "said_first", "shown_offer", "title_of", "trial_words"]


def offers_of(hub: Hub, case: Case, history: Sequence[Step], language: str) -> Mapping[str, Any]:
    """Return what the template ``offers.html`` shows of a case.

    Args:
        hub: The plugin's hub.
        case: The case.
        history: Everything that happened to it.
        language: The reader's language.
    """
    t, settings = Words(hub, language), hub.settings(Settings)
    texts = [each for each in TextBook(hub, settings.offers.sms_parts).texts() if each.is_on]
    letters = Offers(hub).of_cases([case.id])
    followed_up = any(each.kind == "follow_up" and each.state in ("approved", "sent") for each in letters)
    return {
        "case": case.id, "letters": [shown_offer(t, each) for each in reversed(letters)],
        "texts": [(each.name, title_of(t, each)) for each in texts],
        "trial": trial_words(t, case, hub.clock.now()), "cap": cap_words(t, hub, case.customer),
        "follow_up": case.is_closed and not followed_up and any(each.name == "follow-up" for each in texts),
        "again": again_of(t, hub, case), "is_known": bool(case.customer), **missed(t, case, history),
    }  # fmt: skip


def missed(t: Words, case: Case, steps: Sequence[Step]) -> dict[str, str]:
    """Return why a letter could not be made, and why the customer was not asked again; empty where neither holds."""
    last = {each.kind: each for each in steps}
    letter, refused, planned = (last.get(kind) for kind in ("letter_missing", "reask_refused", "reask_planned"))
    written = max((each.number for each in steps if each.kind in ("approved", "withdrawn")), default=0)
    is_open = not case.invitation and (planned is None or refused is None or refused.number > planned.number)
    return {
        "letter_missing": t(str(letter.detail.get("why", ""))) if letter and letter.number > written else "",
        "reask_refused": t(str(refused.detail.get("why", ""))) if refused and is_open else "",
    }


def title_of(t: Words, text: Text) -> str:
    """Return what a text is called for a reader."""
    return t(text.title) if text.keeps_title else text.title


def shown_offer(t: Words, offer: Offer) -> dict[str, Any]:
    """Return a letter as templates show it."""
    words, color = STATE_WORDS.get(offer.state, (offer.state, "plain"))
    reason = REASON_WORDS.get(offer.reason, offer.reason)
    manner = MANNER_WORDS.get(offer.manner, "")
    return {
        "offer": offer, "id": offer.id, "state": t(words), "color": color, "kind": t(KIND_WORDS[offer.kind]),
        "manner": t(manner) if manner else "", "reason": t(reason) if reason else "",
        "can_be_taken_back": offer.can_be_taken_back, "leaves_at": offer.leaves_at, "sent_at": offer.sent_at,
        "subject": offer.subject, "value": offer.value, "automatic": offer.automatic,
        "at": offer.sent_at or offer.approved_at or offer.created_at,
    }  # fmt: skip


def trial_words(t: Words, case: Case, now: datetime) -> str:
    """Return what a trial asks of whoever works on a case, empty for nothing."""
    until = held_until(case, now)
    if until is None or case.trial is None:
        return ""
    date = f"{until:%Y-%m-%d}"
    if case.trial.get("apology") or case.trial.get("compensation"):
        return t("In a trial: before {date} only the letter of the trial; no other apology or compensation.", date=date)
    return t("In a trial: give no apology and no compensation before {date}.", date=date)


def cap_words(t: Words, hub: Hub, customer: str) -> str:
    """Return the warning before one apology too many, empty while there is none."""
    try:
        found = hub.read.apologies(customer) if customer else None
    except NotFound:  # erased
        found = None
    if found is None or not found.too_many:
        return ""
    return t(
        "{n} apologies in {days} days already: research says that one more may do harm.", n=found.n, days=found.days
    )


def again_of(t: Words, hub: Hub, case: Case) -> dict[str, Any]:
    """Return how asking again stands: what is planned, what came back, and why nothing is."""
    found = compared(hub, case) if case.again_response else Compared()
    went = {"better": t("better"), "worse": t("worse"), "same": t("as before"), "": ""}[found.went]
    said = ""
    if found.then:
        said = t("{first}, then {then}", first=_rating(t, found.first), then=_rating(t, found.then))
    return {
        "planned": case.reask_at if case.reask_at and not case.invitation else None,
        "asked": bool(case.invitation or case.again_response), "said": said, "went": went, "is_low": found.is_low,
        "response": found.response, "comment": found.comment, "at": case.again_at,
        "is_free": not case.invitation and not case.again_response and held_until(case, hub.clock.now()) is None,
    }  # fmt: skip


def said_first(t: Words, hub: Hub, case: Case) -> dict[str, str]:
    """Return what the customer said in the first place, for whoever writes to them."""
    first = response_of(hub, case.response)
    rating = rating_of(hub, first) if first else ""
    return {"rating": _rating(t, rating) if rating else "", "comment": first.comment if first else ""}


def _rating(t: Words, rating: str) -> str:
    value, found, most = rating.partition("|")
    return t("{value} of {most}", value=value, most=most) if found else value or t("no rating")
