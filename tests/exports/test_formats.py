"""What is written is read back as it was, whatever a customer typed, and no spreadsheet runs any of it."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedbackhub import Batch, Column, Export
from feedbackhub_plugins.files import Csv, JsonLines, Parquet, Settings, Xlsx
from feedbackhub_plugins.files.csv import guard, unguard
from feedbackhub_plugins.files.xlsx import CUT, LONGEST, shortened

COLUMNS = (
    Column("text", "text", "A text", personal=True),
    Column("integer", "integer", "A whole number"),
    Column("number", "number", "A number"),
    Column("moment", "moment", "A moment"),
    Column("flag", "flag", "Yes or no"),
    Column("list", "list", "Texts"),
    Column("json", "json", "Anything"),
)
NAMES = [each.name for each in COLUMNS]
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
Row = tuple[Any, ...]

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1", "'", "''", "' =1", "\ufeff=1",
    "\u200b=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20A1", "\u3000\uff1d1", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example")', "http://example.com", "mailto:a@example.com", "{=1+1}", "a,b;c\td", 'say "no"',
    "line\nline\r\nline\rline", "\x00", "\x00=1", "\x01\x0b\x1f\x7f\x85\ufffe\uffff", "_x0041_", "_x005F_",
    "\u2028\u2029", "\U0001f600", "اَلْعَرَبِيَّة\u202e", "<r><t>a</t></r>",
    '<r></r></is></c><c r="A9"><f>1+1</f></c><c><is><r></r>', "]]>", "&amp;", "1e5", "007", "TRUE", "null", "#REF!",
    "\\N",
)  # fmt: skip


def batches(rows: Sequence[Row], size: int = 3) -> list[Batch]:
    """Return rows as batches by columns."""
    found = []
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        values = list(zip(*part, strict=True))
        found.append(Batch(dict(zip(NAMES, values, strict=True)), str(start), len(part)))
    return found


def written(export: Export, rows: Sequence[Row], size: int = 3) -> bytes:
    """Return the file of some rows."""
    target = io.BytesIO()
    export.write(COLUMNS, batches(rows, size), target)
    return target.getvalue()


def row(text: str | None = None, **more: Any) -> Row:
    """Return a row with nothing in it but what is given."""
    return tuple({**dict.fromkeys(NAMES), "text": text, **more}.values())


def cells_of_csv(data: bytes, delimiter: str = ",") -> list[list[str]]:
    """Return the cells of a CSV file."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def read_csv(data: bytes) -> list[Row]:
    """Read a file back as its documentation says."""
    header, *lines = cells_of_csv(data)
    assert header == NAMES
    return [
        (
            unguard(cells[0]) or None,
            int(cells[1]) if cells[1] else None,
            float(cells[2]) if cells[2] else None,
            datetime.fromisoformat(cells[3]) if cells[3] else None,
            {"": None, "true": True, "false": False}[cells[4]],
            tuple(json.loads(unguard(cells[5]))) if cells[5] else None,
            json.loads(unguard(cells[6])) if cells[6] else None,
        )
        for cells in lines
    ]


def read_jsonl(data: bytes) -> list[Row]:
    """Read a file back."""
    found = [json.loads(line) for line in data.decode().splitlines()]
    for each in found:
        assert list(each) == NAMES
        each["moment"] = datetime.fromisoformat(each["moment"]) if each["moment"] else None
        each["list"] = None if each["list"] is None else tuple(each["list"])
    return [tuple(each.values()) for each in found]


def read_parquet(data: bytes) -> list[Row]:
    """Read a file back."""
    found = pq.read_table(io.BytesIO(data)).to_pylist()
    for each in found:
        each["list"] = None if each["list"] is None else tuple(each["list"])
        each["json"] = None if each["json"] is None else json.loads(each["json"])
    return [tuple(each.values()) for each in found]


