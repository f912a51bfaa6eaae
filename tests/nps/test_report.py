"""The report on both databases: from answers as customers gave them to figures, against an independent computation."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from feedbackhub import Figure, Query, Refused, Report
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from tests.nps.independent import interval_of, mean_of
from tests.nps.votes import Vote, settings_for_votes

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked whether they would recommend the company."""
    return settings_for_votes(settings)


@pytest.fixture
def vote(core: Core, clock: SetClock) -> Vote:
    """Lets customers answer."""
    return Vote(core, clock)


def report(core: Core, query: Query = MARCH) -> Report:
    """Return the report, made in this process."""
    found = core.plugins.owner("feedbackhub_analyses", "nps")
    assert found is not None
    made: Report = found[1].report(query)
    return made


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def cells(of: Report, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of the table of groups."""
    (table,) = (each for each in of.tables if each.title == "Groups")
    places = [list(table.columns).index(column) for column in columns]
    return [tuple(row[place] for place in places) for row in table.rows]


def test_the_score_is_that_of_an_independent_computation(core: Core, vote: Vote) -> None:
    scores = {10: 14, 9: 6, 8: 5, 7: 4, 6: 3, 2: 2, 0: 1}
    vote.all(scores, silent=5)
    answers = list(Counter(scores).elements())
    low, high = interval_of(answers)
    found = figure(report(core), "Net promoter score")
    assert (found.value, found.n, found.few) == (pytest.approx(100 * mean_of(answers)), 35, "")
    assert (found.low, found.high) == (pytest.approx(100 * low, abs=1e-4), pytest.approx(100 * high, abs=1e-4))
    rate = figure(report(core), "Response rate")
    assert (rate.value, rate.note, rate.n) == (35 / 40, "35 of 40 asked", None)
    shares = [figure(report(core), name).value for name in ("Promoters (9–10)", "Passives (7–8)", "Detractors (0–6)")]
    assert shares == [20 / 35, 9 / 35, 6 / 35]
    bars = [row[1] for row in report(core).charts[0].table.rows]
    assert bars == [1, 0, 2, 0, 0, 0, 3, 4, 5, 6, 14]


def test_pairs_of_dimensions_cross(core: Core, vote: Vote) -> None:
    vote.all({10: 4, 2: 1}, team="A", channel="chat")
    vote.all({10: 1, 2: 3}, team="A", channel="phone")
    vote.all({9: 3}, silent=1, team="B", channel="chat")
    crossed = report(core, replace(MARCH, by="team", where={"channel": "chat"}))
    assert cells(crossed, "Group", "Answers", "Promoters") == [("A", 5, 4), ("B", 3, 3)]
    other = report(core, replace(MARCH, by="channel", where={"team": "A"}))
    assert cells(other, "Group", "Answers", "Promoters") == [("chat", 5, 4), ("phone", 4, 1)]
    one = report(core, replace(MARCH, where={"team": "B"}))
    assert (figure(one, "Net promoter score").n, figure(one, "Response rate").note) == (3, "3 of 4 asked")
    assert [each.title for each in one.tables] == ["How many answers are needed?"]
    both = report(core, replace(MARCH, by="team", where={"team": "A", "channel": "phone"}))
    assert cells(both, "Group", "Answers", "Promoters") == [("A", 4, 1)]
    assert figure(report(core, replace(MARCH, where={"team": "A", "channel": "phone"})), "Net promoter score").n == 4
    with pytest.raises(Refused):
        report(core, replace(MARCH, by="mood"))
