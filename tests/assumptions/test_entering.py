"""What is typed into a page of assumptions: numbers and words as people write them, and what is refused, by field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Refused
from feedbackhub.reporting.assumptions import Assumption, Entry, Kind, Range, Wanted, checked, typed
from feedbackhub.reporting.assumptions.entering import written

SOURCE = {"source": "our own count"}


def named(name: str, kind: Kind, from_one: bool = False) -> Assumption:
    """Return an assumption."""
    return Assumption(name, name.title(), kind, Range(1, 1, 1) if kind == "span" else None, "", from_one=from_one)


ALL = {
    each.name: each
    for each in (
        named("margin", "money"), named("lost", "share"), named("told", "number"), named("each", "number", True),
        named("claim", "span"), named("currency", "code"), named("attribute", "word"),
    )
}  # fmt: skip


def entry(name: str, **form: str) -> Entry:
    """Return what a form enters."""
    return checked(ALL[name], typed(ALL[name], {**SOURCE, **form}))


def fields_refused(name: str, wanted: Wanted) -> list[str]:
    """Return the fields that something is refused for."""
    with pytest.raises(Refused) as caught:
        checked(ALL[name], wanted)
    return [each.field for each in caught.value.problems]


def test_numbers_and_words_are_read_as_people_write_them() -> None:
    assert entry("margin", low="50", likely="60,5", high="80.25") == Entry(50, 60.5, 80.25, "", "our own count")
    assert entry("margin", likely="0") == Entry(0, 0, 0, "", "our own count")
    assert entry("lost", low="15", likely="25 %", high="30%") == Entry(0.15, 0.25, 0.3, "", "our own count")
    assert entry("lost", likely="0.125") == Entry(0.00125, 0.00125, 0.00125, "", "our own count")
    assert entry("told", likely="१०", high="12") == Entry(10, 10, 12, "", "our own count")
    assert entry("claim", low="2", high="4,5") == Entry(2, 2, 4.5, "", "our own count")
    assert entry("currency", word=" eur ") == Entry(word="EUR", source="our own count")
    assert entry("attribute", word=" is Active ") == Entry(word="is Active", source="our own count")


@pytest.mark.parametrize("name", ["margin", "lost"])
@pytest.mark.parametrize("number", [0, 1e-7, 0.00001, 0.125, 0.3, 1, 1.125, 12.345, 999.001, 1000, 1234.5678, 1e12])
def test_what_a_program_entered_stands_in_the_form_as_it_can_be_saved_again(name: str, number: float) -> None:
    given = number if name == "margin" else min(number, 1)
    assert entry(name, likely=written(ALL[name], given)).likely == pytest.approx(given, rel=1e-11)


@pytest.mark.parametrize(
    ("name", "form", "fields"),
    [
        ("margin", {"likely": "1.000"}, ["likely"]),
        ("margin", {"likely": "1,000,000"}, ["likely"]),
        ("margin", {"likely": "-1"}, ["likely"]),
        ("margin", {"likely": "nan"}, ["likely"]),
        ("margin", {"likely": "25 %"}, ["likely"]),
        ("margin", {"likely": "inf", "low": "x", "high": "1e9"}, ["low", "likely", "high"]),
        ("margin", {"likely": "9" * 15}, ["likely"]),
        ("margin", {}, ["likely"]),
        ("margin", {"low": "1", "high": "2"}, ["likely"]),
        ("margin", {"low": "70", "likely": "60", "high": "50"}, ["low", "high"]),
        ("lost", {"likely": "101"}, ["likely"]),
        ("each", {"likely": "0.5"}, ["likely"]),
        ("told", {"likely": "8", "source": "  "}, ["source"]),
        ("told", {"likely": "8", "source": "x" * 1001}, ["source"]),
        ("claim", {"low": "5", "high": "2"}, ["high"]),
        ("claim", {"low": "5"}, ["high"]),
        ("currency", {"word": "euro"}, ["word"]),
        ("currency", {"word": "", "source": ""}, ["word", "source"]),
        ("attribute", {"word": "a\nb"}, ["word"]),
        ("attribute", {"word": "x" * 101, "source": ""}, ["word", "source"]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(name: str, form: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        entry(name, **form)
    assert [each.field for each in caught.value.problems] == fields


@pytest.mark.parametrize(
    ("name", "wanted", "fields"),
    [
        ("claim", Wanted({"low": 1, "likely": 2, "high": 3}, source="x"), ["likely"]),
        ("currency", Wanted({"likely": 2}, "EUR", "x"), ["likely"]),
        ("margin", Wanted({"likely": 2}, "EUR", "x"), ["word"]),
        ("margin", Wanted({"likely": float("nan")}, source="x"), ["likely"]),
    ],
)
def test_what_has_no_place_is_not_swallowed(name: str, wanted: Wanted, fields: list[str]) -> None:
    assert fields_refused(name, wanted) == fields


FORMS = st.dictionaries(st.sampled_from(["low", "likely", "high", "word", "source"]), st.text(max_size=20))


@given(st.sampled_from(sorted(ALL)), FORMS)
def test_whatever_is_typed_becomes_an_entry_in_order_or_is_refused(name: str, form: dict[str, str]) -> None:
    about = ALL[name]
    try:
        found = checked(about, typed(about, form))
    except Refused as caught:
        assert {each.field for each in caught.problems} <= {*(about.ends or ["word"]), "source"}
        return
    assert found.source
    assert bool(found.word) == about.is_word
    if not about.is_word:
        assert found.low is not None
        assert found.likely is not None
        assert found.high is not None
        assert 0 <= found.low <= found.likely <= found.high <= (1 if about.kind == "share" else 1e12)
