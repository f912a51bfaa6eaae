"""Texts with gaps that are translated where they are shown, and inputs that are refused with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from feedbackhub import Problem, Refused

__all__ = ["Flaw", "Wrong", "said"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a field was refused: a text with gaps, and what stands in them."""

    field: str
    text: str
    values: Mapping[str, Any] = made_of(default_factory=dict)


class Wrong(Refused):
    """An input was refused, for reasons that can be told in any language.

    Args:
        flaws: Every reason found.
    """

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(*(Problem(each.field, each.text.format(**each.values)) for each in flaws))
        self.flaws = flaws


def said(refused: Refused, translate: Callable[[str, str], str], language: str) -> dict[str, str]:
    """Return why each field was refused, in a language; several reasons for one field behind each other."""
    flaws = refused.flaws if isinstance(refused, Wrong) else [Flaw(p.field, p.reason) for p in refused.problems]
    found: dict[str, str] = {}
    for each in flaws:
        text = translate(each.text, language)
        text = text.format(**each.values) if each.values else text
        found[each.field] = f"{found[each.field]} {text}" if each.field in found else text
    return found
