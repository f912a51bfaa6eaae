"""Lines and tables for the terminal, plain enough for a pipe."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from ..contract.scalars import is_line

__all__ = ["moment", "show_table"]

#: Kinds of signs that fill no column: marks on other letters, joiners.
_UNSEEN = ("Mn", "Me", "Cf")


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """Print rows in columns below their headings, or a sentence when there are none."""
    lines = [[_printable(cell) for cell in row] for row in rows]
    if not lines:
        click.echo(empty)
        return
    widths = [max(map(_width, column)) for column in zip(headings, *lines, strict=True)]
    for line in [list(headings), *lines]:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def moment(at: datetime | None) -> str:
    """Write a moment to the minute, in UTC; a dash for none."""
    return at.strftime("%Y-%m-%d %H:%M UTC") if at else "–"


def _printable(cell: str) -> str:
    return "".join(letter if is_line(letter) else "?" for letter in cell)


def _width(text: str) -> int:
    """Return how many columns a text fills: two for a wide letter, none for a mark or a joiner."""
    return sum(
        0 if unicodedata.category(letter) in _UNSEEN else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
