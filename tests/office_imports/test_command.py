"""`feedbackhub import`: options and mapping files, what it says, and its exit status."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedbackhub.cli.group import main

CSV = "nr;wann;note;wort\n1;05.01.2026 10:00;sehr gut;danke\n2;06.01.2026 10:00;gut;-\n3;bald;gut;\n"
MAPPING = """\
empty = ["-"]
[map]
external_id = "nr"
ended_at = "wann"
"rating.satisfaction" = "note"
[set]
source = "alt"
[values."rating.satisfaction"]
"sehr gut" = "5"
gut = "4"
[dates]
timezone = "Europe/Berlin"
columns = { wann = ["%d.%m.%Y %H:%M"] }
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Run a command in a folder with a fresh instance."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.csv").write_text(CSV)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    assert command("init", "--admin", "admin@example.com").exit_code == 0
    return command


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.usefixtures("run")
def test_a_mapping_file_and_options_work_together(tmp_path: Path) -> None:
    dry = command(
        "import", "responses", "old.csv", "--mapping", "mapping.toml", "--map", "answer.comment=wort", "--dry-run"
    )
    assert "3 rows: 2 would be new, 0 known before, 2 answers, 0 asked, 1 with errors." in dry.output
    done = command("import", "responses", "old.csv", "--mapping", "mapping.toml", "--map", "answer.comment=wort")
    assert "3 rows: 2 new" in done.output
    assert "see" in done.output
    assert done.exit_code == 1
    assert (tmp_path / "old.csv.errors.csv").read_text().splitlines() == [
        "row,line,column,reason", "3,4,wann,is no date by %d.%m.%Y %H:%M",
    ]  # fmt: skip
    again = command("import", "responses", "old.csv", "--mapping", "mapping.toml", "--map", "answer.comment=wort")
    assert "was imported before, 3 rows; --again goes through it once more." in again.output
    assert again.exit_code == 0


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--map", "external_id"], "must be written as FIELD="),
        (["--map", "externalid=nr"], "did you mean external_id?"),
        (["--map", "external_id=number"], "the file has no column 'number'"),
        (["--encoding", "klingon"], "there is no encoding named klingon"),
    ],
)
def test_mistakes_are_named_in_one_line(words: list[str], says: str) -> None:
    result = command("import", "contacts", "old.csv", *words)
    assert says in result.output
    assert result.exit_code != 0
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("run")
def test_a_mapping_file_with_unknown_words_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text("[maps]\n")
    result = command("import", "contacts", "old.csv", "--mapping", "mapping.toml")
    assert "maps: Extra inputs are not permitted (in mapping.toml)" in result.output
