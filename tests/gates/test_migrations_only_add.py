"""Schema changes are additive, so that the release before can go on working beside this one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

VERSIONS = Path("feedbackhub/store/migrations/versions")
#: Releases before this revision did not ask whether a newer schema goes with them.
SINCE = "0003"
SCRIPTS = sorted(path for path in VERSIONS.glob("[0-9]*.py") if path.name[:4] >= SINCE)
ADDING = {"create_table", "create_index", "add_column", "f"}


def steps(path: Path) -> Iterator[ast.Call]:
    """Yield the calls of Alembic's operations in a script."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="op"))):
                yield node


def name_of(step: ast.Call) -> str:
    assert isinstance(step.func, ast.Attribute)
    return step.func.attr


def is_optional(column: ast.expr) -> bool:
    """Tell whether a release that does not know a column may leave it out."""
    said = {word.arg: ast.unparse(word.value) for word in column.keywords} if isinstance(column, ast.Call) else {}
    return said.get("nullable", "True") == "True" or "server_default" in said


def test_there_is_a_script_to_look_at() -> None:
    assert SCRIPTS != []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_only_adds(path: Path) -> None:
    assert {name_of(step) for step in steps(path)} - ADDING == set()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_new_columns_of_old_tables_may_be_left_out(path: Path) -> None:
    columns = [step.args[1] for step in steps(path) if name_of(step) == "add_column"]
    assert [ast.unparse(column) for column in columns if not is_optional(column)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_says_which_release_can_work_on_its_schema(path: Path) -> None:
    names = [
        target.id
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert names.count("works_with") == 1
