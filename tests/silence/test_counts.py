"""What the report says of people, from none to many, and what it refuses or leaves out and says so."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from feedbackhub import Figure, Query, QuestionInfo, Refused, Report, ReportTable, Way
from feedbackhub_plugins.silence.analysis import Silence
from tests.silence.people import CSAT, DAY, NOW, RECOMMEND, SOLVED, People

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
HERE = {"basis": "contact", "survey": "asked"}
WAYS = ["As answered", "Weighted by strata", "Raked to each dimension", "By the chance to answer"]
RAW, WEIGHTED = "Satisfied customers: as answered", "Satisfied customers: weighted by strata"


def report(people: People, query: Query = MARCH, **options: str) -> Report:
    """Return the report on people."""
    return Silence(people).report(replace(query, options=options))  # type: ignore[arg-type]


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def table(of: Report, title: str) -> ReportTable:
    """Return a table by its title."""
    (found,) = (each for each in of.tables if each.title == title)
    return found


def columns(of: ReportTable, *names: str) -> list[tuple[object, ...]]:
    """Return some columns of a table."""
    places = [list(of.columns).index(name) for name in names]
    return [tuple(row[place] for place in places) for row in of.rows]


def ways(of: Report, *names: str) -> list[tuple[object, ...]]:
    """Return some columns of the table of the ways of counting."""
    return columns(table(of, "As answered, and had everybody answered"), *names)


def uneven(questions: Sequence[QuestionInfo] = (CSAT,)) -> People:
    """Return people of whom the displeased, on the phone, answer least: 50 of 100 are pleased, 2 of 3 who answer."""
    people = People(*questions)
    people.add({"5": 40, "1": 10}, silent=0, channel="chat", segment="business")
    people.add({"5": 32, "1": 8}, silent=10, channel="chat", segment="consumer")
    people.add({"5": 4, "1": 16}, silent=30, channel="phone", segment="business")
    people.add({"5": 2, "1": 8}, silent=40, channel="phone", segment="consumer")
    return people


def test_rates_come_first_then_raw_and_weighted_and_their_worth() -> None:
    found = report(uneven(), strata="channel")
    assert [each.label for each in found.figures] == [
        "Response rate", "Change from the days before", RAW, WEIGHTED, "Effective answers", "R-indicator",
    ]  # fmt: skip
    rate = figure(found, "Response rate")
    assert (rate.value, rate.note, rate.n) == (0.6, "120 of 200 asked", None)
    assert figure(found, RAW).value == pytest.approx(78 / 120)
    # 100 of chat with 72 of 90 pleased, 100 of phone with 6 of 30.
    assert figure(found, WEIGHTED).value == pytest.approx(0.5 * 0.8 + 0.5 * 0.2)
    assert figure(found, "Effective answers").value == round(200**2 / (90 * (10 / 9) ** 2 + 30 * (10 / 3) ** 2), 1)
    # Two strata of 100 with the chances 0.9 and 0.3.
    assert figure(found, "R-indicator").value == round(1 - 2 * (200 * 0.3**2 / 199) ** 0.5, 3)
    assert "the number over all 200 asked lies between 39.0 % and 79.0 %" in found.notes[0]
    # The error by resampling all 200, as tests/statistics/test_weighting_gap.py does: 2.8 points.
    assert found.notes[1] == (
        "Had all strata answered equally often, the number would differ by -15.0 points from that as answered (95 % "
        "interval: -20.4 to -9.6)."
    )
    assert found.as_of == NOW


def test_the_weighted_ways_stand_beside_the_raw_one() -> None:
    found = report(uneven(), strata="channel, segment")
    assert [row[0] for row in found.charts[1].table.rows] == WAYS
    rows = ways(found, "Way of counting", "Satisfied customers %", "Answers", "Largest weight", "Remark")
    assert rows[:2] == [("As answered", 65.0, 120, 1.7, ""), ("Weighted by strata", 50.0, 120, 5.0, "")]
    assert [row[0] for row in rows] == WAYS
    # Within a channel both segments are as pleased; the chance to answer is none of both dimensions added up.
    assert [row[1] for row in rows[1:]] == [50.0, 50.0, 48.7]
    lows = ways(found, "Interval from", "Interval to")
    assert all(isinstance(low, float) and isinstance(high, float) and low < 50 < high for low, high in lows[1:])
    strata = table(found, "Strata")
    assert columns(strata, "Stratum", "Asked", "Answers", "One answer stands for", "Satisfied customers %") == [
        ("chat, business", 50, 50, 1.0, 80.0), ("chat, consumer", 50, 40, 1.25, 80.0),
        ("phone, business", 50, 20, 2.5, 20.0), ("phone, consumer", 50, 10, 5.0, 20.0),
    ]  # fmt: skip
    assert strata.ways[0] == Way(values={**HERE, "channel": "chat", "segment": "business"})


def test_who_is_heard_too_little_is_named_where_that_is_shown() -> None:
    people = uneven()
    people.add({}, silent=3, channel="fax", segment="business")
    for number, person in enumerate(people.held):
        person.known = {**person.known, "team": "red" if number % 2 == 0 else "blue"}
    found = table(report(people), "Who answers, and who does not")
    assert columns(found, "Who", "Known by", "Asked", "Answered", "Of all answers %", "Against the others") == [
        ("chat", "Channel", 100, 90, 75.0, "answers more"), ("fax", "Channel", 3, 0, 0.0, "too few to say"),
        ("phone", "Channel", 100, 30, 25.0, "answers less"), ("blue", "Team", 101, 60, 50.0, "no difference shown"),
        ("red", "Team", 102, 60, 50.0, "no difference shown"),
        ("business", "Segment", 103, 70, 58.3, "no difference shown"),
        ("consumer", "Segment", 100, 50, 41.7, "no difference shown"),
    ]  # fmt: skip
    assert found.ways[2] == Way(values={**HERE, "channel": "phone"})


@pytest.mark.parametrize(
    ("n", "few"), [(0, "none"), (1, "counts"), (9, "counts"), (10, "flag"), (29, "flag"), (30, "")]
)
@pytest.mark.parametrize("answer", ["1", "5"])
def test_from_none_to_many_answers_that_are_all_alike(n: int, few: str, answer: str) -> None:
    people = People()
    people.add({answer: n}, silent=n + 5, channel="chat")
    found = report(people)
    assert figure(found, "Response rate").note.startswith(f"{n} of {2 * n + 5} asked")
    if not n:
        assert [each.label for each in found.figures] == ["Response rate", "Change from the days before"]
        assert found.notes[0] == "Nobody answered, so there is nothing to weight."
        return
    raw = figure(found, RAW)
    assert (raw.n, raw.few, raw.value) == (n, few, None if n < 10 else float(answer == "5"))
    assert (raw.low is not None and raw.high is not None and raw.low < raw.high) == (n >= 10)
    assert any("only counts are shown" in note for note in found.notes) == (n < 10)


def test_nobody_asked_is_no_data() -> None:
    found = report(People())
    assert [(each.value, each.few) for each in found.figures] == [(None, "none"), (None, "none")]
    assert (found.charts, found.tables) == ([], [])


def test_weighted_answers_are_few_by_what_they_are_worth() -> None:
    """Twelve answers of which one stands for nearly everybody are worth little more than one."""
    people = People()
    people.add({"5": 20}, channel="chat")
    people.add({"5": 5, "1": 5}, silent=5000, channel="phone")
    found = report(people, strata="channel")
    assert (figure(found, RAW).few, figure(found, WEIGHTED).few) == ("", "flag")
    assert ways(found, "Effective answers")[1] == (10.1,)


def test_strata_with_few_or_no_answers_are_put_together_and_named() -> None:
    people = People()
    people.add({"5": 30, "1": 10}, silent=10, channel="chat", segment="business")
    people.add({"5": 3}, silent=20, channel="phone", segment="business")
    people.add({"5": 4, "1": 5}, silent=30, channel="phone", segment="consumer")
    people.add({}, silent=7, channel="fax", segment="")
    found = report(people, strata="channel, segment")
    assert columns(table(found, "Strata"), "Stratum", "Asked", "Answers") == [
        ("others, others", 69, 12), ("chat, business", 50, 40),
    ]  # fmt: skip
    (said,) = (note for note in found.notes if "put together" in note)
    assert said == (
        "Strata with fewer than 10 answers were put together with others, 3 of them: fax, (not given); "
        "phone, business; phone, consumer."
    )
    chat = Way(values={**HERE, "channel": "chat", "segment": "business"})
    assert table(found, "Strata").ways == [None, chat]


def test_a_dimension_with_one_value_gives_one_stratum_and_the_raw_number() -> None:
    people = People()
    people.add({"5": 20, "1": 10}, silent=10, channel="chat")
    found = report(people, strata="channel")
    assert [row[1] for row in ways(found, "Way of counting", "Satisfied customers %")] == [66.7, 66.7]
    assert [each.label for each in found.figures if each.label == "R-indicator"] == []
    plain = report(people)
    assert any("no strata to weight by" in note for note in plain.notes)
    assert ways(plain, "Way of counting") == [("As answered",)]


def test_the_report_chooses_dimensions_in_which_answering_differs() -> None:
    found = report(uneven())
    (said,) = (note for note in found.notes if "chosen by the report" in note)
    assert said.endswith("reach: channel, segment. You may name others.")
    assert found.charts[0].title == "Response rate by channel"
    assert report(uneven(), replace(MARCH, by="segment")).charts[0].title == "Response rate by segment"


def test_without_the_extra_one_way_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.genmod.families", None)
    found = report(uneven(), strata="channel, segment")
    remarks = ways(found, "Way of counting", "Satisfied customers %", "Remark")
    assert remarks[3] == (
        "By the chance to answer", None, "needs the extra analysis: pip install 'feedbackhub[analysis]'"
    )  # fmt: skip
    assert [row[1] for row in remarks[:2]] == [65.0, 50.0]
    assert [row[0] for row in found.charts[1].table.rows] == WAYS[:3]


def test_what_overlaps_is_said_by_the_way_that_cannot_tell_it_apart() -> None:
    people = People()
    people.add({"5": 40, "1": 10}, silent=50, language="en", country="US")
    people.add({"5": 10, "1": 20}, silent=90, language="id", country="ID")
    found = report(people, strata="language, country")
    assert ways(found, "Satisfied customers %")[1] == ways(found, "Satisfied customers %")[2]
    assert ways(found, "Remark")[3] == (
        "what is known of customers overlaps or tells answers apart completely; choose other dimensions",
    )


def test_margins_that_no_weights_fit_are_said() -> None:
    """All asks but none of the answers cross the dimensions."""
    people = People()
    people.add({"5": 10}, silent=5, channel="chat", segment="a")
    people.add({"1": 10}, silent=5, channel="phone", segment="b")
    people.add({}, silent=70, channel="chat", segment="b")
    found = report(people, strata="channel, segment")
    assert ways(found, "Remark")[2] == ("no weights fit all dimensions at once; choose fewer",)


@pytest.mark.parametrize(
    ("query", "options", "said"),
    [
        (MARCH, {"strata": "channel, mood"}, "mood is no dimension"),
        (MARCH, {"measure": "joy"}, "is none of satisfied, nps, solved"),
        (replace(MARCH, by="mood"), {}, "is no dimension that is counted"),
        (replace(MARCH, where={"mood": "good"}), {}, "is no dimension that is counted"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(query: Query, options: dict[str, str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        report(uneven(), query, **options)


def test_the_number_may_be_the_score_or_what_was_solved() -> None:
    people = People(SOLVED, RECOMMEND)
    people.add({"10": 30, "7": 10, "3": 20, "11": 4}, silent=16, question="recommend", channel="chat")
    people.add({"yes": 30, "no": 10, "maybe": 3}, silent=40, question="solved", channel="phone")
    first = report(people)
    score = figure(first, "Net promoter score: as answered")
    assert score.value == pytest.approx(100 * 10 / 60)
    assert (score.unit, score.n) == ("points", 60)
    assert score.way == Way(values={**HERE, "question": "recommend"})
    assert "lies between" in first.notes[0]
    assert "%" not in first.notes[0]
    solved = figure(report(people, measure="solved"), "Solved: as answered")
    assert (solved.value, solved.unit, solved.n) == (0.75, "share", 40)
    nothing = report(people, measure="satisfied")
    assert [(each.value, each.few) for each in nothing.figures] == [(None, "none")]
    assert "No published survey asks" in nothing.notes[0]


@pytest.mark.parametrize(
    ("low", "high", "direction", "good"),
    [(1, 5, "higher_is_better", "45"), (1, 5, "lower_is_better", "12"), (1, 3, "higher_is_better", "3"),
     (0, 3, "higher_is_better", "23"), (0, 1, "lower_is_better", "0")],
)  # fmt: skip
def test_satisfied_is_the_top_of_every_scale(low: int, high: int, direction: str, good: str) -> None:
    people = People(replace(CSAT, minimum=low, maximum=high, direction=direction))
    people.add({str(value): 10 for value in range(low - 1, high + 2)}, silent=5)
    raw = figure(report(people), RAW)
    assert (raw.n, raw.value) == (10 * (high - low + 1), len(good) / (high - low + 1))


def test_answers_without_an_ask_are_left_out_and_said() -> None:
    people = uneven()
    people.add({"5": 30}, sent=False, source="open", channel="chat", segment="business")
    people.add({"5": 20}, sent=False, source="own", channel="chat", segment="business")
    people.add({"5": 50}, imported=True, channel="chat", segment="business")
    found = report(people, strata="channel")
    assert figure(found, RAW).n == 120
    assert figure(found, "Response rate").note == "120 of 200 asked"
    (said,) = (note for note in found.notes if "open link" in note)
    assert said.startswith("50 answers came without an ask that was sent")


def test_rates_are_compared_with_the_days_before() -> None:
    people = uneven()
    people.add({"5": 90}, silent=10, at=DAY - timedelta(days=31))
    change = figure(report(people), "Change from the days before")
    assert change.value == pytest.approx(-0.3)
    assert (change.note, change.change) == ("lower · 90 of 100 before", True)
    assert change.high is not None
    assert change.high < 0
    alone = report(people, replace(MARCH, compare=False))
    assert alone.figures[1].label == RAW


def test_filters_narrow_and_several_surveys_are_named() -> None:
    people = uneven()
    people.names = ("asked", "yearly")
    people.add({"1": 50}, survey="yearly", channel="chat", segment="business")
    narrowed = report(people, replace(MARCH, where={"channel": "phone"}))
    assert figure(narrowed, RAW).n == 30
    assert "Answers of several surveys are counted together: asked, yearly." in report(people).notes
    assert figure(report(people, replace(MARCH, survey="yearly")), RAW).value == 0


def test_what_is_not_given_is_a_group_without_a_way() -> None:
    people = uneven()
    people.add({"5": 30}, silent=30, segment="business")
    found = table(report(people), "Who answers, and who does not")
    place = [row[0] for row in found.rows].index("(not given)")
    assert (found.rows[place][6], found.ways[place]) == (60, None)


def test_a_dimension_with_many_values_shows_those_with_most_asks() -> None:
    people = People()
    for number in range(30):
        people.add({"5": 5 + number}, silent=5, topic=f"T{number:02}")
    found = table(report(people), "Who answers, and who does not")
    assert [row[0] for row in found.rows] == [f"T{number:02}" for number in range(10, 30)]
    assert "the 20 with most asks are shown" in found.note


def test_every_text_is_in_the_readers_language() -> None:
    people = uneven()
    people.add({"5": 3}, silent=5, channel="fax", segment="business")
    people.add({"5": 3}, sent=False, source="open", channel="fax")
    found = report(people, replace(MARCH, language="id"), strata="channel, segment")
    texts = [found.title, *(each.label for each in found.figures), *found.notes, *(each.title for each in found.charts)]
    texts += [each.title for each in found.tables] + [column for each in found.tables for column in each.columns]
    texts += [each.note for each in found.tables] + [str(row[0]) for row in found.charts[1].table.rows]
    assert [text for text in texts if not text.startswith("<")] == []
