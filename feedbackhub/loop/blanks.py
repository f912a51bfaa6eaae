"""Texts with blanks: what is the same for everybody is rendered once, and each message only fills its blanks in."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Blanked", "blanked", "blanks"]

# From the private use area, with a word that nobody outside this process knows: no text of others holds one.
_SECRET = secrets.token_hex(8)
_BLANK = re.compile(f"\ue000{_SECRET}-([a-z_]+)\ue001")


@dataclass(frozen=True, slots=True)
class Blanked:
    """A text in pieces: literal, name of a blank, literal, … and a literal at the end."""

    pieces: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the text with all blanks filled in; the values are not looked at again.

        Raises:
            KeyError: A blank has no value.
        """
        pieces = list(self.pieces)
        pieces[1::2] = [values[name] for name in self.pieces[1::2]]
        return "".join(pieces)


def blanks(names: Iterable[str]) -> dict[str, str]:
    """Return what to write where each of these values will stand.

    Args:
        names: Names of small letters and underscores.
    """
    return {name: f"\ue000{_SECRET}-{name}\ue001" for name in names}


def blanked(text: str) -> Blanked:
    """Return a text that holds blanks in pieces, ready to be filled in again and again."""
    return Blanked(tuple(_BLANK.split(text)))
