"""What ruff, mypy and import-linter hold; their settings are in `ruff.toml` and `setup.cfg`."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.gates.sources import PRODUCT, ROOT

BIN = Path(sys.executable).parent


def passes(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    passes(BIN / "ruff", "check", "--quiet", ".")


def test_imports_go_only_downwards() -> None:
    passes(BIN / "lint-imports", "--no-logo")


def test_mypy_is_content_in_strict_mode() -> None:
    links = ROOT / ".venv" / "typing"
    if not links.exists():
        pytest.fail("run the tests with `make test`: it links the packages for mypy")
    passes(BIN / "mypy")


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = grimp.build_graph(*PRODUCT.values(), cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
