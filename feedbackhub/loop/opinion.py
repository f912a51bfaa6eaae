"""Ask a plugin's rule for its opinion; whatever it does, a contact is decided on."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..contract.objects import Rule
from ..contract.records import Ask, DontAsk
from ..machinery.containment import PluginFault
from .guards import Situation
from .plain import plain, plain_facts

log = logging.getLogger(__name__)
#: No rule may plan further ahead than this, nor leave a person alone for longer.
_AHEAD = timedelta(days=366)
_LONGEST = timedelta(days=3660)
_SPANS = ("reminder_after", "expires_after", "edit_window", "throttle")


def opinion(plugin: str, rule: Rule, situation: Situation, ask: Ask, facts: dict[str, Any]) -> Ask | DontAsk:
    """Return a plugin rule's answer; one that fails or makes no sense counts as no opinion and is noted.

    Args:
        plugin: The rule's plugin.
        rule: The rule.
        situation: The contact and the person's past.
        ask: The ask as planned so far.
        facts: Where failures are noted, under ``failed_rules``.
    """
    try:
        answer: object = rule.decide(situation.contact, situation.history, ask)
        flaw = _flaw(answer, situation.history.now)
    except PluginFault as fault:
        flaw, answer = fault.reason, None
    except (Exception, SystemExit) as error:
        log.exception("rule %s of plugin %s failed", rule.name, plugin)
        flaw, answer = type(error).__name__, None
    if isinstance(answer, DontAsk):
        return DontAsk(plain(answer.reason), plain_facts(answer.facts))
    if not flaw and isinstance(answer, Ask):
        return replace(answer, policy=ask.policy, channels=tuple(answer.channels))
    log.error("rule %s of plugin %s has no opinion that can be used: %s", rule.name, plugin, flaw)
    facts.setdefault("failed_rules", []).append(f"{plugin}.{rule.name}: {flaw}")
    return ask


def _flaw(answer: object, now: datetime) -> str:
    """Return what makes an answer unusable, empty when nothing does."""
    if isinstance(answer, DontAsk):
        return ""
    if not isinstance(answer, Ask):
        return f"returned {type(answer).__name__}"
    if answer.due_at.tzinfo is None or answer.due_at > now + _AHEAD:
        return "due_at has no time zone, or is more than a year away"
    for name in _SPANS:
        if not timedelta(0) <= getattr(answer, name) <= _LONGEST:
            return f"{name} is no span of up to ten years"
    if not answer.expires_after:
        return "expires_after leaves no time to answer"
    reminders: object = answer.reminders
    if not isinstance(reminders, int) or not 0 <= reminders <= 5:
        return "reminders is no number from 0 to 5"
    channels: object = answer.channels
    if not isinstance(channels, (tuple, list)) or not all(isinstance(each, str) for each in channels):
        return "channels are no names"
    return ""
