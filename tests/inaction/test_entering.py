"""What is typed into the page of assumptions: numbers as people write them, and what is refused, by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Refused
from feedbackhub_plugins.inaction.assumptions import ASSUMPTIONS
from feedbackhub_plugins.inaction.book import Entry
from feedbackhub_plugins.inaction.wanted import checked, typed

SOURCE = {"source": "our own count"}


def entry(name: str, **form: str) -> Entry:
    """Return what a form enters."""
    about = ASSUMPTIONS[name]
    return checked(about, typed(about, {**SOURCE, **form}))


def refused(name: str, **form: str) -> list[str]:
    """Return the fields that a form is refused for."""
    with pytest.raises(Refused) as caught:
        entry(name, **form)
    return [each.field for each in caught.value.problems]


def test_numbers_are_read_as_people_write_them() -> None:
    assert entry("margin", low="50", likely="60,5", high="80.25") == Entry(50, 60.5, 80.25, "", "our own count")
    assert entry("lost_silent", low="15", likely="25 %", high="30%") == Entry(0.15, 0.25, 0.3, "", "our own count")
    assert entry("told", likely="१०") == Entry(10, 10, 10, "", "our own count")
    assert entry("influence", likely="0.125") == Entry(0.00125, 0.00125, 0.00125, "", "our own count")
    assert entry("currency", word=" eur ") == Entry(word="EUR", source="our own count")


@pytest.mark.parametrize(
    ("name", "form", "fields"),
    [
        ("margin", {"likely": "1.000"}, ["likely"]),
        ("margin", {"likely": "1,000,000"}, ["likely"]),
        ("margin", {"likely": "-1"}, ["likely"]),
        ("margin", {"likely": "nan"}, ["likely"]),
        ("margin", {"likely": "inf", "low": "x", "high": "1e9"}, ["low", "likely", "high"]),
        ("margin", {"likely": "9" * 15}, ["likely"]),
        ("margin", {}, ["likely"]),
        ("margin", {"low": "1", "high": "2"}, ["likely"]),
        ("margin", {"low": "70", "likely": "60", "high": "50"}, ["low", "high"]),
        ("solved", {"likely": "101"}, ["likely"]),
        ("contacts_each", {"likely": "0.5"}, ["likely"]),
        ("told", {"likely": "8", "source": "  "}, ["source"]),
        ("told", {"likely": "8", "source": "x" * 1001}, ["source"]),
        ("currency", {"word": "euro"}, ["word"]),
        ("currency", {"word": "", "source": ""}, ["word", "source"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(name: str, form: dict[str, str], fields: list[str]) -> None:
    assert refused(name, **form) == fields


@given(st.sampled_from(sorted(set(ASSUMPTIONS) - {"currency"})), st.dictionaries(
    st.sampled_from(["low", "likely", "high", "source", "word"]), st.text(max_size=20), max_size=5
))  # fmt: skip
def test_whatever_is_typed_is_entered_in_order_or_refused(name: str, form: dict[str, str]) -> None:
    about = ASSUMPTIONS[name]
    try:
        found = checked(about, typed(about, form))
    except Refused as error:
        assert {each.field for each in error.problems} <= {"low", "likely", "high", "source"}
        return
    assert found.low is not None
    assert found.likely is not None
    assert found.high is not None
    assert 0 <= found.low <= found.likely <= found.high <= (1 if about.kind == "share" else 1e12)
