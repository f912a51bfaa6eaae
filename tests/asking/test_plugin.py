"""The plugin as the core loads it."""

from datetime import UTC, datetime

import feedbackhub_plugins.asking as asking
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.plugin_loading import load_given
from feedbackhub.machinery.plugins import Plugins
from feedbackhub.machinery.settings import Settings


def loaded(**options: object) -> Plugins:
    settings = Settings(plugins={"asking": options})
    clock = SetClock(datetime(2026, 3, 4, tzinfo=UTC))
    return load_given(settings, clock, Http(settings.http), {"asking": asking})


def test_it_is_listed_and_brings_its_rules_in_order() -> None:
    plugins = loaded()
    assert [(state.name, state.state, state.hooks) for state in plugins.states] == [
        ("asking", "active", ("feedbackhub_rules",))
    ]
    assert [rule.name for _, rule in plugins.rules] == [
        "closed_by", "outbound", "too_old", "sampling", "quiet_hours",
    ]  # fmt: skip


def test_a_misspelt_option_names_the_nearest() -> None:
    state = loaded(quiet_hours={"beginn": "21:00"}).states[0]
    reason = "unknown option; did you mean plugins.asking.quiet_hours.begin? (in feedbackhub.toml)"
    assert (state.state, state.reason) == ("failed", f"plugins.asking.quiet_hours.beginn: {reason}")
