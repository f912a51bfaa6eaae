"""XLSX: sheets of records, and one that says what the columns mean. Every text is a text: the file holds no formula."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from feedbackhub import Batch, Column, Export

from .texts import clean, compact, moment

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["CUT", "LONGEST", "Xlsx"]

#: What a cell holds at most, in UTF-16 units, and how a text ends that was longer.
LONGEST = 32_767
CUT = " […]"
#: Rows of a sheet, the header included.
ROWS = 1_048_576
#: Larger whole numbers lose digits in a spreadsheet.
_EXACT = 2**53
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd hh:mm:ss",
}
_WIDTHS = {"moment": 19, "text": 22, "list": 22, "json": 40}


class Xlsx(Export):
    """Moments are dates in UTC, without a time zone of their own since a spreadsheet knows none."""

    name = "xlsx"
    title = "Excel (XLSX)"
    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows = ROWS

    @property
    def lacks(self) -> str:
        """The library that writes XLSX."""
        if importlib.util.find_spec("xlsxwriter") is None:
            return "xlsxwriter is not installed: pip install 'feedbackhub[exports]'"
        return ""

    def write(self, columns: Sequence[Column], batches: Iterable[Batch], target: BinaryIO) -> None:
        """Write all records row by row, on as many sheets as they need, then the sheet about the columns."""
        import xlsxwriter  # a tenth of a second, for those who want such a file only

        # What is worked on stays beside the file: it is as personal as the file.
        beside = Path(target.name).parent if isinstance(getattr(target, "name", None), str) else None
        options = {**_OPTIONS, "tmpdir": str(beside)} if beside is not None else _OPTIONS
        with xlsxwriter.Workbook(target, options) as book:
            book.use_zip64()
            sheets = _Sheets(book, columns, self.rows)
            for batch in batches:
                sheets.add(batch)
            sheets.describe()


class _Sheets:
    """The sheets of one file while it is written."""

    def __init__(self, book: Workbook, columns: Sequence[Column], rows: int) -> None:
        self._book, self._columns, self._rows = book, columns, rows
        self._bold = book.add_format({"bold": True})
        self._count = 0
        self._sheet = self._begin()
        self._row = 1

    def _begin(self) -> Worksheet:
        self._count += 1
        sheet = self._book.add_worksheet("Records" if self._count == 1 else f"Records {self._count}")
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(self._columns):
            sheet.set_column(number, number, _WIDTHS.get(column.kind, 11))
            sheet.write_string(0, number, column.name, self._bold)
        return sheet

    def add(self, batch: Batch) -> None:
        """Write the records of a batch."""
        cells = [(_CELLS[each.kind], batch.columns[each.name]) for each in self._columns]
        for index in range(batch.length):
            if self._row == self._rows:
                self._sheet, self._row = self._begin(), 1
            for number, (write, values) in enumerate(cells):
                if values[index] is not None:
                    write(self._sheet, self._row, number, values[index])
            self._row += 1

    def describe(self) -> None:
        """Write the sheet that says what each column means."""
        sheet = self._book.add_worksheet("Columns")
        sheet.set_column(0, 0, 22)
        sheet.set_column(3, 3, 80)
        for number, title in enumerate(("Column", "Kind", "Personal", "About")):
            sheet.write_string(0, number, title, self._bold)
        for row, column in enumerate(self._columns, 1):
            kind = "moment (UTC)" if column.kind == "moment" else column.kind
            for number, text in enumerate((column.name, kind, "yes" if column.personal else "no", column.about)):
                _text(sheet, row, number, text)


def _text(sheet: Worksheet, row: int, number: int, value: str, plain: Format | None = None) -> None:
    text = shortened(clean(value))
    if text.startswith("<r>") and text.endswith("</r>"):
        # The library would take this for markup of its own and write it unescaped: whatever stands in it, formulas
        # included, would be in the file. In two pieces it is escaped like every other text.
        sheet.write_rich_string(row, number, text[:1], sheet.default_url_format, text[1:])
    else:
        sheet.write_string(row, number, text)


def shortened(text: str) -> str:
    """Return a text cut to what a cell can hold, with a mark at its end when something is missing."""
    if len(text) <= LONGEST // 2 or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = (LONGEST - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


def _integer(sheet: Worksheet, row: int, number: int, value: int) -> None:
    if -_EXACT <= value <= _EXACT:
        sheet.write_number(row, number, value)
    else:
        sheet.write_string(row, number, str(value))


def _number(sheet: Worksheet, row: int, number: int, value: float) -> None:
    if math.isfinite(value):
        sheet.write_number(row, number, value)


def _moment(sheet: Worksheet, row: int, number: int, value: datetime) -> None:
    utc = value.astimezone(UTC)
    if utc.year < 1900:  # before a spreadsheet's time
        sheet.write_string(row, number, moment(value))
    else:
        sheet.write_datetime(row, number, utc.replace(tzinfo=None))


_CELLS: Mapping[str, Callable[[Any, int, int, Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "moment": _moment,
    "flag": lambda sheet, row, number, value: sheet.write_boolean(row, number, value),
    "list": lambda sheet, row, number, value: _text(sheet, row, number, compact(list(value))),
    "json": lambda sheet, row, number, value: _text(sheet, row, number, compact(value)),
}