def read_xlsx(data: bytes) -> list[Row]:
    """Read the records of all sheets back."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = []
    for name in book.sheetnames:
        if not name.startswith("Records"):
            continue
        header, *lines = book[name].iter_rows(values_only=True)
        assert list(header) == NAMES
        for cells in lines:
            text, integer, number, moment, flag, list_, json_ = cells
            found.append((
                text, integer, number, moment.replace(tzinfo=UTC) if moment else None, flag,
                tuple(json.loads(str(list_))) if list_ else None, json.loads(str(json_)) if json_ else None,
            ))  # fmt: skip
    return found


# What a customer can have typed: every character but lone surrogates, which the doors refuse.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60) | st.sampled_from(HOSTILE)
MOMENT = st.datetimes(timezones=st.just(UTC))
ROWS = st.lists(
    st.tuples(
        st.none() | TEXT,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | MOMENT,
        st.none() | st.booleans(),
        st.none() | st.lists(TEXT, max_size=3).map(tuple),
        st.none() | st.dictionaries(TEXT, TEXT | st.integers() | st.booleans() | st.none(), max_size=3),
    ),
    max_size=8,
)
EXACT: Mapping[str, tuple[Export, Callable[[bytes], list[Row]]]] = {
    "csv": (Csv(), read_csv),
    "jsonl": (JsonLines(), read_jsonl),
    "parquet": (Parquet(), read_parquet),
}


@pytest.mark.parametrize("name", EXACT)
@settings(max_examples=40)
@given(rows=ROWS)
@example(rows=[row(text) for text in HOSTILE])
def test_everything_is_read_back_equal(name: str, rows: list[Row]) -> None:
    export, read = EXACT[name]
    assert read(written(export, rows)) == rows


@given(text=TEXT)
def test_a_guarded_text_is_inert_and_comes_back(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    stripped = guarded.lstrip(" \"\t\r\n\ufeff\u200b\u3000\x00\xa0")
    assert guarded[0] == "'" or stripped[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("text", [each for each in HOSTILE if re.match(r"[\s\"\ufeff\u200b\x00]*[=+@＝＋－＠-]", each)])
def test_a_text_that_a_spreadsheet_would_run_gets_a_quote_in_front(text: str) -> None:
    assert cells_of_csv(written(Csv(), [row(text)]))[1][0] == f"'{text}"


@pytest.mark.parametrize("text", ["good", "a = b", "5 - 3", "a@example.org", "1e5", "fine, thanks", "no! =("])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert cells_of_csv(written(Csv(), [row(text)]))[1][0] == text


def test_numbers_below_zero_stay_numbers() -> None:
    assert written(Csv(), [row(integer=-5, number=-0.5)]).split(b"\r\n")[1] == b",-5,-0.5,,,,"


def test_an_empty_text_is_not_nothing() -> None:
    assert written(Csv(), [row(""), row(None)]).split(b"\r\n")[1:3] == [b'"",,,,,,', b",,,,,,"]


def test_texts_stand_in_quotes_so_that_another_delimiter_does_not_split_them() -> None:
    assert written(Csv(), [row("a;=1+1")]).split(b"\r\n")[1] == b'"a;=1+1",,,,,,'


def test_excel_gets_a_byte_order_mark_and_its_delimiter_when_it_is_asked_for() -> None:
    data = written(Csv(Settings(csv_bom=True, csv_delimiter=";")), [row("é")])
    assert data.startswith(b'\xef\xbb\xbf"text";"integer"')
    assert cells_of_csv(data.removeprefix(b"\xef\xbb\xbf"), ";")[1][0] == "é"


def test_moments_are_written_in_utc() -> None:
    there = AT.astimezone(timezone(timedelta(hours=7)))
    assert written(Csv(), [row(moment=there)]).split(b"\r\n")[1] == b",,,2026-03-02T09:00:00.123456Z,,,"


@pytest.mark.parametrize("name", EXACT)
def test_half_a_character_becomes_the_sign_for_one_that_is_missing(name: str) -> None:
    export, read = EXACT[name]
    data = written(export, [row("a\ud800b", list=("\udfff",), json={"\ud800": 1})])
    assert read(data) == [row("a\ufffdb", list=("\ufffd",), json={"\ufffd": 1})]


@given(data=st.floats() | st.dictionaries(st.text(max_size=2), st.floats() | st.lists(st.floats(), max_size=2)))
def test_json_holds_no_number_that_is_none(data: Any) -> None:
    for line in written(JsonLines(), [row(json={"x": data})]).decode().splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(name))


def test_parquet_says_what_each_column_is() -> None:
    schema = pq.read_schema(io.BytesIO(written(Parquet(), [row("a")])))
    assert [field.type for field in schema] == [
        pa.string(), pa.int64(), pa.float64(), pa.timestamp("us", tz="UTC"), pa.bool_(), pa.list_(pa.string()),
        pa.string(),
    ]  # fmt: skip
    assert schema.field("text").metadata == {b"about": b"A text", b"kind": b"text", b"personal": b"true"}


@pytest.mark.parametrize("export", [Csv(), JsonLines(), Parquet(), Xlsx()], ids=lambda each: each.name)
def test_no_records_make_a_file_all_the_same(export: Export) -> None:
    readers = {"csv": read_csv, "jsonl": read_jsonl, "parquet": read_parquet, "xlsx": read_xlsx}
    assert readers[export.name](written(export, [])) == []


def xml_of(data: bytes) -> str:
    """Return the XML of all sheets."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/"))


