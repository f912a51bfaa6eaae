"""Who is taken in: decided from what is known before the arm is drawn, and written down with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from feedbackhub.reporting import N_

from .plan import SEVERITY, Plan

__all__ = ["ALWAYS", "REASONS", "Candidate", "reason_against", "severity_of", "stratum_of"]

#: Why a case is not taken in, as staff read it.
REASONS: Mapping[str, str] = {
    "owed": N_("Something is owed to the customer: that is given, never drawn by lot"),
    "safety": N_("Somebody's safety is concerned"),
    "legal": N_("A legal matter"),
    "call": N_("The customer wishes for a call"),
    "staff": N_("The case was opened by staff, not by a bad answer"),
    "unknown": N_("The customer is not known, or the answer belongs to no contact"),
    "unreachable": N_("The customer cannot be asked again: no address that works, or wants no messages"),
    "apologised": N_("Received as many apologies of late as the settings allow"),
    "made_good": N_("Something was done about this answer already"),
    "survey": N_("The answer is to another survey"),
    "score": N_("The first rating is above the plan's limit, or there is none"),
    "topic": N_("The topic is left out by the plan"),
    "tag": N_("A tag of the contact is left out by the plan"),
    "segment": N_("The segment is left out by the plan"),
    "word": N_("A word of the comment is left out by the plan"),
    "other": N_("Another experiment holds this customer until its window is over"),
    "repeat": N_("A further bad answer of somebody taken in: same arm, no second outcome"),
    "full": N_("As many customers as planned were taken in"),
}
#: What never enters an experiment, whatever its plan says.
ALWAYS = ("owed", "safety", "legal")
#: Ratings from 0 to 100 below this are severe.
SEVERE = 25.0
APART = "\x1f"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a case before anything was drawn.

    Args:
        survey: The survey of the first answer.
        score: The first rating from 0 to 100, None for none.
        reasons: Why the case was opened.
        flags: What was marked: ``owed``, ``safety``, ``legal``.
        dimensions: Frozen dimensions of the first answer.
        tags: Tags of the contact.
        comment: What the customer wrote.
        is_known: Whether there are a customer and a contact.
        is_reachable: Whether the customer can be asked again.
        is_apologised: Whether one more apology would be one too many.
        is_made_good: Whether something was done about this answer already.
    """

    survey: str
    score: float | None
    reasons: frozenset[str]
    flags: frozenset[str]
    dimensions: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    comment: str = ""
    is_known: bool = True
    is_reachable: bool = True
    is_apologised: bool = False
    is_made_good: bool = False


def reason_against(plan: Plan, case: Candidate) -> str:
    """Return why a case is not taken in, a key of `REASONS`; empty when it is.

    Whether somebody had too many apologies counts in every arm alike, or the arms would not be comparable.
    """
    for flag in ALWAYS:
        if flag in case.flags:
            return flag
    who, apologises = plan.who, any(arm.apology for arm in plan.arms)
    checks = (
        ("call", "call" in case.reasons and not who.calls_too),
        ("staff", not case.reasons - {"staff"}),
        ("unknown", not case.is_known),
        ("survey", bool(who.surveys) and case.survey not in who.surveys),
        ("score", who.score_at_most is not None and (case.score is None or case.score > who.score_at_most)),
        ("topic", _among(case.dimensions.get("topic", ""), who.exclude_topics)),
        ("segment", _among(case.dimensions.get("segment", ""), who.exclude_segments)),
        ("tag", any(_among(tag, who.exclude_tags) for tag in case.tags)),
        ("word", any(_says(case.comment, word) for word in who.exclude_words)),
        ("made_good", case.is_made_good),
        ("apologised", apologises and case.is_apologised),
        ("unreachable", not case.is_reachable),
    )
    return next((reason for reason, holds in checks if holds), "")


def _among(value: str, left_out: tuple[str, ...]) -> bool:
    return value.casefold() in {each.strip().casefold() for each in left_out}


def _says(comment: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word.strip().casefold())}(?!\w)", comment.casefold()) is not None


def severity_of(score: float | None) -> str:
    """Return how bad a first answer was: ``severe``, ``bad`` or ``unknown``."""
    if score is None:
        return "unknown"
    return "severe" if score < SEVERE else "bad"


def stratum_of(plan: Plan, case: Candidate) -> str:
    """Return what a case is divided by before the arm is drawn: values joined by U+001F, empty for nothing."""
    values = (severity_of(case.score) if name == SEVERITY else case.dimensions.get(name, "") for name in plan.strata)
    return APART.join(value[:100] for value in values)
