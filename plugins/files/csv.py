"""CSV: RFC 4180, UTF-8, no cell that a spreadsheet would run.

A text is put in double quotes, nothing known is an empty cell without them. A text that begins with a sign which a
spreadsheet takes for a formula, whatever blanks or quotes stand before that sign, gets one ``'`` in front; so does a
text that begins with ``'``. Taking one ``'`` away from every text that begins with it gives back what was stored.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from feedbackhub import Batch, Column, Export

from .settings import Settings
from .texts import clean, compact, moment

__all__ = ["Csv", "guard", "unguard"]

#: Blanks, quotes, controls and invisible signs that some spreadsheets skip before a formula.
_SKIPPED = r"[\s\"'`\x00-\x20\x7f-\xa0\xad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\u3000\ufeff\ufffd]*"
_LIVE = re.compile(rf"['\t\r\n]|{_SKIPPED}[=+\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b]")
_PLAIN = frozenset(string.ascii_letters + string.digits)


def guard(text: str) -> str:
    """Return a text with ``'`` in front when a spreadsheet might run it, or when it begins with ``'`` itself."""
    return f"'{text}" if _LIVE.match(text) else text


def unguard(text: str) -> str:
    """Return the text that `guard` was given."""
    return text.removeprefix("'")


def _text(value: str) -> str:
    return '"' + guard(clean(value)).replace('"', '""') + '"'


def _number(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else ""


def _cells(write: Callable[[Any], str]) -> Callable[[Sequence[Any]], list[str]]:
    """Return what makes cells of values; of those that come again and again each is written once."""

    def cells(values: Sequence[Any]) -> list[str]:
        try:
            different = set(values)
        except TypeError:  # mappings cannot be told apart so
            return ["" if value is None else write(value) for value in values]
        if len(different) * 2 > len(values):
            return _texts(values) if write is _text else ["" if value is None else write(value) for value in values]
        written = {value: "" if value is None else write(value) for value in different}
        return [written[value] for value in values]

    return cells


def _texts(values: Sequence[str | None]) -> list[str]:
    """Return the cells of texts that differ; most begin with nothing to guard, and hold nothing that needs care."""
    return [
        "" if value is None
        else f'"{value}"' if value[:1] in _PLAIN and value.isascii() and '"' not in value
        else _text(value)
        for value in values
    ]  # fmt: skip


_CELLS: Mapping[str, Callable[[Sequence[Any]], list[str]]] = {
    "text": _cells(_text),
    "integer": _cells(lambda value: str(int(value))),
    "number": _cells(_number),
    "moment": _cells(moment),
    "flag": _cells(lambda value: "true" if value else "false"),
    "list": _cells(lambda value: _text(compact(list(value)))),
    "json": _cells(lambda value: _text(compact(value))),
}


class Csv(Export):
    """One row for each record, a header with the columns' names."""

    name = "csv"
    title = "CSV"
    suffix = "csv"
    media_type = "text/csv; charset=utf-8"

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()

    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write the header and all records, a batch at a time."""
        delimiter = self.settings.csv_delimiter
        if self.settings.csv_bom:
            target.write(b"\xef\xbb\xbf")
        target.write((delimiter.join(_text(each.name) for each in columns) + "\r\n").encode())
        for batch in batches:
            cells = [_column(each, batch) for each in columns]
            lines = (delimiter.join(row) for row in zip(*cells, strict=True))
            target.write(("\r\n".join(lines) + "\r\n").encode())


def _column(column: Column, batch: Batch) -> Sequence[str]:
    written = batch.texts.get(column.name)
    if written is None:
        return _CELLS[column.kind](batch.columns[column.name])
    return [each or "" for each in written] if column.kind == "moment" else _CELLS["text"](written)
