"""What no tally holds, counted from the answers: the same as the tallies say where both can tell."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, insert, select, update

from feedbackhub import Query, Refused
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.judge import judge
from feedbackhub.loop.reading import Reading
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.open_links import create_link, wanted
from feedbackhub.reporting import Counted, count, crossing, questions_of
from feedbackhub.reporting import counting as counting_module
from feedbackhub.reporting.counting import slice_of
from feedbackhub.store import tables
from tests.nps.votes import Vote, settings_for_votes

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31), survey="nps")
DAYS = [
    MARCH,
    replace(MARCH, since=date(2026, 3, 3), until=date(2026, 3, 4)),
    replace(MARCH, until=date(2026, 3, 2), basis="contact"),
]
TALLIED = [
    {}, {"by": "team"}, {"where": {"team": "A"}}, {"by": "channel", "where": {"team": "A"}},
    {"by": "team", "where": {"team": "A", "channel": "chat"}}, {"by": "country"},
]  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody at once."""
    return settings_for_votes(settings)


@pytest.fixture
def story(core: Core, clock: SetClock) -> Core:
    """Answers of several days, teams and channels; some silent, suspected, discarded, tests."""
    vote = Vote(core, clock)
    vote.all({10: 2, 3: 1}, silent=1, team="A", channel="chat", product="Lamp")
    clock.move(timedelta(days=1, hours=10))
    vote.all({9: 1, 0: 1}, team="B", channel="phone", product="Lamp")
    clock.move(timedelta(hours=5))
    vote.all({7: 1}, silent=2, team="A", channel="phone", product="Chair", topic="Post")
    vote.all({1: 1}, team="A", channel="chat", product="Chair", test=True)
    vote.all({8: 1}, team="", channel="chat", product="")
    open_answer_of(core, vote)
    [first, *_] = next(iter(Reading(core).batches("responses"))).columns["id"]
    judge(core, first, "discarded")
    Engine(core).drain()
    return core


def open_answer_of(core: Core, vote: Vote) -> None:
    """Let somebody answer who came by an open link."""
    invitation = vote.asked(team="A", channel="chat", product="Lamp")
    link = create_link(core, wanted(survey="nps"), "tests")

    def write(connection: Connection) -> None:
        number = select(tables.invitation.c.id).where(tables.invitation.c.public_id == invitation).scalar_subquery()
        via = select(tables.open_link.c.id).where(tables.open_link.c.public_id == link.id).scalar_subquery()
        connection.execute(insert(tables.open_answer).values(invitation_id=number, open_link_id=via))
        unsent = tables.invitation.c.public_id == invitation
        connection.execute(update(tables.invitation).where(unsent).values(state="sent"))

    core.store.write(write)
    assert submit(core, invitation, {"recommend": 4}, via="page").stored


def counted(core: Core, query: Query) -> Counted:
    """Count one question."""
    reader = Reading(core)
    return count(reader, query, questions_of(reader, query.survey, lambda question: question.type == "nps"))


def told(found: Counted) -> tuple[object, ...]:
    """Return what there is of counts: by day, by group, and asks; zero is nothing."""
    scores = Counter({(day, score): n for day, scores in found.scores.items() for score, n in scores.items()})
    groups = {name: +scores for name, scores in found.groups.items() if +scores}
    return +scores, groups, +found.sent, +found.answered, +found.surveys


def test_answers_one_by_one_are_what_the_tallies_say(story: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = [
        replace(days, **crossed, options={"step": "day"})  # type: ignore[arg-type]
        for days in DAYS
        for crossed in TALLIED
    ]
    tallied = [counted(story, query) for query in queries]
    monkeypatch.setattr(counting_module, "slice_of", lambda query: None)
    one_by_one = [counted(story, query) for query in queries]
    assert [told(each) for each in one_by_one] == [told(each) for each in tallied]
    assert {(each.one_by_one, other.one_by_one) for each, other in zip(tallied, one_by_one, strict=True)} == {
        (False, True)
    }


def test_what_no_tally_crosses_is_counted_unless_there_is_too_much(
    story: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = counted(story, replace(MARCH, by="product", where={"channel": "chat"}))
    assert found.one_by_one
    assert {name: dict(scores) for name, scores in found.groups.items()} == {
        "Lamp": {"10": 1, "3": 1, "4": 1}, "": {"8": 1},
    }  # fmt: skip
    assert (+found.sent, +found.answered) == (Counter({"Lamp": 4, "": 1}), Counter({"Lamp": 2, "": 1}))
    assert found.names == ["Lamp", ""]
    three = counted(story, replace(MARCH, where={"team": "A", "channel": "phone", "topic": "Post"}))
    assert (dict(three.all_scores), three.sent.total(), three.answered.total()) == ({"7": 1}, 3, 1)
    monkeypatch.setattr(crossing, "MOST_ANSWERS", 4)
    query = replace(MARCH, by="product", where={"channel": "chat"})
    with pytest.raises(Refused) as refused:
        counted(story, query)
    assert [(each.field, each.reason) for each in refused.value.problems] == [
        ("by", "channel and product are not counted together, and one by one at most 4 answers: choose fewer days")
    ]
    assert counted(story, replace(query, until=date(2026, 3, 2))).one_by_one


def test_only_dimensions_can_be_crossed() -> None:
    with pytest.raises(Refused):
        slice_of(replace(MARCH, by="mood", where={"channel": "chat"}))
