"""Reading CSV or JSON lines row by row; what cannot be read becomes a numbered error, and the next row follows."""

from __future__ import annotations

import codecs
import csv
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from ..contract.errors import Problem, Refused

__all__ = ["Bad", "Layout", "Row", "Rows", "layout_of"]

#: Most characters of one row, quoted line breaks included.
LONGEST_ROW = 2_000_000
#: Most characters of one cell.
LONGEST_CELL = 100_000
_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that could be read: its number from 1, the line it begins on, its cells by column."""

    number: int
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a row, or one cell of it, cannot be used; holds no value of the file.

    Args:
        number: The row's number from 1.
        line: The line that it begins on.
        column: The column, empty when the row as a whole is meant.
        reason: What is wrong.
    """

    number: int
    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class Layout:
    """How a file is written.

    Args:
        json_lines: One JSON object a line, instead of CSV.
        encoding: Name of its encoding.
        delimiter: Between the cells of CSV.
        columns: The header of CSV; empty for JSON lines.
    """

    json_lines: bool
    encoding: str
    delimiter: str = ","
    columns: tuple[str, ...] = ()


def layout_of(path: Path, encoding: str = "", delimiter: str = "") -> Layout:
    """Return how a file is written, judging by its first bytes, its name and its first line.

    Args:
        path: The file.
        encoding: Its encoding; empty: by its byte-order mark, else UTF-8.
        delimiter: Of CSV; empty: the one that the header uses most.

    Raises:
        Refused: It has no header, or one that cannot be used.
    """
    with path.open("rb") as raw:
        begin = raw.read(4096)
    encoding = encoding or next((name for mark, name in _BOMS if begin.startswith(mark)), "utf-8")
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json") or begin.lstrip(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        return Layout(True, encoding)
    delimiter = delimiter or max(_DELIMITERS, key=_header(path, encoding, ",").count)
    columns = tuple(name.strip() for name in _cells(_header(path, encoding, delimiter), delimiter))
    _check_header(columns)
    return Layout(False, encoding, delimiter, columns)


def _header(path: Path, encoding: str, delimiter: str) -> str:
    with _opened(path, encoding) as text:
        found = next(_records(_Lines(text), delimiter), None)
    return found[1] or "" if found else ""


def _check_header(columns: tuple[str, ...]) -> None:
    if not any(columns):
        raise Refused(Problem("", "the file has no header line with the names of its columns"))
    if any(_unreadable(name) for name in columns):
        raise Refused(Problem("", "the header is not text in this encoding; name it with --encoding"))
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Refused(Problem("", f"the header names several columns {', '.join(twice)}"))


class Rows:
    """Goes through a file once.

    Args:
        path: The file.
        layout: How it is written.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path, self._layout = path, layout
        self._size = max(path.stat().st_size, 1)
        self._text: TextIO | None = None

    @property
    def done(self) -> float:
        """Which share of the file has been read."""
        if self._text is None or self._text.closed:
            return 0.0
        return min(1.0, os.lseek(self._text.fileno(), 0, os.SEEK_CUR) / self._size)

    def __iter__(self) -> Iterator[Row | Bad]:
        with _opened(self._path, self._layout.encoding) as text:
            self._text = text
            lines = _Lines(text)
            yield from _json_rows(lines) if self._layout.json_lines else _csv_rows(lines, self._layout)


def _opened(path: Path, encoding: str) -> TextIO:
    """Open a text; bytes that are none in this encoding come out as halves of character pairs."""
    wide = encoding.lower().replace("-", "").replace("_", "").startswith(("utf16", "utf32"))
    try:
        return path.open(encoding=encoding, errors="surrogatepass" if wide else "surrogateescape", newline="")
    except LookupError:
        raise Refused(Problem("", f"there is no encoding named {encoding}")) from None


class _Lines:
    """Physical lines with their numbers; some can be put back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        """Return the next line with its end, None at the end of the file; a very long one comes in pieces."""
        if self._waiting:
            self.number += 1
            return self._waiting.pop()
        try:
            line = self._text.readline(LONGEST_ROW + 1)
        except UnicodeDecodeError:
            return None  # the file ends within a character; what came before has been read
        if not line:
            return None
        self.number += 1
        return line

    def put_back(self, lines: list[str]) -> None:
        """Let these lines come again."""
        self._waiting.extend(reversed(lines))
        self.number -= len(lines)


