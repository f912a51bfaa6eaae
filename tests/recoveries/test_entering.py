"""What is typed into the page of assumptions on money: numbers as people write them, and what is refused, by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Refused
from feedbackhub_plugins.recovery.money_assumptions import ASSUMPTIONS
from feedbackhub_plugins.recovery.money_book import Entry
from feedbackhub_plugins.recovery.money_wanted import Wanted, checked, typed

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


def test_numbers_and_words_are_read_as_people_write_them() -> None:
    assert entry("margin", low="50", likely="60,5", high="80.25") == Entry(50, 60.5, 80.25, "", "our own count")
    assert entry("work", likely="0") == Entry(0, 0, 0, "", "our own count")
    assert entry("work", likely="१०", high="12") == Entry(10, 10, 12, "", "our own count")
    assert entry("currency", word=" eur ") == Entry(word="EUR", source="our own count")
    assert entry("attribute", word=" is Active ") == Entry(word="is Active", source="our own count")
    assert entry("claim", low="2", high="4,5") == Entry(2, 2, 4.5, "", "our own count")


@pytest.mark.parametrize(
    ("name", "form", "fields"),
    [
        ("margin", {"likely": "1.000"}, ["likely"]),
        ("margin", {"likely": "-1"}, ["likely"]),
        ("margin", {"likely": "inf", "low": "x", "high": "1e9"}, ["low", "likely", "high"]),
        ("margin", {"likely": "9" * 15}, ["likely"]),
        ("margin", {"low": "1", "high": "2"}, ["likely"]),
        ("margin", {"low": "70", "likely": "60", "high": "50"}, ["low", "high"]),
        ("work", {"likely": "8", "source": "  "}, ["source"]),
        ("work", {"likely": "8", "source": "x" * 1001}, ["source"]),
        ("claim", {"low": "5", "high": "2"}, ["high"]),
        ("claim", {"low": "5"}, ["high"]),
        ("currency", {"word": "euro"}, ["word"]),
        ("attribute", {"word": ""}, ["word"]),
        ("attribute", {"word": "a\nb"}, ["word"]),
        ("stayed", {"word": "x" * 101, "source": ""}, ["word", "source"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(name: str, form: dict[str, str], fields: list[str]) -> None:
    assert refused(name, **form) == fields


@pytest.mark.parametrize(
    ("name", "wanted", "field"),
    [
        ("claim", Wanted({"low": 1, "likely": 2, "high": 3}, source="x"), "likely"),
        ("currency", Wanted({"likely": 2}, "EUR", "x"), "likely"),
        ("margin", Wanted({"likely": 2}, "EUR", "x"), "word"),
        ("margin", Wanted({"likely": float("nan")}, source="x"), "likely"),
    ],
)
def test_what_has_no_place_is_not_swallowed(name: str, wanted: Wanted, field: str) -> None:
    with pytest.raises(Refused) as caught:
        checked(ASSUMPTIONS[name], wanted)
    assert field in [each.field for each in caught.value.problems]


FORMS = st.dictionaries(st.sampled_from(["low", "likely", "high", "word", "source"]), st.text(max_size=20))


@given(st.sampled_from(sorted(ASSUMPTIONS)), FORMS)
def test_whatever_is_typed_becomes_an_entry_in_order_or_is_refused(name: str, form: dict[str, str]) -> None:
    about = ASSUMPTIONS[name]
    try:
        found = checked(about, typed(about, form))
    except Refused as caught:
        assert caught.problems
        return
    assert found.source
    if found.low is not None:
        assert found.likely is not None
        assert found.high is not None
        assert 0 <= found.low <= found.likely <= found.high
