"""The two commands of a newcomer, in a folder of their own with the environment that is there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gates.sources import ROOT
from tests.services.processes import absent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the Makefile and what it looks at; the environment counts as made."""
    if shutil.which("make") is None:
        absent("make", "make")
    for name in ("Makefile", "setup.cfg", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path)
    environment = tmp_path / ".venv"
    environment.mkdir()
    (environment / "bin").symlink_to(Path(sys.executable).parent)
    for mark in (".ready", ".ready-dev"):
        (environment / mark).touch()
    return tmp_path


def make(folder: Path, *arguments: str) -> str:
    # This suite may itself run under make, whose variables would be handed on.
    own = {name: value for name, value in os.environ.items() if name != "ARGS" and not name.startswith("MAKE")}
    done = subprocess.run(["make", "--no-print-directory", *arguments], cwd=folder, capture_output=True, text=True,
                          check=False, timeout=200, env=own)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_make_demo_makes_a_demo_and_says_where_it_is(copy: Path) -> None:
    command, said = make(copy, "demo", "ARGS=--days 2 --no-serve --port 8123").splitlines()
    assert command == ".venv/bin/feedbackhub demo --days 2 --no-serve --port 8123"
    assert said.endswith("serves it at http://127.0.0.1:8123/demo")
    assert (copy / "demo" / "feedbackhub.toml").exists()


def test_make_test_runs_the_whole_suite(copy: Path) -> None:
    assert make(copy, "--dry-run", "test").strip() == ".venv/bin/pytest -n 2"


def test_every_make_target_that_the_pages_name_exists() -> None:
    named = {
        target
        for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"))
        for target in re.findall(r"^make (\w+)|`make (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        for target in target
        if target
    }
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named - targets == set()
