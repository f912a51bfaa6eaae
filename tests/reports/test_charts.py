"""Charts: the picture and its table say the same, and nothing but finite numbers is drawn."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.charts import Bar, Spot, histogram, intervals, trend

HEADS = ("Week", "Score", "From", "To", "Answers")
NUMBER = st.none() | st.floats(-100, 100)
LABEL, COUNT = st.text(max_size=5), st.integers(0, 99)
SPOTS = st.lists(st.builds(Spot, LABEL, NUMBER, NUMBER, NUMBER, st.none() | COUNT), max_size=9)
BARS = st.lists(st.builds(Bar, LABEL, COUNT), max_size=9)


@given(SPOTS, st.sampled_from([trend, intervals]), st.booleans())
def test_estimates_and_their_table_say_the_same(spots: list[Spot], draw: type, rtl: bool) -> None:
    chart = draw("Over time", spots, HEADS, digits=3, rtl=rtl)  # type: ignore[call-arg]
    drawn = [list(row.values()) for row in chart.spec["data"]["values"]]  # type: ignore[attr-defined]
    assert drawn == [[s.label, s.value, s.low, s.high, s.n] for s in spots]
    rounded = [[round(cell, 3) if isinstance(cell, float) else cell for cell in row] for row in drawn]
    assert [list(row) for row in chart.table.rows] == rounded  # type: ignore[attr-defined]
    assert (chart.title, chart.table.columns) == ("Over time", HEADS)  # type: ignore[attr-defined]
    json.dumps(chart.spec, allow_nan=False)  # type: ignore[attr-defined]


@given(BARS, st.booleans())
def test_bars_and_their_table_say_the_same(bars: list[Bar], rtl: bool) -> None:
    chart = histogram("Scores", bars, ("Score", "Answers"), rtl=rtl)
    drawn = [(row["label"], row["n"]) for row in chart.spec["data"]["values"]]
    assert drawn == [(bar.label, bar.n) for bar in bars] == [tuple(row) for row in chart.table.rows]


def test_kinds_of_bars_have_a_colour_each_and_a_column() -> None:
    bars = [Bar("0", 1, "low", "bad"), Bar("5", 2, "middle"), Bar("10", 3, "high", "good")]
    chart = histogram("Scores", bars, ("Score", "Answers", "Kind"))
    scale = chart.spec["encoding"]["color"]["scale"]
    assert scale["domain"] == ["low", "middle", "high"]
    assert len(set(scale["range"])) == 3
    assert list(chart.table.rows) == [("0", 1, "low"), ("5", 2, "middle"), ("10", 3, "high")]


def test_places_keep_their_order_also_without_a_value() -> None:
    spots = [Spot("b", None), Spot("a", 1.0), Spot("c", None)]
    by_time, by_group = trend("T", spots, HEADS), intervals("T", spots, HEADS)
    assert by_time.spec["encoding"]["x"]["scale"]["domain"] == ["b", "a", "c"]
    assert by_group.spec["layer"][0]["encoding"]["y"]["scale"]["domain"] == ["b", "a", "c"]


def test_on_pages_from_right_to_left_so_is_the_chart() -> None:
    chart = trend("T", [Spot("a", 1.0)], HEADS, rtl=True)
    assert chart.spec["encoding"]["x"]["scale"]["reverse"] is True
    assert chart.spec["layer"][1]["encoding"]["y"]["axis"]["orient"] == "right"


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_drawn(number: float) -> None:
    for place in ("value", "low", "high"):
        with pytest.raises(ValueError, match="finite"):
            trend("T", [Spot("a", **{"value": 1.0, place: number})], HEADS)
    with pytest.raises(ValueError, match="finite"):
        intervals("T", [], HEADS, mark=number)


def test_every_column_has_a_head() -> None:
    with pytest.raises(ValueError, match="5 columns"):
        trend("T", [], ("Week", "Score"))
    with pytest.raises(ValueError, match="3 columns"):
        histogram("T", [Bar("0", 1, "low")], ("Score", "Answers"))


def test_counts_are_drawn_against_whole_numbers() -> None:
    ticks = [
        histogram("Scores", [Bar("1", n)], ("Score", "Answers")).spec["encoding"]["y"]["axis"]["tickCount"]
        for n in (0, 1, 2, 300)
    ]
    assert ticks == [1, 1, 2, 5]
