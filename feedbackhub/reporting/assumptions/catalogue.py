"""What an assumption is: its meaning, and what holds until somebody enters their own, with the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .ranges import Range

__all__ = ["CURRENCY", "ENDS", "Assumption", "Kind"]

#: ``share`` lies between 0 and 1, ``money`` is in the currency entered, ``number`` has no unit, ``span`` has a lowest
#: and a highest but no likely one; ``code`` is a currency's code and ``word`` any word.
Kind = Literal["share", "number", "money", "span", "code", "word"]
#: The name of the assumption that says what those of the kind ``money`` are in.
CURRENCY = "currency"
ENDS = ("low", "likely", "high")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that is assumed.

    Args:
        name: Its name in addresses and in the API, at most 40 characters.
        label: What it is.
        kind: What its values are.
        default: What holds while nobody has entered anything; None for nothing, and for words.
        source: Where the default comes from, or what to enter where there is none.
        word: The default of a word; empty for none.
        measured: Whether what the company's own answers and contacts say takes the default's place.
        optional: Whether nothing is missing while it is empty.
        from_one: Whether it cannot be below 1, as how often something takes place that does.
    """

    name: str
    label: str
    kind: Kind
    default: Range | None
    source: str
    word: str = ""
    measured: bool = False
    optional: bool = False
    from_one: bool = False

    @property
    def is_word(self) -> bool:
        """Whether it is no number."""
        return self.kind in ("code", "word")

    @property
    def ends(self) -> tuple[str, ...]:
        """Which ends its range has, none for a word."""
        if self.is_word:
            return ()
        return ("low", "high") if self.kind == "span" else ENDS
