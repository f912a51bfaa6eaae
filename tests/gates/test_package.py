"""What is shipped: the wheel, the public names, the vendored files, the text of the repository."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import feedbackhub
from tests.gates.sources import PRODUCT, ROOT, clean_copy, files

VENDOR = ROOT / "templates" / "static" / "vendor"
# Only catalogues' sources stay out of the wheel.
NOT_SHIPPED = {".pot"}

# Written as patterns that do not match themselves.
MACHINE = re.compile(r"/[w]ork/|/opt/[p]ypi|/[r]oot/|files[.]pythonhosted|registry[.]npmjs")


def tree() -> set[str]:
    """Return what the folders of the product hold, under the names that an installation gives them."""
    return {
        f"{package}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in PRODUCT.items()
        for path in files(ROOT / folder)
        if path.suffix not in NOT_SHIPPED
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the source distribution of a clean copy."""
    copy = clean_copy(tmp_path_factory.mktemp("build"))
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(copy / "dist"), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return next((copy / "dist").glob("*.whl"))


def test_the_wheel_holds_what_the_tree_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {"missing": tree() - held, "too much": held - tree()} == {"missing": set(), "too much": set()}


def test_the_wheel_runs_without_the_tree(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import feedbackhub, feedbackhub_plugins.email, feedbackhub_templates; from importlib.metadata import version;"
        "print(feedbackhub.__file__, version('feedbackhub'))"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == [str(tmp_path / "feedbackhub" / "__init__.py"), feedbackhub.__version__]


def test_the_public_names_are_complete() -> None:
    """That they are sorted, ruff sees to (RUF022); asking for one brings all, and each of them is there."""
    assert [name for name in feedbackhub.__all__ if not hasattr(feedbackhub, name)] == []
    modules = {name for name, value in vars(feedbackhub).items() if type(value).__name__ == "module"}
    public = {name for name in vars(feedbackhub) if not name.startswith("_")} - modules
    assert sorted(feedbackhub.__all__) == sorted(public | {"__version__"})


def test_vendored_files_are_what_their_list_says() -> None:
    listed = json.loads((VENDOR / "VENDOR.json").read_text())
    hashes = {name: digest for library in listed for name, digest in library["files"].items()}
    held = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "VENDOR.json"
    }
    assert held == hashes
    for library in listed:
        assert sorted(library) == ["files", "licence", "name", "package", "version", "why"]
        assert any("LICENSE" in name for name in library["files"])


def test_change_notes_are_named_after_their_kind() -> None:
    kind = re.compile(r"[a-z0-9-]+\.(added|changed|deprecated|removed|fixed|security)\.md")
    notes = {path.name for path in (ROOT / "changes").iterdir()} - {"README.md"}
    assert {name for name in notes if not kind.fullmatch(name)} == set()


def test_nothing_names_the_machine_it_was_made_on() -> None:
    binary = {".png", ".ico", ".mo", ".woff2", ".jpg", ".gz"}
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files()
        if path.suffix not in binary
        for match in MACHINE.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
