"""Plugins are loaded one by one; whatever one of them does, the others work and staff read why."""

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel, Field

from feedbackhub import (
    Ask,
    Channel,
    Contact,
    Data,
    DontAsk,
    History,
    Hub,
    Message,
    Page,
    PageRequest,
    PageResult,
    Receipt,
    Rule,
    hookimpl,
)
from feedbackhub import Plugin as Keeper
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.plugin_loading import load_given, load_plugins
from feedbackhub.machinery.plugins import Plugins, PluginState
from feedbackhub.machinery.settings import Settings

CLOCK = SetClock(datetime(2026, 3, 1, tzinfo=UTC))


class NoHttp:
    def get(self, url: str, *, headers: Mapping[str, str] | None = None, token: str | None = None) -> Any:
        raise AssertionError(f"called {url}")

    def post(self, url: str, *, json: Any = None, data: bytes | None = None,
             headers: Mapping[str, str] | None = None, token: str | None = None) -> Any:
        raise AssertionError(f"called {url}")


HTTP = NoHttp()


class Pager(Channel):
    name = "pager"
    reaches = ("pager",)

    def deliver(self, message: Message) -> Receipt:
        return Receipt()


class Never(Rule):
    name = "never"

    def decide(self, contact: Contact, history: History, ask: Ask) -> DontAsk:
        return DontAsk("Nobody is asked.")


def view(request: PageRequest) -> PageResult:
    return PageResult(body=b"hello")


def plugin(**hooks: Any) -> SimpleNamespace:
    """A plugin whose hooks are the given functions, marked."""
    return SimpleNamespace(**{f"feedbackhub_{name}": hookimpl(fn) for name, fn in hooks.items()})


def load(modules: dict[str, object], **settings: Any) -> Plugins:
    return load_given(Settings(**settings), CLOCK, HTTP, modules)


def state(bad: object, **settings: Any) -> PluginState:
    """The state of a bad plugin, loaded between two good ones that must not notice."""
    good = {"a": plugin(channels=lambda hub: [Pager()]), "z": plugin(rules=lambda hub: [Never()])}
    plugins = load({**good, "bad": bad}, **settings)
    assert [each.state for each in plugins.states if each.name != "bad"] == ["active", "active"]
    assert (list(plugins.channels), [name for name, _ in plugins.rules]) == (["pager"], ["z"])
    return next(each for each in plugins.states if each.name == "bad")


def test_a_working_plugin_is_listed_with_its_hooks_and_its_objects_count() -> None:
    pager, never, page = Pager(), Never(), Page("hello", "Hello", "agent", view)
    module = plugin(channels=lambda hub: [pager], rules=lambda: [never], pages=lambda hub: (page,))
    module.__version__ = "1.2"
    plugins = load({"mine": module})
    hooks = ("feedbackhub_channels", "feedbackhub_pages", "feedbackhub_rules")
    assert plugins.states == (PluginState("mine", "1.2", "active", "", hooks),)
    assert plugins.channels == {"pager": pager}
    assert plugins.rules == (("mine", never),)
    assert plugins.each("feedbackhub_pages") == (("mine", page),)


def test_plugins_are_loaded_in_alphabetical_order() -> None:
    order: list[str] = []
    modules = {n: plugin(rules=lambda hub, n=n: order.append(n) or []) for n in ("nps", "email", "asking")}
    assert [each.name for each in load(dict(modules)).states] == order == ["asking", "email", "nps"]


def test_the_bundled_plugins_are_found_by_their_entry_points() -> None:
    names = [each.name for each in load_plugins(Settings(), CLOCK, HTTP).states]
    assert names == sorted(names)
    assert {"asking", "email", "link", "mailbox"} <= set(names)


def test_a_disabled_plugin_is_not_even_loaded() -> None:
    found = state(plugin(rules=lambda hub: 1 / 0), plugins_disabled=["bad"])
    assert (found.state, found.reason) == ("disabled", "named in plugins_disabled")


def raising(error: BaseException) -> Any:
    def hook(hub: Hub) -> list[Rule]:
        raise error

    return hook


class Secretive(Pager):
    name = "secretive"
    data = Data(keeps=("address",))


class Unnamed(Channel):
    reaches = ("unnamed",)

    def deliver(self, message: Message) -> Receipt:
        return Receipt()


NO_HOOK = "there is no hook feedbackhub_chanels; did you mean feedbackhub_channels?"
NOT_ERASED = "channel secretive keeps address, but no feedbackhub_plugin says how to erase it"
TWICE = [Page("same", "", "agent", view), Page("same", "", "agent", view)]


def without_place(reason: str) -> str:
    return re.sub(r" \(test_loading\.py, line \d+\)$", "", reason)


