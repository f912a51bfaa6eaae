"""For how long answers are waited, and what is said where nobody was asked."""

from dataclasses import replace
from datetime import date, timedelta

from feedbackhub import Way
from tests.silence.people import NOW, People
from tests.silence.test_counts import HERE, MARCH, RAW, figure, report, uneven


def test_asks_so_young_that_answers_still_come_are_left_out_with_their_answers() -> None:
    people = uneven()
    people.add({"5": 30}, silent=500, channel="chat", segment="business", at=NOW - timedelta(hours=2))
    whole = replace(MARCH, until=date(2026, 4, 20))
    found = report(people, whole, strata="channel")
    assert figure(found, "Response rate").note == "120 of 200 asked"
    (said,) = (note for note in found.notes if "left out" in note)
    assert said.startswith("Contacts since 2026-04-20 are left out, with the answers to them: most answers take")
    assert "take up to 5 hours, so" in said
    assert figure(found, RAW).way == Way(
        values={**HERE, "question": "satisfaction", "until": "2026-04-19"}
    )
    today = replace(MARCH, since=date(2026, 4, 20), until=date(2026, 4, 20))
    young = report(people, today)
    assert figure(young, "Response rate").note == "30 of 530 asked"
    assert any("so recent that answers still come" in note for note in young.notes)


def test_few_answers_do_not_say_how_long_they_take() -> None:
    people = People()
    people.add({"5": 9}, silent=9, at=NOW - timedelta(days=10))
    found = report(people, replace(MARCH, until=date(2026, 4, 20)))
    (said,) = (note for note in found.notes if "left out" in note)
    assert said.startswith("Contacts since 2026-04-17 are left out, with the answers to them: most answers take")
    assert "take up to 3 days, so" in said


def test_no_answer_is_waited_for_longer_than_two_weeks() -> None:
    people = People()
    people.add({"5": 30}, silent=30, at=NOW - timedelta(days=60))
    for each in people.held:
        each.took = timedelta(days=40)
    found = report(people, replace(MARCH, since=date(2026, 2, 1), until=date(2026, 4, 20)))
    (said,) = (note for note in found.notes if "left out" in note)
    assert "take up to 14 days, so" in said


def test_where_nobody_was_asked_nobody_is_called_silent() -> None:
    people = People()
    people.add({"5": 50}, imported=True, channel="chat")
    assert report(people).notes == [
        ("Nobody was asked about contacts of these days, so nobody kept silent. Imported answers and those through "
         "open links come without an ask."),
        "Days are those of the contacts, for whoever keeps silent has no day of an answer.",
    ]
