"""Hooks, their documentation, their tests and the bundled plugins say the same; no hook is there for nobody."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import get_args

import pytest

import feedbackhub
from docs.hooks_page import hooks_page
from feedbackhub.contract import hookspecs
from feedbackhub.contract.objects import About
from feedbackhub.contract.screens import SlotName
from feedbackhub.loop.plugin_queue import CORE_FACTS
from feedbackhub.machinery.containment import LIMITS
from feedbackhub.machinery.fuse import FIRST_REST, LONGEST_REST, ROW
from feedbackhub.machinery.plugin_finding import GROUP
from feedbackhub.machinery.plugin_objects import KINDS
from feedbackhub.machinery.plugins import State
from feedbackhub.testing.scaffold import KINDS as SCAFFOLDS
from tests.gates.sources import ROOT, everything, product

HOOKS = [name for name in vars(hookspecs) if name.startswith("feedbackhub_")]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
HERE = ROOT / "tests" / "gates" / "test_plugins.py"
TEMPLATES = ROOT / "feedbackhub" / "testing" / "kinds"
#: Kinds of objects that `plugins new` makes no distribution of, and why.
NOT_ALONE = {
    "feedbackhub_slots": "adds to a page of the core what some other object has to say",
    "feedbackhub_tables": "holds what a subscriber, a task or a page keeps",
    "feedbackhub_plugin": "erases what another object keeps",
}
BUNDLED = [point for point in entry_points(group=GROUP) if point.value.startswith("feedbackhub_plugins.")]


@cache
def reference() -> str:
    """Return the page of hooks and objects as it is generated."""
    return hooks_page()


@cache
def said_in_tests() -> str:
    """Return what the tests say, those of this file left out."""
    return "\n".join(each.text for each in everything() if each.name.startswith("tests/") and each.path != HERE)


@cache
def defined_in(folder: str) -> set[str]:
    """Return the hooks that are implemented somewhere below a folder."""
    found = (node.name for source in everything() if source.name.startswith(folder) for node in source.functions())
    return {name for name in found if name.startswith("feedbackhub_")}


def rows(heading: str) -> Iterator[list[str]]:
    """Yield the rows of the table of the page whose first heading is this."""
    table = re.search(rf"^\| {heading} \|.*\n\|[ -|]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table is not None, f"no table begins with {heading}"
    for line in table[1].splitlines():
        yield [cell.strip() for cell in line.strip("|").split("|")]


def named(cells: list[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_every_hook_brings_a_known_kind_of_object() -> None:
    assert sorted(HOOKS) == sorted(KINDS)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_explained_shown_used_and_tested(hook: str) -> None:
    assert f"Hook `{hook}`" in PAGE, "docs/plugins.md explains it"
    assert f"\ndef {hook}(hub: Hub)" in PAGE, "docs/plugins.md shows one"
    assert f"### `{hook}`" in reference(), "docs/hooks.md has its reference"
    assert hook in defined_in("plugins/"), "a bundled plugin uses it"
    short = hook.removeprefix("feedbackhub_")
    assert re.search(rf"\b{hook}\b|\b{short}=|\b{short}\(hub", said_in_tests()), "tests use it"


def test_no_plugin_implements_what_is_no_hook() -> None:
    assert defined_in("plugins/") - set(HOOKS) == set()


@pytest.mark.parametrize("hook", HOOKS)
def test_a_kind_of_object_has_a_scaffold_or_a_reason(hook: str) -> None:
    made = "\n".join((TEMPLATES / f"{kind}.py.txt").read_text(encoding="utf-8") for kind in SCAFFOLDS)
    assert (f"def {hook}(" in made) != (hook in NOT_ALONE)


def test_the_page_names_every_kind_of_scaffold() -> None:
    listed = re.search(r"of one `--kind` whose tests pass at once: (.*?)\. Slots", PAGE, re.DOTALL)
    assert listed is not None
    assert sorted(re.findall(r"`([a-z-]+)`", listed[1])) == sorted(SCAFFOLDS)


@pytest.mark.parametrize("point", BUNDLED, ids=lambda point: point.name)
def test_a_bundled_plugin_says_what_it_is(point: EntryPoint) -> None:
    about = getattr(point.load(), "about", About())
    assert about.title
    assert about.description.endswith(".")


def test_the_page_lists_the_bundled_plugins_and_no_others() -> None:
    assert sorted(name for cells in rows("plugin") for name in named(cells[:1])) == sorted(p.name for p in BUNDLED)


def test_every_public_name_is_in_the_reference() -> None:
    assert [name for name in feedbackhub.__all__ if f"\n### `{name}`\n" not in reference()] == []


def test_the_limits_are_those_of_the_code() -> None:
    said = {named(cells[:1])[0]: float(cells[1]) for cells in rows("call")}
    assert said == LIMITS
    fuse = " ".join(PAGE.split())
    assert f"fails five times in a row rests for {FIRST_REST:g} seconds" in fuse
    assert (ROW, LONGEST_REST) == (5, 300.0), "the page says five times, and up to five minutes"


def test_the_states_are_those_of_the_code() -> None:
    assert [name for cells in rows("state") for name in named(cells[:1])] == [
        "active", "unconfigured", "disabled", "failed",
    ]  # fmt: skip
    assert set(get_args(State)) == {"active", "unconfigured", "disabled", "failed"}


def test_the_places_of_slots_are_those_of_the_code() -> None:
    listed = re.search(r"a named place in a page of the staff area: (.*?)\. It", PAGE, re.DOTALL)
    assert listed is not None
    assert tuple(re.findall(r"`(\w+)`", listed[1])) == get_args(SlotName)


def test_the_page_lists_the_events_that_the_core_publishes() -> None:
    published = {
        each.value
        for source in product() if source.module.startswith("feedbackhub.")
        for node in source.walk() if isinstance(node, ast.Call) and len(node.args) > 1
        and getattr(node.func, "id", "") == "publish"
        for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }  # fmt: skip
    assert {name for cells in rows("events of the core") for name in named(cells[:1])} == published
    assert {name.partition(".")[0] for name in published} == CORE_FACTS
