"""What a page's view reads from a request: whole numbers, and every value of a field."""

from __future__ import annotations

import pytest

from feedbackhub import PageRequest


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("9" * 15, 10**15 - 1), ("", -1), ("-1", -1), ("1.5", -1), ("१", -1), ("9" * 16, -1)],
)
def test_a_whole_number_is_read_and_nothing_else(text: str, number: int) -> None:
    assert PageRequest({}, {}, {"version": text}, "en", "").number("version", -1) == number


def test_the_form_speaks_before_the_query_and_a_missing_field_is_no_number() -> None:
    request = PageRequest({}, {"after": "1", "page": "2"}, {"after": "3"}, "en", "")
    assert [request.number(name, None) for name in ("after", "page", "limit")] == [3, 2, None]


def test_a_field_may_come_once_often_or_not_at_all() -> None:
    lists = {"flags": ("owed", "legal")}
    request = PageRequest({}, {}, {"flags": "owed", "tag": "shop", "empty": ""}, "en", "", lists=lists)
    assert [request.every(name) for name in ("flags", "tag", "empty", "gone")] == [("owed", "legal"), ("shop",), (), ()]
