"""Pieces of Markdown that the generated pages are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = ["code", "table"]


def code(text: str) -> str:
    """Return a text as code, nothing for nothing."""
    return f"`{text}`" if text else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; columns in which nothing stands are left out."""
    cells = [[_safe(cell) for cell in row] for row in rows]
    used = [place for place in range(len(head)) if any(row[place] for row in cells)]
    lines = [[head[place] for place in used], ["---"] * len(used), *([row[place] for place in used] for row in cells)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _safe(cell: str) -> str:
    """Keep bars from ending a cell, and what stands in angle brackets outside code from being taken for a tag."""
    pieces = re.split(r"(`+[^`]*`+)", cell.replace("|", "\\|"))
    return "".join(piece if piece.startswith("`") else piece.replace("<", "&lt;") for piece in pieces)
