"""A bad plugin among good ones: customers are asked and their answers kept, pages answer, and the fault has a name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.loop.views import survey_link
from feedbackhub.machinery import containment
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.plugin_states import plugin_views
from feedbackhub.testing import Outbox, make_contact_event
from tests.plugins.bad import ANALYSIS, AT_START, DELIVERING, SECTION, channel, hook

SOON = 60.0


@contextmanager
def opened(settings: Settings, clock: SetClock, *texts: str, **changes: Any) -> Iterator[tuple[Core, Outbox]]:
    """Open an instance that has this plugin in its folder, and a channel that works."""
    folder = Path(settings.data_dir) / "plugins.d"
    folder.mkdir()
    for name, text in (changes.pop("files", None) or {"bad": texts[0]}).items():
        (folder / f"{name}.py").write_text(text)
    outbox = Outbox()
    ask = (AskEntry(name="default", channels=changes.pop("channels", ("outbox",)), delay=timedelta(0)),)
    changed = settings.model_copy(update={"ask": ask, "plugin_trial_seconds": 4.0, **changes})
    core = open_core(changed, clock, {"outbox": outbox})
    prepare(core)
    try:
        yield core, outbox
    finally:
        core.close()


def the_loop_goes_round(core: Core, outbox: Outbox, name: str = "1") -> FlaskClient:
    """Ask somebody and let them answer on the page; every step must work as if the bad plugin were not there."""
    before = len(outbox.sent)
    customer = {"email": f"customer-{name}@example.com"}
    contact = record_contact(core, make_contact_event(name, customer=customer)).contact
    assert contact.invitation is not None, contact.decision
    Engine(core).drain()
    assert len(outbox.sent) == before + 1
    browser = create_app(core).test_client()
    link = survey_link(core.links, "", contact.invitation.id)
    assert browser.get(link).status_code == 200
    answered = browser.post(link, data={"satisfaction": "5"})
    assert answered.status_code < 400
    assert browser.get("/healthz").status_code == 200
    return browser


def state_of(core: Core) -> tuple[str, str]:
    view = next(each for each in plugin_views(core) if each.name == "bad")
    return view.state, view.reason


def test_plugins_that_cannot_be_loaded_are_named_with_their_reasons(settings: Settings, clock: SetClock) -> None:
    files = {case.replace(" ", "-"): text for case, (text, _) in AT_START.items()}
    wrong = {"plugins": {"wrong-setting": {"words": "many"}}}
    with opened(settings, clock, files=files, **wrong) as (core, outbox):
        found = {each.name: each for each in plugin_views(core)}
        for case, (_, reason) in AT_START.items():
            view = found[case.replace(" ", "-")]
            assert (view.state, reason in view.reason) == ("failed", True), view
        assert [found[name].state for name in ("asking", "link", "mailbox")] == ["active", "active", "active"]
        browser = the_loop_goes_round(core, outbox)
        assert browser.get("/readyz").get_json()["degraded"] == [f"plugin {name} failed" for name in sorted(files)]


@pytest.mark.parametrize("case", DELIVERING)
def test_a_channel_that_goes_wrong_harms_no_other(
    case: str, settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(containment.LIMITS, "deliver", 0.3)
    with opened(settings, clock, channel("bad", DELIVERING[case]), channels=("bad", "outbox")) as (core, outbox):
        record_contact(core, make_contact_event("first", customer={"email": "ann@example.com"}))
        began = time.monotonic()
        Engine(core).drain()
        Engine(core).drain()
        assert time.monotonic() - began < SOON
        view = next(each for each in plugin_views(core) if each.name == "bad")
        assert (view.state, view.faults is not None and view.faults.what) == ("active", "deliver bad")
        alone = replace(core, settings=core.settings.model_copy(update={
            "ask": (AskEntry(name="default", channels=("outbox",), delay=timedelta(0)),),
        }))  # fmt: skip
        the_loop_goes_round(alone, outbox)


RULE = """
class Bad(Rule):
    name = "{name}"

    def decide(self, contact, history, ask):
        {body}
"""
RULES = {"hangs": "time.sleep(600)", "raises": "1 / 0", "exits": "raise SystemExit", "counts": "return 7",
         "forgets": "return None"}  # fmt: skip


def test_rules_that_go_wrong_have_no_opinion(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(containment.LIMITS, "decide", 0.2)
    files = {
        name: hook("rules(hub)", "return [Bad()]", RULE.format(name=name, body=body)) for name, body in RULES.items()
    }
    with opened(settings, clock, files=files) as (core, outbox):
        the_loop_goes_round(core, outbox)
        Engine(core).drain()
        blamed = {each.name: each.faults.what for each in plugin_views(core) if each.faults is not None}
        assert blamed == {name: f"decide {name}" for name in RULES}


@pytest.mark.parametrize("body", ["time.sleep(600)", "1 / 0", "return 7", "return Piece(template='none.html')"])
def test_a_desk_section_that_goes_wrong_leaves_the_card_whole(
    body: str, settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(containment.LIMITS, "section", 0.2)
    text = hook("desk_sections(hub)", "return [Section()]", SECTION.format(body=body))
    with opened(settings, clock, text) as (core, outbox):
        the_loop_goes_round(core, outbox)
        assert state_of(core) == ("active", "")


def test_an_analysis_that_never_ends_holds_nothing_up(settings: Settings, clock: SetClock) -> None:
    text = hook("analyses(hub)", "return [Endless()]", ANALYSIS.format(body="while True: pass"))
    with opened(settings, clock, text) as (core, outbox):
        assert state_of(core) == ("active", "")
        the_loop_goes_round(core, outbox)


def test_safe_mode_leaves_all_but_the_bundled_ones_out(settings: Settings, clock: SetClock) -> None:
    with opened(settings, clock, "while True: pass", safe_mode=True) as (core, _):
        assert state_of(core) == ("disabled", "safe mode: only the bundled plugins are loaded")
        assert {state.name for state in core.plugins.states if state.state == "active"} >= {"asking", "link", "mailbox"}


def test_a_hung_plugin_does_not_delay_the_end_of_the_server(
    settings: Settings, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(containment.LIMITS, "deliver", 60.0)
    with opened(settings, clock, channel("bad", "time.sleep(600)"), channels=("bad",)) as (core, _):
        record_contact(core, make_contact_event("first", customer={"email": "ann@example.com"}))
        engine = Engine(core)
        engine.start()
        deadline = time.monotonic() + 10
        while not core.containment.busy("bad") and time.monotonic() < deadline:
            time.sleep(0.05)
        began = time.monotonic()
        engine.stop(for_plugins=0.5)
        assert time.monotonic() - began < SOON
        assert not engine.running
