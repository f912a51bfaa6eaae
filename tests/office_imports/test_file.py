"""Every row of a file comes out once: readable, or as an error with its number."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.contract.errors import Refused
from feedbackhub.office import import_file
from feedbackhub.office.import_errors import ErrorFile
from feedbackhub.office.import_file import Bad, Row, Rows, layout_of


def read(path: Path, content: bytes, name: str = "file.csv", **options: str) -> list[Row | Bad]:
    """Return the rows of a file with this content."""
    file = path / name
    file.write_bytes(content)
    return list(Rows(file, layout_of(file, **options)))


def cells(rows: list[Row | Bad]) -> list[dict[str, str]]:
    """Return the cells of the readable rows."""
    return [dict(row.cells) for row in rows if isinstance(row, Row)]


def errors(rows: list[Row | Bad]) -> list[tuple[int, int, str, str]]:
    """Return the errors."""
    return [(row.number, row.line, row.column, row.reason) for row in rows if isinstance(row, Bad)]


@pytest.mark.parametrize(
    "content",
    [
        b"id,text\n1,a\n2,b\n",
        b"\xef\xbb\xbfid,text\r\n1,a\r\n2,b",
        b"id;text\n1;a\n2;b\n",
        b"id\ttext\n1\ta\n\n2\tb\n",
        b"id|text\r1|a\r2|b\r",
        "id,text\n1,a\n2,b\n".encode("utf-16"),
    ],
)
def test_usual_spellings_of_a_table_are_understood(tmp_path: Path, content: bytes) -> None:
    rows = read(tmp_path, content)
    assert cells(rows) == [{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]
    assert [row.number for row in rows] == [1, 2]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    rows = read(tmp_path, b'id,text\n1,"a, ""b""\nc\n"\n2,5" pipe\n')
    assert cells(rows) == [{"id": "1", "text": 'a, "b"\nc\n'}, {"id": "2", "text": '5" pipe'}]
    assert [row.line for row in rows] == [2, 5]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = read(tmp_path, b'id,text\n1,"a\n2,b\n3,c\n')
    assert cells(rows) == [{"id": "2", "text": "b"}, {"id": "3", "text": "c"}]
    assert [(number, line) for number, line, _, _ in errors(rows)] == [(1, 2)]


def test_rows_of_other_lengths_are_errors(tmp_path: Path) -> None:
    rows = read(tmp_path, b"id,text\n1,a,b\n2\n3,c\n")
    assert errors(rows) == [
        (1, 2, "", "has 3 cells, the header has 2"),
        (2, 3, "", "has 1 cells, the header has 2"),
    ]
    assert cells(rows) == [{"id": "3", "text": "c"}]


def test_bytes_that_are_no_text_are_errors_of_their_cell(tmp_path: Path) -> None:
    rows = read(tmp_path, b"id,text\n1,caf\xe9\n2,b\n")
    assert errors(rows) == [(1, 2, "text", "holds bytes that are no text in this encoding")]
    assert cells(rows) == [{"id": "2", "text": "b"}]
    assert cells(read(tmp_path, b"id,text\n1,caf\xe9\n", encoding="cp1252")) == [{"id": "1", "text": "café"}]


def test_a_huge_cell_or_row_is_an_error_and_the_next_row_follows(tmp_path: Path) -> None:
    rows = read(tmp_path, b"id,text\n1," + b"x" * 200_000 + b"\n2," + b"y" * 3_000_000 + b"\n3,c\n")
    assert [number for number, _, _, _ in errors(rows)] == [1, 2]
    assert errors(rows)[0][2:] == ("text", "has 200000 characters, at most 100000 are taken")
    assert cells(rows) == [{"id": "3", "text": "c"}]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no header line"),
        (b"\n\n", "no header line"),
        (b"id,id\n1,2\n", "several columns id"),
        (b"n\xe9,id\n1,2\n", "not text in this encoding"),
    ],
)
def test_a_file_without_a_usable_header_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(tmp_path, content)


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no encoding named klingon"):
        read(tmp_path, b"id\n1\n", encoding="klingon")


def test_json_lines_become_dotted_cells(tmp_path: Path) -> None:
    customer = {"email": "a@b.example", "ids": {"crm": 7}}
    line = {"id": 1, "customer": customer, "tags": ["x", "y"], "ok": True, "no": None}
    rows = read(tmp_path, json.dumps(line).encode() + b"\n\n", name="file.jsonl")
    assert cells(rows) == [
        {"id": "1", "customer.email": "a@b.example", "customer.ids.crm": "7", "tags": "x, y", "ok": "true", "no": ""}
    ]


def test_bad_json_costs_one_row(tmp_path: Path) -> None:
    content = b'{"id": 1}\n{"id": \n[1]\n' + b'{"a":' * 5000 + b"\n" + b'{"id": "\\ud800"}\n{"id": 2}\n'
    rows = read(tmp_path, content, name="file.jsonl")
    assert cells(rows) == [{"id": "1"}, {"id": "2"}]
    assert [number for number, _, _, _ in errors(rows)] == [2, 3, 4, 5]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@given(st.lists(st.lists(TEXT, min_size=2, max_size=2).filter(any), max_size=8), st.sampled_from(",;\t|"))
def test_whatever_csv_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["one", "two"], *table])
    rows = read(tmp_path_factory.mktemp("f"), text.getvalue().encode(), delimiter=delimiter)
    assert [list(row.values()) for row in cells(rows)] == table


@given(st.binary(max_size=300))
def test_any_bytes_end_in_rows_or_refusal(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.mktemp("f") / "file.csv"
    file.write_bytes(b"a,b\n" + content)
    rows = list(Rows(file, layout_of(file)))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (import_file.LONGEST_CELL, import_file.LONGEST_ROW) == (100_000, 2_000_000)


@pytest.mark.parametrize("column", ["=cmd()", "\u200b=cmd()", "\u00a0@x", "\uff1d1", "\ufeff-1"])
def test_a_column_that_a_spreadsheet_would_run_is_written_dead(tmp_path: Path, column: str) -> None:
    file = ErrorFile(tmp_path / "errors.csv")
    file.add([Bad(1, 2, column, "is no date")])
    written = io.StringIO(file.path.read_text(encoding="utf-8"))
    assert list(csv.reader(written))[1] == ["1", "2", f"'{column}", "is no date"]
