"""Whom the patterns do not ask, and what the decision says about it."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import feedbackhub_plugins.patterns as patterns
from feedbackhub import Agent, Contact, ContactEvent, DontAsk, Identifier, Rule
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.settings import AskEntry
from feedbackhub.machinery.settings import Settings as InstanceSettings
from feedbackhub_plugins.patterns import DoNotAsk, Settings
from tests.asking.records import ASK, HISTORY, contact, customer


def reason(rule: Rule, contact: Contact) -> str:
    """What a rule says against an ask; empty when it leaves it as it is."""
    answer = rule.decide(contact, HISTORY, ASK)
    if isinstance(answer, DontAsk):
        return answer.reason
    assert answer is ASK
    return ""


LISTS = Settings(
    emails=["boss@example.com", "*@Partner.example"], tags=["vip-*"], topics=["legal*", "??"], attributes=["no_survey"]
)


@pytest.mark.parametrize(("values", "said", "facts"), [
    ({"customer": customer(identifiers=(Identifier("email", "eve@partner.example"),))},
     "The customer's e-mail address is on the do-not-ask list.", {"list": "emails", "entry": 2}),
    ({"tags": ("new", "VIP-gold")}, "A tag of the contact is on the do-not-ask list.", {"list": "tags", "entry": 1}),
    ({"topic": "Legal: refund"}, "The topic of the contact is on the do-not-ask list.", {"list": "topics", "entry": 1}),
    ({"topic": "VA"}, "The topic of the contact is on the do-not-ask list.", {"list": "topics", "entry": 2}),
    ({"attributes": {"no_survey": "yes"}},
     "An attribute of contact or customer is on the do-not-ask list.", {"list": "attributes", "entry": 1}),
    ({"customer": customer(attributes={"no_survey": "1"})},
     "An attribute of contact or customer is on the do-not-ask list.", {"list": "attributes", "entry": 1}),
])  # fmt: skip
def test_listed_people_and_things_are_not_asked_about(
    values: dict[str, object], said: str, facts: dict[str, object]
) -> None:
    answer = DoNotAsk(LISTS).decide(contact(**values), HISTORY, ASK)
    assert answer == DontAsk(said, facts)


@pytest.mark.parametrize("values", [
    {}, {"customer": None}, {"tags": ("vip",)}, {"topic": ""}, {"attributes": {"no_survey": "No"}},
    {"customer": customer(identifiers=(Identifier("phone", "boss@example.com"),))},
    {"customer": customer(attributes={"no_survey": ""})},
])  # fmt: skip
def test_everybody_else_is_asked(values: dict[str, object]) -> None:
    assert reason(DoNotAsk(LISTS), contact(**values)) == ""


def test_a_decision_does_not_repeat_the_address() -> None:
    listed = DoNotAsk(Settings(emails=["ana@example.com"]))
    assert "ana" not in str(listed.decide(contact(), HISTORY, ASK))


def test_a_pattern_with_many_stars_takes_no_longer_than_others() -> None:
    rule = DoNotAsk(Settings(topics=["*a" * 90 + "b"]))
    started = time.perf_counter()
    assert reason(rule, contact(topic="a" * 200)) == ""
    assert time.perf_counter() - started < 0.5


def entry(**match: Any) -> DoNotAsk:
    """Return the rule with one entry."""
    fields = {name.replace("__", "."): value for name, value in match.items()}
    return DoNotAsk(Settings.model_validate({"never": [{"name": "one", "reason": "Ask not.", "match": fields}]}))


SEEN = {
    "agent": "Bo A*", "brand": "default", "channel": ["phone", "E*"], "closed_by": "agent", "country": "i?",
    "customer": "C-*", "direction": "inbound", "email": "ana@*", "external_id": "T-1", "language": "id",
    "name": "ana*", "phone": "+62*",
    "policy": "default", "product": "car", "segment": "b2b-*", "source": "helpdesk", "survey": "post-*",
    "tags": "vip*", "team": "bill*", "topic": "*invoice*", "attributes.region": "north*", "attributes.shoe": "39",
}  # fmt: skip
FULL = contact(
    agent=Agent("agent0000001", "Bo Agent"), country="ID", language="id", product="Car", segment="B2B-gold",
    tags=("new", "VIP"), team="Billing", topic="An invoice", attributes={"region": "North-east"},
    customer=customer(
        name="Ana", attributes={"shoe": "39"},
        identifiers=(
            Identifier("email", "ana@example.com"), Identifier("phone", "+62811"), Identifier("id:crm", "c-7"),
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("field", "pattern"), SEEN.items())
def test_an_entry_looks_at_any_field(field: str, pattern: Any) -> None:
    assert reason(entry(**{field: pattern}), FULL) == "Ask not."
    assert reason(entry(**{field: "something else"}), FULL) == ""


def test_every_field_of_an_entry_must_match() -> None:
    assert reason(entry(segment="b2b-*", team="Billing", attributes__region="north*"), FULL) == "Ask not."
    assert reason(entry(segment="b2b-*", team="Returns"), FULL) == ""
    assert reason(entry(segment="b2b-*", attributes__unknown="*"), FULL) == ""
    assert reason(entry(agent="*"), contact()) == ""


def test_the_decision_names_the_entry_and_not_the_value() -> None:
    assert entry(email="ana@*").decide(FULL, HISTORY, ASK) == DontAsk("Ask not.", {"pattern": "one"})


def test_the_first_that_fits_decides_lists_before_entries() -> None:
    two = [{"name": name, "reason": name, "match": {"topic": "*"}} for name in ("first", "second")]
    assert reason(DoNotAsk(Settings.model_validate({"never": two})), FULL) == "first"
    both = Settings.model_validate({"never": two, "tags": ["vip"]})
    assert reason(DoNotAsk(both), FULL) == "A tag of the contact is on the do-not-ask list."


@given(st.text(max_size=20), st.text(min_size=1, max_size=20))
def test_any_text_and_any_pattern_are_decided_on(topic: str, pattern: str) -> None:
    assert reason(entry(topic=pattern), contact(topic=topic)) in ("", "Ask not.")


@pytest.mark.parametrize(("wrong", "said"), [
    ({"emails": [""]}, "at least 1 character"),
    ({"never": [{"name": "a", "reason": "b", "match": {}}]}, "must name at least one field"),
    ({"never": [{"name": "a", "reason": "b", "match": {"chanel": "x"}}]}, "did you mean channel?"),
    ({"never": [{"name": "a", "reason": "b", "match": {"attributes.": "x"}}]}, "is no field of a contact"),
    ({"never": [{"name": "a", "reason": "b", "match": {"team": []}}]}, "at least 1 item"),
    ({"never": [{"name": "a", "match": {"team": "x"}}]}, "Field required"),
    ({"never": [{"name": "A!", "reason": "b", "match": {"team": "x"}}]}, "should match pattern"),
    ({"never": [{"name": "a", "reason": "b", "match": {"team": "x"}}] * 2}, "two entries of never are named a"),
    ({"email": ["x"]}, "Extra inputs are not permitted"),
])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said.replace("?", r"\?")):
        Settings.model_validate(wrong)


def test_it_is_listed_and_brings_its_rule() -> None:
    settings = InstanceSettings(plugins={"patterns": {"tags": ["vip-*"]}})
    loaded = load_given(settings, SetClock(datetime(2026, 3, 4, tzinfo=UTC)), Http(), {"patterns": patterns})
    assert [(state.name, state.state, state.hooks) for state in loaded.states] == [
        ("patterns", "active", ("feedbackhub_rules",))
    ]
    assert [(plugin, rule.name) for plugin, rule in loaded.rules] == [("patterns", "do_not_ask")]


class TestInTheLoop:
    """A contact that fits is recorded and not asked about."""

    @pytest.fixture
    def settings(self, settings: InstanceSettings) -> InstanceSettings:
        """Never ask partners."""
        never = [{"name": "partners", "reason": "Partners are rung.", "match": {"email": "*@partner.example"}}]
        asks = (AskEntry(name="default", channels=("mailbox",)),)
        return settings.model_copy(update={"plugins": {"patterns": {"never": never}}, "ask": asks})

    def test_the_decision_says_why(self, core: Core) -> None:
        event = {"source": "shop", "external_id": "1", "customer": {"email": "eve@partner.example"}}
        decision = record_contact(core, ContactEvent.model_validate(event)).contact.decision
        found = (decision.outcome, decision.rule, decision.reason)
        assert (found, decision.facts) == (
            ("dont_ask", "patterns.do_not_ask", "Partners are rung."), {"pattern": "partners"},
        )  # fmt: skip
