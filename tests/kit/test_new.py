"""What `plugins new` writes is installed as a wheel beside feedbackhub's own, and passes its tests and checks."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from feedbackhub.cli import main
from feedbackhub.testing.scaffold import KINDS, write_plugin
from tests.gates.sources import ROOT, clean_copy

NAMES = {kind: f"my-{kind}" for kind in KINDS}


@dataclass(frozen=True)
class Place:
    """A fresh environment with everything installed, and the distributions' folders."""

    python: Path
    folder: Path

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in the distributions' folder."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBACKHUB_")}
        return subprocess.run(
            [str(self.python), *arguments], cwd=self.folder, env=environment, capture_output=True, text=True,
            check=check, timeout=300,
        )  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One distribution of each kind, built as wheels and installed beside feedbackhub's wheel.

    Third-party libraries are taken from the environment of these tests, behind what is installed here.
    """
    folder = tmp_path_factory.mktemp("new")
    places = [write_plugin(name, kind, folder) for kind, name in NAMES.items()]
    wheels = folder / "wheels"
    host = folder / "feedbackhub"
    host.mkdir()
    for each in (clean_copy(host), *places):
        build = [sys.executable, "-m", "build", "--quiet", "--wheel", "--no-isolation", "--outdir", str(wheels)]
        subprocess.run([*build, str(each)], check=True, capture_output=True, timeout=120)
    venv.create(folder / "fresh", with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "fresh")}))
    site.joinpath("others.pth").write_text(sysconfig.get_path("purelib"))
    installing = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(site)]
    subprocess.run([*installing, *map(str, wheels.glob("*.whl"))], check=True, capture_output=True, timeout=300)
    return Place(folder / "fresh" / "bin" / "python", folder)


def test_each_is_listed_as_working(place: Place) -> None:
    said = place.run("-c", "from feedbackhub.cli import main; main()", "plugins", "list", "--json")
    states = {each["name"]: each["state"] for each in json.loads(said.stdout)}
    assert {name: states[name] for name in NAMES.values()} == {
        name: "unconfigured" if kind in ("channel", "source", "desk-section") else "active"
        for kind, name in NAMES.items()
    }


def test_the_tests_of_all_pass_at_once(place: Place) -> None:
    tests = [f"feedbackhub-{name}/tests" for name in NAMES.values()]
    found = place.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", *tests, check=False)
    assert found.returncode == 0, found.stdout[-3000:]


CHECK_ALL = """
import json, sys, tempfile
from pathlib import Path
from feedbackhub.testing.checks import check_plugin
found = {}
for name in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as folder:
        found[name] = [[each.result, each.check, each.why] for each in check_plugin(name, Path(folder), {})]
print(json.dumps(found))
"""


def test_every_check_of_all_passes(place: Place) -> None:
    found = json.loads(place.run("-c", CHECK_ALL, *NAMES.values()).stdout)
    failed = [(name, *each) for name, checks in found.items() for each in checks if each[0] == "failed"]
    assert failed == []
    assert all(len(checks) >= 5 for checks in found.values())


def test_the_library_in_use_is_the_wheel(place: Place) -> None:
    said = place.run("-c", "import feedbackhub; print(feedbackhub.__file__)")
    assert not said.stdout.startswith(str(ROOT))


@pytest.mark.parametrize("name", ["My", "1st", "a_b", "a--b", "-a", "class", "x" * 41, "../up"])
def test_a_name_that_cannot_be_used_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["plugins", "new", "--kind", "rule", "--folder", str(tmp_path), "--", name])
    assert said.exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    place = write_plugin("mine", "rule", tmp_path)
    (place / "README.md").write_text("my own words")
    said = CliRunner().invoke(main, ["plugins", "new", "mine", "--kind", "rule", "--folder", str(tmp_path)])
    assert (said.exit_code, (place / "README.md").read_text()) == (1, "my own words")
