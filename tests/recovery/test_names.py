"""The doctor says which names in the settings mean nothing, with the option, and what was probably meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from feedbackhub import Problem
from feedbackhub.cli.checks import Finding
from feedbackhub.cli.plugin_checks import check_names
from feedbackhub_plugins.recovery.names import Known, misnamed
from feedbackhub_plugins.recovery.settings import Settings

KNOWN = Known(
    surveys=frozenset({"standard", "nps", "re-ask"}), texts=frozenset({"apology"}),
    channels={"email": ("email",), "sms": ("phone",)}, staff=frozenset({"ann@x.example", "boss@x.example"}),
    managers=frozenset({"boss@x.example"}),
    values={"team": frozenset({"Billing"}), "topic": frozenset({"refund"}), "segment": frozenset({"gold"})},
    today=date(2026, 3, 2),
)  # fmt: skip
WRONG: dict[str, Any] = {
    "channel": "sms",
    "rules": [{"when": "low"}, {"when": "call", "survey": "nsp", "team": "billing", "topic": "x", "segment": "Gold"}],
    "teams": {"Biling": {"owner": "Ann@x.example", "escalate_to": "bos@x.example"}},
    "safety": {"topics": ["fire"]},
    "hours": {"holidays": ["2025-12-25", "2026-03-01"]},
    "offers": {"channels": ["sms", "mail"], "automatic": [{"text": "apologie", "surveys": ["nps", "csat"]}]},
    "reask": {"survey": "reask"},
}


def found(section: dict[str, Any], known: Known = KNOWN) -> list[tuple[str, str]]:
    return [(each.field, each.reason) for each in misnamed(Settings.model_validate(section), known)]


def test_names_of_what_is_there_are_no_slips() -> None:
    section = {
        "rules": [{"when": "low", "survey": "nps", "team": "Billing", "topic": "refund", "segment": "gold"}],
        "teams": {"Billing": {"owner": "Ann@x.example"}}, "hours": {"holidays": ["2026-03-02"]},
        "offers": {"channels": ["email"], "automatic": [{"text": "apology", "surveys": ["nps"]}]},
    }  # fmt: skip
    assert found({}) == found(section) == []
    # Flags are set whatever the case of letters in a topic.
    assert found({"safety": {"topics": ["Refund "]}, "owed": {"topics": ["REFUND"]}}) == []
    # Asking again is off, and there were no contacts yet: nothing can be told of these.
    nothing = replace(KNOWN, values=dict.fromkeys(KNOWN.values, frozenset[str]()))
    assert found({"teams": {"New": {}}, "reask": {"on": False, "survey": "gone"}}, nothing) == []


def test_every_slip_is_told_with_its_option() -> None:
    contact = "no contact that anybody was asked about has the"
    address = "nobody who works here has the address bos@x.example, which is right for a mailbox of a whole team only"
    assert found(WRONG) == [
        ("rules.1.survey", "there is no survey nsp"),
        ("rules.1.team", f"{contact} team billing; is Billing meant?"),
        ("rules.1.topic", f"{contact} topic x"),
        ("rules.1.segment", f"{contact} segment Gold; is gold meant?"),
        ("channel", "nobody is told of cases: sms is no working channel that sends mails"),
        ("teams.Biling", f"{contact} team Biling; is Billing meant?"),
        ("teams.Biling.escalate_to", f"{address}; is boss@x.example meant?"),
        ("offers.channels.1", "there is no working channel mail; is email meant?"),
        ("offers.automatic.0.text", "there is no text apologie, or it is switched off; is apology meant?"),
        ("offers.automatic.0.surveys.1", "there is no survey csat"),
        ("reask.survey", "there is no survey reask; is re-ask meant?"),
        ("safety.topics.0", f"{contact} topic fire"),
        ("hours.holidays", "all of them are over, the last one was 2026-03-01; name the next ones"),
    ]  # fmt: skip
    assert found({}, replace(KNOWN, managers=frozenset())) == [
        ("teams", "there is no manager: a case without an owner who works here reaches nobody")
    ]  # fmt: skip


def test_what_a_plugin_finds_is_a_warning_and_its_own_failure_an_error() -> None:
    def breaks() -> list[Problem]:
        raise KeyError("oops")

    keepers = {
        "a": SimpleNamespace(check=lambda: [Problem("x.0", "is gone")]), "b": SimpleNamespace(check=breaks),
        "c": SimpleNamespace(check=lambda: ["is gone"]),
    }  # fmt: skip
    assert list(check_names(cast(Any, SimpleNamespace(keepers=keepers)))) == [
        Finding("warning", "plugins.a.x.0", "is gone"),
        Finding("error", "plugin b", "KeyError: 'oops'", "report it to the plugin's author"),
        Finding(
            "error", "plugin c", "AttributeError: 'str' object has no attribute 'field'",
            "report it to the plugin's author",
        ),
    ]  # fmt: skip