def test_a_spreadsheet_holds_every_hostile_text_as_text_and_no_formula() -> None:
    data = written(Xlsx(), [row(text, list=(text,), json={"a": text}) for text in HOSTILE])
    xml = xml_of(data)
    assert re.findall(r"<f[ >/]|<hyperlink|t=\"str\"", xml) == []
    book = openpyxl.load_workbook(io.BytesIO(data))
    types = {cell.data_type for cells in book["Records"].iter_rows(min_row=2, max_col=1) for cell in cells}
    assert types == {"s"}


@settings(max_examples=30)
@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
@example(text="<r><t>a</t></r>")
@example(text="_x0041_")
def test_a_spreadsheet_gives_texts_back(text: str) -> None:
    [found] = read_xlsx(written(Xlsx(), [row(text)]))
    assert openpyxl.utils.escape.unescape(found[0]).replace("_x005F_", "_") == text.replace("_x005F_", "_")


def test_a_spreadsheet_has_numbers_dates_and_flags() -> None:
    at = AT.replace(microsecond=123000)
    [found] = read_xlsx(written(Xlsx(), [row("a", integer=-5, number=0.5, moment=at, flag=True)]))
    assert found == row("a", integer=-5, number=0.5, moment=at, flag=True)


def test_a_spreadsheet_keeps_large_numbers_and_early_moments_as_text() -> None:
    [found] = openpyxl.load_workbook(
        io.BytesIO(written(Xlsx(), [row(integer=2**60, moment=datetime(1850, 1, 1, tzinfo=UTC))]))
    )["Records"].iter_rows(min_row=2, values_only=True)
    assert found == (None, str(2**60), None, "1850-01-01T00:00:00.000000Z", None, None, None)


@pytest.mark.parametrize("text", ["a" * 40_000, "\U0001f600" * 20_000, "=" * 40_000])
def test_a_text_that_no_cell_can_hold_is_cut_with_a_mark(text: str) -> None:
    [found] = read_xlsx(written(Xlsx(), [row(text)]))
    assert found[0] == shortened(text)
    assert found[0].endswith(CUT)
    assert text.startswith(found[0].removesuffix(CUT))
    assert LONGEST - 2 <= len(found[0].encode("utf-16-le")) // 2 <= LONGEST


def test_more_rows_than_a_sheet_holds_go_on_the_next_one() -> None:
    export = Xlsx()
    export.rows = 4
    data = written(export, [row(str(number)) for number in range(8)], size=5)
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Records", "Records 2", "Records 3", "Columns"]
    assert [each[0] for each in read_xlsx(data)] == [str(number) for number in range(8)]


def test_a_sheet_says_what_the_columns_mean() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(Xlsx(), [])))["Columns"]
    assert list(sheet.iter_rows(max_row=2, values_only=True)) == [
        ("Column", "Kind", "Personal", "About"), ("text", "text", "yes", "A text"),
    ]  # fmt: skip


def test_what_a_spreadsheet_is_made_of_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen_beside: list[int] = []

    def watched() -> Any:
        for each in batches([row("a")] * 4, 2):
            yield each
            seen_beside.append(len(list(tmp_path.iterdir())))

    with (tmp_path / "x.xlsx").open("w+b") as target:
        Xlsx().write(COLUMNS, watched(), target)
    assert min(seen_beside) > 1
    assert [each.name for each in tmp_path.iterdir()] == ["x.xlsx"]


@pytest.mark.parametrize(("export", "library"), [(Xlsx(), "xlsxwriter"), (Parquet(), "pyarrow")])
def test_a_format_without_its_library_says_what_to_install(
    export: Export, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert export.lacks == ""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert export.lacks == f"{library} is not installed: pip install 'feedbackhub[exports]'"
    assert (Csv().lacks, JsonLines().lacks) == ("", "")
