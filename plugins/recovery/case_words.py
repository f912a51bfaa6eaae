"""What the words of cases are called for staff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from feedbackhub.reporting import N_, Words

from .case import ENGINE, Case, Step
from .step_words import OFFER_STEPS, REASON_WORDS

__all__ = [
    "FLAG_WORDS", "OUTCOME_WORDS", "REASONS_WORDS", "STATE_WORDS", "due_of", "span_of", "step_of", "words_of",
]  # fmt: skip

#: The words of a state, and the colour of its badge.
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "open": (N_("Open"), "warn"), "acknowledged": (N_("Being worked on"), "info"), "waiting": (N_("Waiting"), "plain"),
    "closed": (N_("Closed"), "good"),
}  # fmt: skip
REASONS_WORDS: Mapping[str, str] = {
    "low": N_("Bad answer"), "call": N_("Wants a call"), "not_solved": N_("Not solved"), "staff": N_("Opened by hand"),
}  # fmt: skip
FLAG_WORDS: Mapping[str, str] = {"owed": N_("Something is owed"), "safety": N_("Safety"), "legal": N_("Legal")}
OUTCOME_WORDS: Mapping[str, str] = {
    "solved": N_("Solved"), "partly": N_("Partly solved"), "not_solved": N_("Not solved"),
    "unreachable": N_("Customer not reached"), "unfounded": N_("Nothing was wrong"), "duplicate": N_("Is another case"),
    "discarded": N_("The answer was discarded"), "erased": N_("The customer was erased"),
}  # fmt: skip
STEPS: Mapping[str, str] = {
    "opened": N_("Opened"), "told": N_("Staff were told"), "reminded": N_("Staff were reminded"),
    "untold": N_("Nobody could be told"),
    "overdue": N_("Overdue"), "escalated": N_("Escalated"), "acknowledged": N_("Taken on"), "waiting": N_("Waits"),
    "back": N_("Back from waiting"), "closed": N_("Closed"), "reopened": N_("Opened again"), "note": N_("Note"),
    "undone": N_("Last step taken back"), "owner": N_("Owner changed"), "tags": N_("Tags changed"),
    "flags": N_("Flags changed"), "carried": N_("Carried elsewhere"), "joined": N_("One more bad answer"),
    "changed": N_("The customer changed the rating"), **OFFER_STEPS,
}  # fmt: skip


def words_of(t: Words, known: Mapping[str, str], names: tuple[str, ...]) -> list[str]:
    """Return what some names are called; an unknown one is called as it is."""
    return [t(known[each]) if each in known else each for each in names]


def span_of(span: timedelta) -> tuple[str, int]:
    """Return how long a span is in its largest fitting unit: days, hours or minutes, never negative."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes >= 48 * 60:
        return "days", minutes // (24 * 60)
    return ("hours", minutes // 60) if minutes >= 120 else ("minutes", minutes)


def due_of(case: Case, now: datetime) -> dict[str, Any]:
    """Return what is due of a case and how it stands: late, soon (within two hours) or well; nothing when closed."""
    if case.is_closed:
        return {"what": "", "how": "done", "at": case.due_at, "span": span_of(timedelta(0))}
    what = {"open": "acknowledge", "acknowledged": "resolve", "waiting": "back"}[case.state]
    left = case.due_at - now
    how = "late" if left < timedelta(0) else "soon" if left < timedelta(hours=2) else "well"
    return {"what": what, "how": how, "at": case.due_at, "span": span_of(abs(left))}


def step_of(t: Words, step: Step) -> dict[str, Any]:
    """Return a step as templates show it: what happened, by whom, and what belongs to it."""
    title = t(STEPS[step.kind]) if step.kind in STEPS else step.kind
    by = "" if step.by == ENGINE else step.by
    return {"at": step.at, "by": by, "title": title, "text": step.text, "about": _about(t, step), **_moment(step)}


def _about(t: Words, step: Step) -> str:
    """Return what belongs to a step, in words; empty for nothing."""
    detail, kind = step.detail, step.kind
    if kind == "closed":
        return ", ".join(words_of(t, OUTCOME_WORDS, (str(detail.get("outcome", "")),)))
    if kind == "opened":
        return ", ".join(words_of(t, REASONS_WORDS, tuple(detail.get("reasons", ()))))
    if kind == "owner":
        return str(detail.get("to") or t("everybody"))
    if kind == "escalated":
        return t("level {n}", n=detail.get("level", ""))
    if kind in ("tags", "flags"):
        names = FLAG_WORDS if kind == "flags" else {}
        signs = (("+", "added"), ("\u2212", "removed"))
        return " ".join(f"{sign}{name}" for sign, what in signs for name in words_of(t, names, tuple(detail[what])))
    if kind in ("joined", "changed") and detail.get("score") is not None:
        return t("{n} of 100 points", n=round(float(detail["score"])))
    if kind == "carried":
        return t("it reminds people itself") if detail.get("quiet") else ""
    if kind == "acknowledged" and detail.get("by_call"):
        return t("the customer was called")
    why = str(detail.get("reason") or detail.get("why") or "")
    return t(REASON_WORDS[why]) if REASON_WORDS.get(why) else ""


def _moment(step: Step) -> dict[str, Any]:
    """Return the moment that a step names: until when it waits, or when somebody is asked again."""
    said = step.detail.get("until") if step.kind == "waiting" else step.detail.get("at")
    try:
        return {"moment": datetime.fromisoformat(said) if isinstance(said, str) else None}
    except ValueError:
        return {"moment": None}
