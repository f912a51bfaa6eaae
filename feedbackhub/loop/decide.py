"""Decide whether and what to ask: the ask policy chooses, guards and rules refine or veto."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from ..contract.objects import Rule
from ..contract.records import Ask, Contact, Decision, DontAsk
from ..machinery.settings import AskEntry, AskMatch, Settings
from .guards import GUARDS, Situation
from .opinion import opinion
from .plain import plain

_LONGEST_RULE = 80
_ONE = ("source", "channel", "team", "topic", "product", "brand", "segment", "language", "country")


@dataclass(frozen=True)
class Verdict:
    """A decision, with the ask when it is to ask."""

    decision: Decision
    policy: str
    ask: Ask | None


def decide(
    settings: Settings,
    situation: Situation,
    rules: Sequence[tuple[str, Rule]],
    survey_type: Callable[[str], str | None],
) -> Verdict:
    """Decide on one contact; pure but for logging.

    Args:
        settings: Hold the ask policy and the throttle.
        situation: The contact, the person's past, channels and suppressions.
        rules: The plugins' rules in their order, each with its plugin's name.
        survey_type: Gives the type of a survey by its name, None when there is no such survey.
    """
    now = situation.history.now
    entry = next((each for each in settings.ask if matches(each.match, situation.contact)), None)
    if entry is None:
        return _no(now, "policy", DontAsk("No entry of the ask policy matches this contact."), "", {})
    type_ = survey_type(entry.survey)
    if type_ is None:
        return _no(now, "policy", DontAsk(f"There is no survey named {entry.survey}."), entry.name, {})
    return _apply(situation, rules, _planned(settings, entry, type_, situation), survey_type)


def _apply(
    situation: Situation, rules: Sequence[tuple[str, Rule]], ask: Ask, survey_type: Callable[[str], str | None]
) -> Verdict:
    now = situation.history.now
    facts: dict[str, Any] = {}
    for name, guard in GUARDS:
        answer = guard(situation, ask)
        if isinstance(answer, DontAsk):
            return _no(now, name, answer, ask.policy, facts)
        ask = answer
    for plugin, rule in rules:
        answer = opinion(plugin, rule, situation, ask, facts)
        if isinstance(answer, DontAsk):
            return _no(now, f"{plugin}.{rule.name}"[:_LONGEST_RULE], answer, ask.policy, facts)
        ask = _with_survey(answer, ask, survey_type, facts)
    # A rule may have moved the moment or changed the ladder, so the guards have the last word.
    for name, guard in GUARDS:
        answer = guard(situation, ask)
        if isinstance(answer, DontAsk):
            return _no(now, name, answer, ask.policy, facts)
    when = {"due_at": ask.due_at.isoformat(), "survey": ask.survey, "channels": list(ask.channels)}
    reason = f"Entry {ask.policy} of the ask policy matches and nothing speaks against it."
    return Verdict(Decision("ask", "policy", reason, {**facts, **when}, now), ask.policy, ask)


def _with_survey(changed: Ask, ask: Ask, survey_type: Callable[[str], str | None], facts: dict[str, Any]) -> Ask:
    """Return a changed ask with the clock of its survey; a survey that nobody knows is not taken."""
    type_ = ask.survey_type if changed.survey == ask.survey else survey_type(changed.survey)
    if type_ is None:
        facts.setdefault("failed_rules", []).append(f"there is no survey named {plain(changed.survey, 80)}")
        return replace(changed, survey=ask.survey, survey_type=ask.survey_type)
    return replace(changed, survey_type=type_)


def recheck(situation: Situation, verdict: Verdict) -> Verdict:
    """Apply the guards once more to facts read inside the write, for two contacts may end at once."""
    if verdict.ask is None:
        return verdict
    ask = verdict.ask
    for name, guard in GUARDS:
        answer = guard(situation, ask)
        if isinstance(answer, DontAsk):
            return _no(situation.history.now, name, answer, ask.policy, {})
        ask = answer
    return Verdict(verdict.decision, verdict.policy, ask)


def matches(wanted: AskMatch, contact: Contact) -> bool:
    """Tell whether a contact fits an entry's match: every option given must fit."""
    for name in _ONE:
        patterns = getattr(wanted, name)
        if patterns and not _fits([getattr(contact, name)], patterns):
            return False
    return not wanted.tags or _fits(contact.tags, wanted.tags)


def _fits(values: Iterable[str], patterns: Iterable[str]) -> bool:
    wanted = [pattern.casefold() for pattern in patterns]
    return any(fnmatchcase(value.casefold(), pattern) for value in values for pattern in wanted)


def _planned(settings: Settings, entry: AskEntry, type_: str, situation: Situation) -> Ask:
    return Ask(
        policy=entry.name,
        survey=entry.survey,
        survey_type=type_,
        channels=_ladder(settings, entry, situation),
        due_at=max(situation.history.now, situation.contact.ended_at + entry.delay),
        reminder_after=entry.reminder_after,
        reminders=entry.reminders,
        expires_after=entry.expires_after,
        edit_window=entry.edit_window,
        throttle=throttle_for(settings, type_) if entry.throttle is None else entry.throttle,
    )


def _ladder(settings: Settings, entry: AskEntry, situation: Situation) -> tuple[str, ...]:
    """Return the channels to try; those that reach people are replaced for tests by the mailbox or the test address."""
    if not situation.contact.test:
        return entry.channels
    safe = "email" if settings.test_address else "mailbox"
    channels = {name: situation.channels.get(name) for name in entry.channels}
    handed = [name for name, channel in channels.items() if channel is not None and not channel.reaches]
    return tuple(dict.fromkeys(name if name in handed else safe for name in entry.channels))


def throttle_for(settings: Settings, survey_type: str) -> timedelta:
    """Return how long one person is left alone between two asks of a survey type."""
    return timedelta(days=settings.throttle.surveys.get(survey_type, settings.throttle.days))


def _no(now: datetime, rule: str, answer: DontAsk, policy: str, facts: Mapping[str, Any]) -> Verdict:
    return Verdict(Decision("dont_ask", rule, answer.reason, {**facts, **answer.facts}, now), policy, None)
