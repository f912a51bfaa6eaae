"""A case that somebody must look at again: its letter did not reach the customer, or the second answer was bad, too."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.sql import Executable

from feedbackhub import Fact

from .book import Cases
from .case import ENGINE, Case
from .moves import Moves

__all__ = ["Again", "work_again"]


@dataclass(frozen=True, slots=True)
class Again:
    """What brings a case back: changes, and what others learn."""

    changes: tuple[Executable, ...]
    facts: tuple[Fact, ...] = ()


def work_again(cases: Cases, moves: Moves, case: Case, why: str) -> Again:
    """Return what puts a case back to work now, so that its owner is told with the next mails.

    Args:
        cases: The cases.
        moves: The moves that it can make now.
        case: The case, whatever its state.
        why: Why, as in ``step_words.REASON_WORDS``.
    """
    if case.outcome == "erased":  # nobody is left who could be made good
        return Again(())
    back = cases.changed(case.id, **moves.work_again(case))
    if case.is_closed:
        step = cases.step(case.id, "reopened", ENGINE, "", {"why": why})
        return Again((back, step), (Fact("recovery.reopened", {"case": case.id}),))
    if case.state == "waiting":
        return Again((back, cases.step(case.id, "back", ENGINE, "", {"why": why})))
    return Again((back,))
