"""Importing: every module alone, nothing inside functions, nothing heavy for `--help`."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.gates.sources import PRODUCT, Source, product

OURS = tuple(PRODUCT.values())

# Alembic runs these with its context in place; nothing imports them.
RUN_BY_OTHERS = {"feedbackhub/store/migrations/env.py", "feedbackhub/store/own_migrations/env.py"}

# From the ground up, as setup.cfg has them: a module can only depend on the order of imports within its own floor.
FLOORS = (
    ("feedbackhub.contract", "feedbackhub.columns", "feedbackhub.statistics", "feedbackhub.reporting"),
    ("feedbackhub.surveys", "feedbackhub.machinery"),
    ("feedbackhub.store",),
    ("feedbackhub.loop", "feedbackhub.office"),
    ("feedbackhub.web",),
    (),
)

# Forks a child for each module from an interpreter that has loaded what others wrote, the contract, which importing
# anything of ours loads first, the floors below, and the module's package: Python loads that first as well, so that
# what a package has loaded itself needs no child of its own.
ALONE = """
import gc, importlib, json, os, sys, traceback, warnings
others, floors, part = json.loads(sys.argv[1])

def is_well(do, *given):
    child = os.fork()
    if child == 0:
        try:
            do(*given)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return not os.waitpid(child, 0)[1]

def load(package, modules):
    importlib.import_module(package)
    gc.freeze()
    if broken := [each for each in modules if each not in sys.modules and not is_well(importlib.import_module, each)]:
        sys.exit("cannot be imported alone: " + ", ".join(broken))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    for name in others:
        importlib.import_module(name)
warnings.simplefilter("error")
import feedbackhub
gc.disable()
for floor in floors:
    gc.freeze()
    if not all([is_well(load, *each) for each in list(floor.items())[part::2]]):
        sys.exit(1)
    for name in [name for names in floor.values() for name in names] if floor is not floors[-1] else ():
        importlib.import_module(name)
"""

HELP = """
import sys
from feedbackhub.cli import main
sys.argv = ["feedbackhub", "--help"]
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""

HEAVY = {"flask", "werkzeug", "apiflask", "sqlalchemy", "alembic", "waitress", "babel", "pydantic", "rich"}


def imported(node: ast.AST) -> list[str]:
    """Return the absolute names that an import statement imports from; a relative one is ours."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{OURS[0]}." if node.level else str(node.module)]
    return []


def floor_of(module: str) -> int:
    """Return the floor that a module belongs to; the uppermost for those that are named in none."""
    return next((at for at, floor in enumerate(FLOORS) if module.startswith(floor)), len(FLOORS) - 1)


def test_every_module_can_be_imported_alone_without_a_warning(tmp_path: Path) -> None:
    names = {name for source in product() for node in source.tree.body for name in imported(node)}
    others = sorted(name for name in names if name.partition(".")[0] not in OURS)
    floors: list[dict[str, list[str]]] = [{} for _ in FLOORS]
    for source in product():
        if source.name not in RUN_BY_OTHERS:
            is_package = source.name.endswith("/__init__.py")
            package = source.module if is_package else source.module.rpartition(".")[0]
            floors[floor_of(source.module)].setdefault(package, []).append(source.module)
    # Compiled once for all children, wherever the source tree may be written to.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", ALONE, json.dumps([others, floors, part])],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment,
        )
        for part in range(2)
    ]  # fmt: skip
    said = [worker.communicate(timeout=240)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], "\n".join(said)


def inside_functions(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for function in source.functions():
        for node in ast.walk(function):
            yield from ((node, name) for name in imported(node))


def test_functions_import_nothing_of_ours() -> None:
    found = [
        f"{source.at(node)} {name}"
        for source in product()
        for node, name in inside_functions(source)
        if name.partition(".")[0] in OURS
    ]
    assert found == []


def test_a_library_imported_late_has_a_comment_that_says_why() -> None:
    found = [
        f"{source.at(node)} {name}"
        for source in product()
        for node, name in inside_functions(source)
        if not any("#" in line for line in source.lines[max(node.lineno - 2, 0) : node.lineno])  # type: ignore[attr-defined]
    ]
    assert found == []


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    assert HEAVY & set(ast.literal_eval(done.stderr.splitlines()[-1])) == set()
