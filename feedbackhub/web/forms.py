"""What a form said, and what was wrong with it."""

from __future__ import annotations

from flask import request

from ..contract.errors import Refused
from .refusal_words import refusal_text
from .rendering import texts

__all__ = ["reasons", "typed"]


def reasons(refused: Refused) -> dict[str, str]:
    """Return the reason for each refused field in the visitor's language; the first one where there are several."""
    t = texts()
    found: dict[str, str] = {}
    for problem in refused.problems:
        found.setdefault(problem.field, refusal_text(t, problem.reason))
    return found


def typed(*names: str) -> dict[str, str]:
    """Return what was typed into fields of the form, empty where nothing was."""
    return {name: request.form.get(name, "") for name in names}
