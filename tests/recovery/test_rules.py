"""What opens a case, by when it is due, and what makes it no matter of goodwill."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from feedbackhub import Answer, Contact, Response
from feedbackhub_plugins.recovery.flagging import flags_of
from feedbackhub_plugins.recovery.rules import Due, by_hand, due_for
from feedbackhub_plugins.recovery.settings import Settings

from .rows import START

USUAL = Settings()
LOW = Due(("low",), timedelta(hours=8), timedelta(hours=24))


def answered(
    low: bool = True, score: float | None = 0.0, call: bool = False, solved: float | None = None, **dimensions: str
) -> Response:
    """Return an answer."""
    answers = [Answer("c", "call_back", "yes-no", "yes" if call else "no", None)]
    answers += [] if solved is None else [Answer("s", "solved", "yes-no", "x", solved)]
    return Response(
        "r" * 12, "i" * 12, "c" * 12, "u" * 12, "post-contact", START, START, True, True, 1, score, low, "", "en",
        tuple(answers), dimensions,
    )  # fmt: skip


def with_rules(*rules: dict[str, Any], **more: Any) -> Settings:
    """Return settings with these rules."""
    return Settings.model_validate({"rules": rules, **more})


@pytest.mark.parametrize(
    ("response", "due"),
    [
        (answered(), LOW),
        (answered(low=False, score=75.0), None),
        (answered(low=False, score=None), None),
        (answered(low=False, score=75.0, solved=0.0), None),
        (answered(call=True), Due(("low", "call"), timedelta(hours=2), timedelta(hours=8))),
        (answered(low=False, call=True), Due(("call",), timedelta(hours=2), timedelta(hours=8))),
    ],
)
def test_without_settings_bad_answers_and_wishes_for_a_call_open_cases(response: Response, due: Due | None) -> None:
    assert due_for(USUAL, response) == due


def test_the_first_rule_that_fits_decides_also_that_none_is_opened() -> None:
    settings = with_rules(
        {"when": "low", "team": "Press", "acknowledge_hours": 1, "resolve_hours": 2},
        {"when": "low", "topic": "weather", "open": False},
        {"when": "low", "at_most": 50},
        {"when": "not_solved", "survey": "other"},
    )
    assert due_for(settings, answered(team="Press")) == Due(("low",), timedelta(hours=1), timedelta(hours=2))
    assert due_for(settings, answered(topic="weather")) is None
    assert due_for(settings, answered(low=False, score=50.0)) == LOW
    assert due_for(settings, answered(low=True, score=51.0)) is None
    assert due_for(settings, answered(low=False, score=None, solved=0.0)) is None
    few = with_rules({"when": "call", "at_most": 30}, {"when": "not_solved", "at_most": 30})
    for score, solved, reasons in ((30.0, 0.0, ("call", "not_solved")), (30.0, 50.0, ("call",)), (31.0, 0.0, None)):
        found = due_for(few, answered(score=score, call=True, solved=solved))
        assert (found and found.reasons) == reasons
    assert by_hand(settings, answered(low=False, score=90.0)).reasons == ("staff",)
    assert by_hand(settings, answered()).reasons == ("low", "staff")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"rules": [{"when": "bad"}]}, "Input should be 'low', 'call' or 'not_solved'"),
        ({"rules": [{"when": "low", "acknowledge_hours": 9, "resolve_hours": 8}]}, "acknowledge_hours must not"),
        ({"rules": [{"when": "low", "at_most": 101}]}, "less than or equal to 100"),
        ({"teams": {"A": {"owner": "nobody"}}}, "String should match pattern"),
        ({"hours": dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "")}, "one day at least"),
        ({"hours": {"monday": "9-17"}}, "is no span"),
        ({"remind": 4}, "Extra inputs"),
    ],
)
def test_settings_that_mean_nothing_are_refused(section: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate(section)


@pytest.mark.parametrize(
    ("comment", "flags"),
    [
        ("", ()),
        ("Too slow, and nobody called.", ()),
        ("I want a REFUND now", ("owed",)),
        ("You charged  twice!", ("owed",)),
        ("My lawyer will write. It gave me an electric shock.", ("safety", "legal")),
        ("The courtyard was nice, no objections.", ()),
        ("Saya minta uang kembali, kalau tidak ke pengacara.", ("owed", "legal")),
        ("मुझे पैसे वापस चाहिए", ("owed",)),
        ("मैं वकील से बात करूँगा", ("legal",)),
        ("أريد استرداد المبلغ", ("owed",)),
        ("سأذهب إلى المحكمة والمستشفى", ("safety", "legal")),
    ],
)
def test_flags_are_told_from_words_of_the_comment(comment: str, flags: tuple[str, ...]) -> None:
    assert flags_of(USUAL, None, "", comment) == flags


def test_flags_are_told_from_topics_and_tags_and_words_of_ones_own() -> None:
    contact = Contact("c" * 12, "s", "1", 1, "chat", START, tags=("Injury-Report",))
    settings = Settings.model_validate({
        "owed": {"topics": ["Refunds"], "bundled": False}, "safety": {"tags": ["injury-report"]},
        "legal": {"words": ["schiedsstelle"]},
    })  # fmt: skip
    assert flags_of(settings, contact, "refunds", "") == ("owed", "safety")
    assert flags_of(settings, None, "", "refund; die Schiedsstelle") == ("legal",)
