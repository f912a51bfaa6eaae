"""Letters that nobody has asked for: those of a rule, and those of a trial's arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from feedbackhub import Call, Conflict, NotFound, Refused

from .case import ENGINE, Case
from .drafting import Wish
from .letters import Letters
from .offer_settings import AutomaticOffer, OfferSettings
from .offers import PENDING, Offer

__all__ = ["MakingGood", "rule_for", "trial_of", "wish_of"]

GESTURES = ("apology", "compensation", "both")


def rule_for(settings: OfferSettings, case: Case) -> AutomaticOffer | None:
    """Return the rule by which a case gets a letter by itself; None for none, and for flagged cases always."""
    if case.flags or not case.customer:
        return None
    score = 0.0 if case.score is None else case.score
    fitting = (each for each in settings.automatic if not each.surveys or case.survey in each.surveys)
    return next((each for each in fitting if score <= each.at_most), None)


class MakingGood:
    """Makes letters by itself.

    Args:
        letters: The letters.
    """

    def __init__(self, letters: Letters) -> None:
        self._letters, self._hub = letters, letters.hub

    def by_rule(self, call: Call) -> None:
        """Make the letter of a rule, unless a trial or a person was there first, or it was one apology too many."""
        case = self._case(call)
        rule = rule_for(self._letters.settings, case) if case is not None else None
        if case is None or rule is None or case.is_closed or case.trial is not None:
            return
        begun = [each for each in self._letters.offers.of_cases([case.id]) if each.kind in GESTURES]
        self._make(case, Wish(rule.text), not rule.approve, "", begun)

    def by_trial(self, call: Call) -> None:
        """Make the letter that a trial's arm says; the arm that gives nothing has none."""
        case = self._case(call)
        if case is None or case.trial is None:
            return
        trial = str(case.trial.get("experiment", ""))
        self._hold_back(case, trial)
        begun = [each for each in self._letters.offers.of_cases([case.id]) if each.trial == trial]
        wish = wish_of(case.trial)
        if wish is not None:
            self._make(case, wish, not case.trial.get("approve", True), trial, begun)

    def _make(self, case: Case, wish: Wish, leaves: bool, trial: str, begun: Sequence[Offer]) -> None:
        """Draft a letter, unless one was begun, and approve it when it leaves by itself."""
        offer = begun[0] if begun else self._drafted(case, wish, trial)
        # One that nobody has touched was left by a run that died before it could approve it.
        if offer is None or not leaves or not offer.automatic or offer.version > 1 or offer.trial != trial:
            return
        try:
            self._letters.approve(offer, "")
        except Refused as refused:  # too many apologies, or nobody can be reached: a person decides
            self._missed(case, str(refused), offer)
        except Conflict:  # somebody has taken it in hand meanwhile
            return

    def _drafted(self, case: Case, wish: Wish, trial: str) -> Offer | None:
        try:
            return self._letters.draft(case, wish, ENGINE, automatic=True, trial=trial)
        except Refused as refused:
            self._missed(case, str(refused))
            return None

    def _missed(self, case: Case, why: str, offer: Offer | None = None) -> None:
        detail: dict[str, Any] = {"why": why[:300], **({"offer": offer.id} if offer is not None else {})}
        self._hub.tables.write(self._letters.cases.step(case.id, "letter_missing", ENGINE, "", detail))

    def _case(self, call: Call) -> Case | None:
        try:
            return self._letters.cases.get(str(call.payload.get("case", "")))
        except NotFound:
            return None

    def _hold_back(self, case: Case, trial: str) -> None:
        """End the letters that have not left and that a trial forbids."""
        for offer in self._letters.offers.of_cases([case.id]):
            forbidden = offer.kind in GESTURES and not offer.owed and offer.trial != trial
            if forbidden and offer.state in PENDING and offer.handed_at is None:
                self._letters.discard(offer, ENGINE, "trial")


def wish_of(trial: Mapping[str, Any]) -> Wish | None:
    """Return what the arm of an assignment gives, None for nothing."""
    text, given = str(trial.get("apology") or ""), trial.get("compensation")
    if not isinstance(given, Mapping):
        return Wish(text) if text else None
    value, cost = str(given.get("value") or ""), given.get("cost_cents")
    cents = cost if isinstance(cost, int) else None
    return Wish(
        text or "compensation", gift=value, value=value, cost_cents=cents, currency=str(given.get("currency") or "")
    )


def trial_of(case: Case, wish: Wish) -> str:
    """Return the trial whose arm a letter gives that a person writes, empty for none."""
    arm = wish_of(case.trial) if case.trial is not None else None
    if case.trial is None or arm is None:
        return ""
    fits = wish.text == arm.text and bool(wish.gift or wish.value) == bool(arm.gift)
    return str(case.trial.get("experiment", "")) if fits else ""
