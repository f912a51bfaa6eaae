"""Inputs that are refused with texts that are translated where they are shown, values and all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as made_of
from typing import Any

from feedbackhub import Problem, Refused

__all__ = ["Flaw", "Wrong", "said", "told"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a field was refused: a text with gaps, and what stands in them."""

    field: str
    text: str
    values: Mapping[str, Any] = made_of(default_factory=dict)

    @property
    def reason(self) -> str:
        """The whole in English."""
        return self.text.format(**self.values) if self.values else self.text


class Wrong(Refused):
    """An input was refused, for reasons that can be told in any language.

    Args:
        flaws: Every reason found.
    """

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(*(Problem(each.field, each.reason) for each in flaws))
        self.flaws = flaws


def told(refused: Refused, translate: Callable[[str, str], str], language: str) -> list[tuple[str, str]]:
    """Return why each field was refused, in a language, in the order of the input."""
    flaws = refused.flaws if isinstance(refused, Wrong) else [Flaw(p.field, p.reason) for p in refused.problems]
    return [(each.field, Flaw("", translate(each.text, language), each.values).reason) for each in flaws]


def said(refused: Refused, translate: Callable[[str, str], str], language: str) -> dict[str, str]:
    """Return why each field was refused, in a language; several reasons for one field behind each other."""
    found: dict[str, str] = {}
    for name, text in told(refused, translate, language):
        found[name] = f"{found[name]}; {text}" if name in found else text
    return found
