"""Whether an answer opens a case: for which reasons, and by when what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from feedbackhub import Response

from .settings import RuleSettings, Settings

__all__ = ["Due", "by_hand", "due_for", "wants_call"]

YES = "yes"


@dataclass(frozen=True, slots=True)
class Due:
    """Why a case is opened, and by when what is due.

    Args:
        reasons: Why, in the order of `case.REASONS`.
        acknowledge: Business time until somebody must have taken it on.
        resolve: Business time until it must be closed.
    """

    reasons: tuple[str, ...]
    acknowledge: timedelta
    resolve: timedelta


def due_for(settings: Settings, response: Response) -> Due | None:
    """Return why an answer opens a case, None for none; of several reasons the shortest times hold."""
    found = {when: _rule(settings, when, response) for when in ("low", "call", "not_solved")}
    holding = {when: rule for when, rule in found.items() if rule is not None}
    if not holding:
        return None
    return Due(
        tuple(holding),
        timedelta(hours=min(rule.acknowledge_hours for rule in holding.values())),
        timedelta(hours=min(rule.resolve_hours for rule in holding.values())),
    )


def by_hand(settings: Settings, response: Response) -> Due:
    """Return by when what is due of a case that somebody opens: as by the rules, where one fits."""
    found = due_for(settings, response)
    if found is not None:
        return Due((*found.reasons, "staff"), found.acknowledge, found.resolve)
    usual = RuleSettings(when="low")
    return Due(("staff",), timedelta(hours=usual.acknowledge_hours), timedelta(hours=usual.resolve_hours))


def wants_call(response: Response) -> bool:
    """Return whether the customer asks to be called."""
    return any(each.role == "call_back" and each.value == YES for each in response.answers)


def _rule(settings: Settings, when: str, response: Response) -> RuleSettings | None:
    """Return the rule that opens a case for a reason; the first that fits decides, also that none is opened."""
    for rule in settings.rules_for(when):
        if _is_of(rule, response) and _is_so(rule, response):
            return rule if rule.open else None
    return None


def _is_of(rule: RuleSettings, response: Response) -> bool:
    """Tell whether a rule is for this survey and this kind of contact."""
    frozen: Mapping[str, str] = {"survey": response.survey, **response.dimensions}
    wanted = {"survey": rule.survey, "team": rule.team, "topic": rule.topic, "segment": rule.segment}
    return all(not value or frozen.get(name, "") == value for name, value in wanted.items())


def _is_so(rule: RuleSettings, response: Response) -> bool:
    """Tell whether what a rule is about is so."""
    few = rule.at_most is None or (response.score is not None and response.score <= rule.at_most)
    if rule.when == "low":
        return few if rule.at_most is not None else response.low
    if rule.when == "call":
        return few and wants_call(response)
    unsolved = any(each.role == "solved" and each.score is not None and each.score < 50 for each in response.answers)
    return few and unsolved
