"""Targets on call time and boards of calls handled make service worse: no analysis has any such number."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.gates.sources import ROOT

#: What analyses, their pages and their mails say, and where it stands.
SAYING = ("plugins", "feedbackhub/reporting", "feedbackhub/contract", "feedbackhub/web", "feedbackhub/office")
PAGES = "templates/staff"
#: What marks a text for translation.
MARKS = {"t", "N_", "_", "words", "texts"}
MEASURES_PEOPLE = re.compile(
    r"handl\w+ times?|talk times?|call (time|duration|length)s?|wrap[- ]?up|occupancy|productivity|idle time"
    r"|(calls?|contacts?|tickets?|cases?|chats?|answers?) (per|for each|by|of each) (agent|person|head|shift|hour)"
    r"|(calls?|contacts?|tickets?|cases?|chats?) (handled|taken|closed|served)(?! (on )?in time)"
    r"|leader ?board|league table|scoreboard"
    r"|(top|best|worst|bottom|slowest|fastest) (\w+ )?(agents?|people|performers?)|\brank(s|ing|ings)?\b(?! sum)",
    re.IGNORECASE,
)
#: Who served may be read by this one alone, which says nothing of anybody that may be chance.
MAY_READ_WHO_SERVED = "fairness"
WHO = {"agent", "agent_name"}


@cache
def texts() -> dict[str, str]:
    """Return every text for people, with a file that says it."""
    found: dict[str, str] = {}
    for folder in SAYING:
        for path in (ROOT / folder).rglob("*.py"):
            found |= dict.fromkeys(said_by(path), str(path.relative_to(ROOT)))
    for path in (ROOT / PAGES).rglob("*.html"):
        marked = re.findall(r"""\bt\(\s*(["'])(.*?)\1""", path.read_text(encoding="utf-8"))
        found |= dict.fromkeys((text for _, text in marked), str(path.relative_to(ROOT)))
    return found


def said_by(path: Path) -> Iterator[str]:
    """Yield the texts that a module marks for translation."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def modules_of_analyses() -> Iterator[Path]:
    """Yield the modules that analyses are made of, and what they share."""
    for plugin in sorted((ROOT / "plugins").iterdir()):
        wanted = [path for path in sorted(plugin.glob("*.py")) if "(Analysis)" in path.read_text(encoding="utf-8")]
        seen: set[Path] = set()
        while wanted:
            path = wanted.pop()
            if path not in seen:
                seen.add(path)
                wanted += brought_in(path)
        yield from sorted(seen)
    yield from (ROOT / "feedbackhub" / "reporting").rglob("*.py")


def brought_in(path: Path) -> Iterator[Path]:
    """Yield the modules of the same plugin that a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            names = [node.module] if node.module else [each.name for each in node.names]
            yield from (found for name in names if (found := path.parent / f"{name}.py").exists())


def test_no_text_speaks_of_calls_handled_of_handling_times_or_of_ranks() -> None:
    assert len(texts()) > 500
    assert {text: where for text, where in texts().items() if MEASURES_PEOPLE.search(text)} == {}


@pytest.mark.parametrize(
    "text",
    ["Average handling time", "Handle times", "Calls per agent", "Contacts handled", "Ranking of agents", "Rank",
     "Top 10 agents", "Leaderboard", "Tickets closed by Ana", "Talk time", "Answers per person", "Call duration"],
)  # fmt: skip
def test_what_would_is_recognised(text: str) -> None:
    assert MEASURES_PEOPLE.search(text)


@pytest.mark.parametrize(
    "text",
    ["Nobody is ranked", "Answers", "How fast was the answer?", "Rankings are not shown", "Cases closed in time"],
)
def test_what_would_not_is_let_pass_unless_it_names_it(text: str) -> None:
    assert bool(MEASURES_PEOPLE.search(text)) == ("Rankings" in text)


def test_only_one_analysis_reads_who_served() -> None:
    assert len({path.parent.name for path in modules_of_analyses()}) == 11
    found = {}
    for path in modules_of_analyses():
        if MAY_READ_WHO_SERVED not in path.parts:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            values = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            if WHO & values:
                found[str(path.relative_to(ROOT))] = sorted(WHO & values)
    assert found == {}
