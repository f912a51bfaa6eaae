"""A plugin's rule is asked for its opinion; whatever it answers, a contact is decided on."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from feedbackhub import Ask, Contact, DontAsk, History
from feedbackhub.loop.guards import Situation
from feedbackhub.loop.opinion import opinion
from tests.app_fixtures import START
from tests.loop.story import DAY, HOUR, Says

SITUATION = Situation(Contact("", "helpdesk", "1", 0, "chat", START), History(START), {})
ASK = Ask("default", "post-contact", "post-contact", ("mail",), START + HOUR, 3 * DAY, 1, 14 * DAY, DAY, 30 * DAY)


def raises(error: BaseException) -> Any:
    """Return what raises."""

    def run(*_: Any) -> Any:
        raise error

    return run


NONSENSE: list[Any] = [
    raises(ZeroDivisionError("secret")),
    raises(SystemExit(1)),
    lambda c, h, a: None,
    lambda c, h, a: True,
    lambda c, h, a: replace(a, due_at=datetime(2026, 3, 3)),  # noqa: DTZ001
    lambda c, h, a: replace(a, due_at=a.due_at.replace(year=9999)),
    lambda c, h, a: replace(a, due_at="soon"),
    lambda c, h, a: replace(a, expires_after=timedelta.max),
    lambda c, h, a: replace(a, expires_after=timedelta(0)),
    lambda c, h, a: replace(a, throttle=-DAY),
    lambda c, h, a: replace(a, reminder_after=3),
    lambda c, h, a: replace(a, reminders=-1),
    lambda c, h, a: replace(a, channels=None),
    lambda c, h, a: replace(a, channels="mail"),
    lambda c, h, a: c.nothing,
]


@pytest.mark.parametrize("says", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_no_opinion_and_is_noted(says: Any) -> None:
    facts: dict[str, Any] = {}
    assert opinion("tests", Says(says), SITUATION, ASK, facts) is ASK
    assert len(facts["failed_rules"]) == 1
    assert facts["failed_rules"][0].startswith("tests.says: ")
    assert "secret" not in str(facts)


@pytest.mark.parametrize(
    ("facts", "stored"),
    [
        ({"at": START, "n": {1}}, {"at": "2026-03-02 09:00:00+00:00", "n": "{1}"}),
        ({"x": float("nan")}, {"facts": "{'x': nan}"}),
        ({"x": "\0"}, {"x": "\0"}),
    ],
)
def test_a_veto_stands_whatever_its_facts_are(facts: Any, stored: Any) -> None:
    said = opinion("tests", Says(lambda c, h, a: DontAsk("No", facts)), SITUATION, ASK, {})
    assert said == DontAsk("No", stored)


def test_a_changed_ask_is_taken_but_keeps_its_policy() -> None:
    changed = replace(ASK, due_at=START + DAY, throttle=timedelta(0), policy="mine")
    said = opinion("tests", Says(lambda c, h, a: changed), SITUATION, ASK, {})
    assert said == replace(changed, policy="default")