def _csv_rows(lines: _Lines, layout: Layout) -> Iterator[Row | Bad]:
    records = _records(lines, layout.delimiter)
    next(records, None)
    number = 0
    for line, text in records:
        if text is not None and not text.strip("\r\n"):
            continue
        number += 1
        if text is None:
            yield Bad(number, line, "", f"is longer than {LONGEST_ROW} characters, or a quote is never closed")
            continue
        yield _csv_row(number, line, text, layout)


def _csv_row(number: int, line: int, text: str, layout: Layout) -> Row | Bad:
    try:
        cells = _cells(text, layout.delimiter)
    except csv.Error as error:
        return Bad(number, line, "", f"is no CSV: {error}")
    if len(cells) != len(layout.columns):
        lines = text.count("\n")
        hint = f" (it goes on to line {line + lines - 1}; is a quote missing?)" if lines > 1 else ""
        return Bad(number, line, "", f"has {len(cells)} cells, the header has {len(layout.columns)}{hint}")
    return _checked(Row(number, line, dict(zip(layout.columns, cells, strict=True))))


def _checked(row: Row) -> Row | Bad:
    for column, cell in row.cells.items():
        if len(cell) > LONGEST_CELL:
            return Bad(row.number, row.line, column, f"has {len(cell)} characters, at most {LONGEST_CELL} are taken")
        if not cell.isascii() and _unreadable(cell):
            return Bad(row.number, row.line, column, "holds bytes that are no text in this encoding")
    return row


def _unreadable(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _cells(text: str, delimiter: str) -> list[str]:
    # The module's limit is one for the whole process; a row's own limit was held when it was read.
    csv.field_size_limit(LONGEST_ROW)
    return next(csv.reader(StringIO(text, newline=""), delimiter=delimiter or ","), [])


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, str | None]]:
    """Yield each row's first line number and text; None instead when it never ends."""
    while (line := lines.next()) is not None:
        start, parts, size = lines.number, [line], len(line)
        quoted = _leaves_open(line, delimiter, False)
        while quoted and size <= LONGEST_ROW:
            more = lines.next()
            if more is None:
                break
            parts.append(more)
            size += len(more)
            quoted = _leaves_open(more, delimiter, True)
        if size > LONGEST_ROW and len(parts) == 1:
            _skip_rest(lines, line)
            yield start, None
        elif quoted:
            # The quote was a mistake of this line: those after it are rows of their own.
            lines.put_back(parts[1:])
            yield start, None
        else:
            yield start, "".join(parts)


def _skip_rest(lines: _Lines, piece: str) -> None:
    while not piece.endswith(("\n", "\r")):
        more = lines.next()
        if more is None:
            return
        piece = more


def _leaves_open(line: str, delimiter: str, quoted: bool) -> bool:
    """Tell whether a line ends inside a quoted cell, by the rules of Python's `csv`."""
    if '"' not in line:
        return quoted
    at, end = 0, len(line)
    while at < end:
        if quoted:
            at = line.find('"', at)
            if at < 0:
                return True
            if line.startswith('""', at):
                at += 2
                continue
            quoted = False
        elif line[at] == '"':
            quoted = True
            at += 1
            continue
        at = line.find(delimiter, at)
        if at < 0:
            return False
        at += 1
    return quoted


def _json_rows(lines: _Lines) -> Iterator[Row | Bad]:
    number = 0
    while (line := lines.next()) is not None:
        start = lines.number
        if not line.strip():
            continue
        number += 1
        if len(line) > LONGEST_ROW:
            _skip_rest(lines, line)
            yield Bad(number, start, "", f"is longer than {LONGEST_ROW} characters")
            continue
        yield _json_row(number, start, line)


def _json_row(number: int, line: int, text: str) -> Row | Bad:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Bad(number, line, "", "is no JSON")
    if not isinstance(value, dict):
        return Bad(number, line, "", "is no JSON object")
    cells: dict[str, str] = {}
    try:
        _flatten("", value, cells)
    except (ValueError, RecursionError):
        return Bad(number, line, "", "is nested too deeply, or holds a number of too many digits")
    return _checked(Row(number, line, cells))


def _flatten(name: str, value: Any, cells: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{name}.{key}" if name else str(key), inner, cells)
    elif isinstance(value, list):
        cells[name] = ", ".join(str(each) for each in value)
    elif isinstance(value, bool):
        cells[name] = "true" if value else "false"
    else:
        cells[name] = "" if value is None else str(value)
