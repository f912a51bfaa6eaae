"""Logs: one JSON object a line, without anything that names a person or opens a door."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.machinery.logs import redact, set_up_logging

TOKEN = "AbCdEfGhIjKlMnOpQrStUvWx"


@pytest.fixture
def restored() -> Iterator[None]:
    """Put logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail to ana@example.com failed", "mail to [e-mail] failed"),
        ("<Ana.B+x@sub.example.co.id>", "<[e-mail]>"),
        ("to=ana%40example.com&x=1", "to=[e-mail]&x=1"),
        ("call +62 812-3456-7890 now", "call [phone] now"),
        ("call +14155552671", "call [phone]"),
        ("call 0812 3456 7890", "call [phone]"),
        (f"GET /s/{TOKEN} 200", "GET /s/*** 200"),
        (f"GET /s/{TOKEN}/stop?score=5 200", "GET /s/***/stop?*** 200"),
        (f"https://x.example/f/card/{TOKEN}{TOKEN}?a=b", "https://x.example/f/card/***?***"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer ***"),
        ("key fh_abcdefgh12345678 used", "key fh_*** used"),
        ("postgresql://fh:secret@db/x", "postgresql://fh:***@db/x"),
        ("GET /staff/contacts?page=2 200 12ms", "GET /staff/contacts?page=2 200 12ms"),
        ("2026-03-01T12:00:00Z took 0.0123456789 s", "2026-03-01T12:00:00Z took 0.0123456789 s"),
        ("contact 17 of 2026-03-01, version 3.11.7, task 9876543210", None),
        ("at 127.0.0.1:8000 and 10.0.0.12", None),
    ],
)
def test_what_names_a_person_or_opens_a_door_is_masked_and_the_rest_stays(text: str, kept: str | None) -> None:
    assert redact(text) == (kept or text)


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


def test_a_record_is_one_line_of_json(restored: None) -> None:
    stream = io.StringIO()
    set_up_logging("info", stream)
    log = logging.getLogger("feedbackhub.test")
    log.debug("not this")
    log.info("sent to %s\nforged line", "ana@example.com", extra={"status": 200, "target": "bob@example.com"})
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert said.pop("at").endswith("+00:00")
    assert said == {
        "level": "info",
        "message": "sent to [e-mail]\nforged line",
        "logger": "feedbackhub.test",
        "status": 200,
        "target": "[e-mail]",
    }


def test_an_error_s_text_is_masked_too(restored: None) -> None:
    stream = io.StringIO()
    set_up_logging("info", stream)
    try:
        raise ValueError("550 no such user ana@example.com")
    except ValueError:
        logging.getLogger("feedbackhub.test").exception("delivery failed")
    said = json.loads(stream.getvalue())
    assert said["error"].splitlines()[-1] == "ValueError: 550 no such user [e-mail]"
    assert "ana@" not in said["error"]


def test_a_terminal_gets_a_readable_line_that_cannot_be_forged(restored: None) -> None:
    stream = io.StringIO()
    set_up_logging("info", stream, readable=True)
    logging.getLogger("feedbackhub.test").warning("a\nb\x1b[31m", extra={"n": 1})
    (line,) = stream.getvalue().splitlines()
    assert line.partition(" ")[2] == 'warning a\\x0ab\\x1b[31m  logger="feedbackhub.test" n=1'


def test_libraries_that_repeat_whole_addresses_are_quiet(restored: None) -> None:
    stream = io.StringIO()
    set_up_logging("debug", stream)
    logging.getLogger("urllib3.connectionpool").debug("GET /x?key=canary")
    assert stream.getvalue() == ""