BAD: dict[str, tuple[object, str]] = {
    "raises": (plugin(rules=raising(ValueError("no luck"))), "ValueError: no luck"),
    "leaves": (plugin(rules=raising(SystemExit(3))), "SystemExit: 3"),
    "misspelt": (plugin(chanels=lambda hub: []), NO_HOOK),
    "unmarked": (SimpleNamespace(feedbackhub_rules=lambda hub: []), "feedbackhub_rules is not marked with @hookimpl"),
    "none": (plugin(rules=lambda hub: None),
             "feedbackhub_rules returned nothing; return a list, an empty one if need be"),
    "single": (plugin(rules=lambda hub: Never()), "feedbackhub_rules returned Never, not a list of Rule"),
    "class": (plugin(rules=lambda hub: [Never]),
              "feedbackhub_rules returned a list with the class Never, which is no Rule"),
    "other": (plugin(rules=lambda hub: [Pager()]), "feedbackhub_rules returned a list with Pager, which is no Rule"),
    "keeper": (plugin(plugin=lambda hub: "me"), "feedbackhub_plugin returned str, which is no Plugin"),
    "unnamed": (plugin(channels=lambda hub: [Unnamed()]),
                "the channel Unnamed needs a name of small letters, digits, - and _"),
    "taken": (plugin(channels=lambda hub: [Pager()]), "channel pager is brought by plugin a and by plugin bad"),
    "twice": (plugin(rules=lambda hub: [Never(), Never()]), "rule never is brought twice"),
    "keeps": (plugin(channels=lambda hub: [Secretive()]), NOT_ERASED),
    "rooted": (plugin(pages=lambda hub: [Page("/s/<token>", "", "agent", view)]),
               "page '/s/<token>': write a path below the plugin's prefix, like mails/<id>"),
    "upwards": (plugin(pages=lambda hub: [Page("../s", "", "agent", view)]),
                "page '../s': write a path below the plugin's prefix, like mails/<id>"),
    "public": (plugin(pages=lambda hub: [Page("s", "", "anybody", view)]),
               "page 's': permission must be one of public, agent, manager, admin"),
    "same page": (plugin(pages=lambda hub: TWICE), "page 'same' is brought twice for GET"),
}  # fmt: skip


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD)
def test_a_plugin_that_breaks_the_contract_is_failed_with_its_reason(bad: object, reason: str) -> None:
    found = state(bad)
    assert (found.state, without_place(found.reason)) == ("failed", reason)


def test_a_hook_with_an_argument_that_is_not_given_is_failed() -> None:
    found = state(plugin(rules=lambda hub, app: []))
    assert found.state == "failed"
    assert "{'app'} are declared in the hookimpl but can not be found in the hookspec" in found.reason


def test_a_plugin_that_fails_in_one_hook_brings_nothing_of_the_others() -> None:
    plugins = load({"half": plugin(channels=lambda hub: [Pager()], rules=raising(RuntimeError()))})
    assert (without_place(plugins.states[0].reason), plugins.channels) == ("RuntimeError", {})


def test_an_interrupt_from_the_keyboard_still_ends_the_program() -> None:
    with pytest.raises(KeyboardInterrupt):
        load({"slow": plugin(rules=raising(KeyboardInterrupt()))})


def test_a_name_that_cannot_be_a_folder_and_an_address_is_failed() -> None:
    found = load({"../up": plugin()}).states[0]
    assert (found.state, found.reason) == ("failed", "its name must consist of small letters, digits, - and _")


def test_a_plugin_that_keeps_data_and_erases_it_works() -> None:
    class Forgetful(Keeper):
        def erase_person(self, identifiers: Any) -> int:
            return 0

    keeper = Forgetful()
    plugins = load({"mine": plugin(channels=lambda hub: [Secretive()], plugin=lambda hub: keeper)})
    assert (list(plugins.channels), plugins.keepers) == (["secretive"], {"mine": keeper})


class Section(BaseModel):
    host: str
    port: int = Field(25)


def test_a_required_option_that_is_missing_leaves_the_plugin_unconfigured() -> None:
    found = state(plugin(channels=lambda hub: hub.settings(Section) and []))
    assert (found.state, found.reason) == ("unconfigured", "not set: plugins.bad.host")


def test_an_unknown_option_fails_the_plugin_and_names_the_nearest() -> None:
    bad = plugin(channels=lambda hub: hub.settings(Section) and [])
    found = state(bad, plugins={"bad": {"hots": "mail.example"}})
    assert found.state == "failed"
    assert "plugins.bad.hots: unknown option; did you mean plugins.bad.host?" in found.reason


def test_options_for_a_plugin_that_takes_none_fail_it() -> None:
    found = state(plugin(), plugins={"bad": {"colour": "red"}})
    assert (found.state, found.reason) == ("failed", "plugins.bad.colour: the plugin takes no options")


def test_a_plugin_reads_its_own_section_and_it_is_kept_for_showing() -> None:
    seen: list[Section] = []
    module = plugin(channels=lambda hub: seen.append(hub.settings(Section)) or [])
    plugins = load({"mine": module}, plugins={"mine": {"host": "mail.example"}})
    assert seen == [Section(host="mail.example", port=25)]
    assert plugins.sections == {"mine": seen[0]}


def test_a_section_of_a_plugin_that_is_not_there_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        plugins = load({}, plugins={"mial": {"host": "x"}}, plugins_disabled=["sms"])
    assert plugins.warnings == (
        "[plugins.mial] is set, but no plugin of that name is installed",
        "plugins_disabled names sms, but no plugin of that name is installed",
    )
    assert caplog.messages == list(plugins.warnings)


def test_the_hub_offers_name_clock_http_log_and_a_folder_of_its_own(tmp_path: Path) -> None:
    hubs: list[Hub] = []
    load({"mine": plugin(rules=lambda hub: hubs.append(hub) or [])}, data_dir=tmp_path / "data")
    hub = hubs[0]
    assert (hub.name, hub.clock, hub.http, hub.log.name) == ("mine", CLOCK, HTTP, "feedbackhub.plugins.mine")
    assert not (tmp_path / "data").exists()
    assert hub.folder == tmp_path / "data" / "plugins" / "mine"
    assert hub.folder.is_dir()


def test_templates_beside_a_package_are_found_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "hello.html").write_text("Hello")
    package = plugin()
    package.__path__ = [str(tmp_path)]
    loaders = load({"mine": package, "other": plugin()}).template_loaders
    assert {name: loader.list_templates() for name, loader in loaders.items()} == {"mine": ["hello.html"]}
