"""The verdict sees what it is there to see, and every soak that is named can be run."""

import importlib
from typing import Any

import pytest

from bench.soak.__main__ import SOAKS, main
from bench.soak.ledger import Entry, Ledger
from bench.soak.postbox import Mail, Postbox
from bench.soak.verdict import broken, compared, mail_problems


def ledger(*, silent: bool = False) -> Ledger:
    """Return a ledger of one customer, whose answer was acknowledged unless the customer is silent."""
    entry = Entry("k0", 4, silent, page=False, contact="c", invitation="i", answer_sent=1, answered=not silent)
    return Ledger(entries=[entry])


def kept(**changed: Any) -> dict[str, Any]:
    """Return the answer as it should be there."""
    return {"invitation": "i", "value": 4, "comment": "said k0.", "revision": 1, **changed}


@pytest.mark.parametrize(
    ("responses", "said"),
    [
        ([kept()], []),
        ([], ["acknowledged answers lost: 1"]),
        ([kept(), kept()], ["invitations answered twice: 1"]),
        ([kept(value=5)], ["acknowledged answers with another content: 1"]),
        ([kept(revision=2)], ["answers kept more often than sent: 1"]),
        ([kept(), kept(invitation="other")], ["answers that nobody gave: 1"]),
    ],
    ids=["as it should be", "lost", "twice", "altered", "repeated", "invented"],
)
def test_answers_that_are_not_as_acknowledged_are_told(responses: list[dict[str, Any]], said: list[str]) -> None:
    assert broken(compared(ledger(), responses)) == said


def box(*mails: tuple[str, float]) -> Postbox:
    """Return a postbox with mails to the customer: their Message-IDs, and when they came."""
    return Postbox(0, [Mail("k0@example.org", message_id, "", at) for message_id, at in mails])


@pytest.mark.parametrize(
    ("came", "deaths", "said"),
    [
        ([("a", 10.0)], [], []),
        ([], [], ["mails missing: 1"]),
        ([("a", 10.0), ("a", 15.0)], [10.2], []),
        (
            [("a", 10.0), ("a", 15.0)], [],
            ["second copies without a death in between: 1", "more second copies than were under way at deaths: 1"],
        ),
        ([("a", 10.0), ("a", 15.0)], [14.9], ["second copies without a death in between: 1"]),
        ([("a", 10.0), ("b", 15.0)], [10.2], ["second copies with another Message-ID: 1"]),
    ],
    ids=["one", "none", "a death in between", "no death", "a death long after", "another Message-ID"],
)  # fmt: skip
def test_second_copies_are_told_unless_a_process_died_with_the_mail_in_its_hands(
    came: list[tuple[str, float]], deaths: list[float], said: list[str]
) -> None:
    assert broken(mail_problems(ledger(silent=True), box(*came), deaths, hands=1)) == said


def test_every_soak_that_is_named_can_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert [name for name in SOAKS if not callable(importlib.import_module(f"bench.soak.{name}").main)] == []
    assert main([]) == main(["unknown"]) == 2
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:5]] == list(SOAKS)[:4]
