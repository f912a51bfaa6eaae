"""What a trial holds back: whoever was assigned gets what the arm says until its time is over, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .case import Case

__all__ = ["held_until", "is_held_back"]


def held_until(case: Case, now: datetime) -> datetime | None:
    """Return until when a trial forbids apologies and compensations of one's own choice, None when none does."""
    until = _moment(case.trial, "until") if case.trial else None
    return until if until is not None and until > now else None


def is_held_back(case: Case, now: datetime, *, trial: str, owed: bool, kind: str) -> bool:
    """Return whether a trial forbids a letter.

    Args:
        case: The case.
        now: The present moment.
        trial: The trial whose arm the letter gives, empty for none.
        owed: Whether what it gives is owed anyway.
        kind: What kind of letter it is; calls and follow-ups are no gestures.
    """
    if kind not in ("apology", "compensation", "both") or held_until(case, now) is None:
        return False
    ours = case.trial is not None and bool(trial) and trial == str(case.trial.get("experiment", ""))
    # What is owed is given in every arm: but owing somebody something is no reason to say more than that.
    return not ours and not (owed and kind == "compensation")


def _moment(payload: Mapping[str, Any], name: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(payload.get(name) or ""))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
