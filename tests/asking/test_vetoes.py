"""Whom the rules do not ask, and what they say about it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from feedbackhub import Contact, DontAsk, Rule
from feedbackhub_plugins.asking import ClosedBy, Outbound, Sampling, Settings, TooOld
from feedbackhub_plugins.asking.sampling import lot
from feedbackhub_plugins.asking.settings import SamplingSettings
from tests.asking.records import ASK, HISTORY, NOW, contact


def reason(rule: Rule, contact: Contact) -> str:
    """What a rule says against an ask; empty when it leaves it as it is."""
    answer = rule.decide(contact, HISTORY, ASK)
    if isinstance(answer, DontAsk):
        return answer.reason
    assert answer is ASK
    return ""


@pytest.mark.parametrize(("kind", "said"), [
    ("spam", "The contact was closed as spam."),
    ("bot", "The contact was ended by a bot; nobody was served by a person."),
    ("auto", "The contact was closed automatically."),
    ("agent", ""), ("customer", ""),
])  # fmt: skip
def test_what_nobody_was_served_in_is_not_asked_about(kind: str, said: str) -> None:
    assert reason(ClosedBy(Settings().closed_by), contact(closed_by=kind)) == said


def test_which_ways_of_ending_count_is_a_setting() -> None:
    settings = Settings(closed_by=["customer"])
    rule = ClosedBy(settings.closed_by)
    assert reason(rule, contact(closed_by="customer")) == "The contact was ended by the customer."
    assert reason(rule, contact(closed_by="spam")) == ""


def test_outbound_contacts_are_asked_about_only_when_allowed() -> None:
    began = "The company began this contact, and only contacts that customers began are asked about."
    assert reason(Outbound(False), contact(direction="outbound")) == began
    assert reason(Outbound(True), contact(direction="outbound")) == ""
    assert reason(Outbound(False), contact(direction="inbound")) == ""


def test_what_ended_too_long_ago_is_not_asked_about() -> None:
    week = timedelta(days=7)
    assert reason(TooOld(7), contact(ended_at=NOW - week)) == ""
    assert reason(TooOld(7), contact(ended_at=NOW - week - timedelta(seconds=1))) == (
        "The contact ended 7 days ago, and nobody is asked after more than 7."
    )
    assert reason(TooOld(7), contact(ended_at=NOW + week)) == ""


def sample(share: float, **policies: float) -> Sampling:
    return Sampling(SamplingSettings(share=share, policies=policies))


def test_a_sample_of_everybody_or_nobody_is_exactly_that() -> None:
    for number in range(200):
        assert reason(sample(1.0), contact(external_id=str(number))) == ""
        assert reason(sample(0.0), contact(external_id=str(number))) != ""


def test_a_sample_has_about_its_share_and_never_changes() -> None:
    chosen = [reason(sample(0.25), contact(external_id=f"T-{number}")) == "" for number in range(4000)]
    assert 900 < sum(chosen) < 1100
    assert chosen == [reason(sample(0.25), contact(external_id=f"T-{number}")) == "" for number in range(4000)]


@given(st.text(max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_keeps_everybody_of_a_smaller_one(external_id: str, one: float, other: float) -> None:
    smaller, larger = sorted((one, other))
    ended = contact(external_id=external_id)
    assert 0 <= lot(ended) < 1
    if reason(sample(smaller), ended) == "":
        assert reason(sample(larger), ended) == ""


def test_an_entry_of_the_policy_may_have_its_own_share_and_tests_are_always_asked() -> None:
    assert reason(sample(0.0, default=1.0), contact()) == ""
    assert reason(sample(1.0, default=0.0), contact()) == (
        "Only 0 of the contacts are asked about, and this one is not in the sample."
    )
    assert reason(sample(0.0), contact(test=True)) == ""


def test_another_resolution_of_the_same_contact_draws_anew() -> None:
    lots = {lot(replace(contact(), resolution=number)) for number in range(1, 50)}
    assert len(lots) == 49


@pytest.mark.parametrize("wrong", [
    {"closed_by": ["nobody"]}, {"sampling": {"share": 1.1}}, {"sampling": {"policies": {"a": -1}}},
    {"too_old_days": -1}, {"quiet_hours": {"begin": "9"}}, {"quiet_hours": {"end": "24:00"}},
    {"quiet_hours": {"begin": 0}}, {"quiet_hours": {"weekdays": []}}, {"quiet_hours": {"weekdays": ["monday"]}},
    {"quiet_hours": {"timezone": "Mars/Base"}}, {"quiet": {}},
])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)
