"""`feedbackhub surveys`: mistakes with their lines, previews, and publishing."""

from pathlib import Path

import pytest

from feedbackhub.surveys import bundled
from tests.cli.conftest import Run

OWN = """\
name: own
languages: [en, ar]
title: {en: "Ours", ar: "لنا"}
questions:
  - id: satisfaction
    type: csat
    text: {en: "How was it?", ar: "كيف كان؟"}
thanks: {en: "Thank you", ar: "شكرًا"}
"""


@pytest.fixture
def own(run: Run) -> Path:
    """A survey's file, in the folder of the command."""
    path = Path("own.yaml")
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_good_file_has_no_mistakes(run: Run, own: Path) -> None:
    result = run("surveys", "check", "own.yaml")
    assert (result.exit_code, result.output) == (0, "own: 1 question in en, ar; no mistakes.\n")


def test_each_mistake_is_told_with_its_line(run: Run, own: Path) -> None:
    own.write_text(OWN.replace("csat", "csta"), encoding="utf-8")
    result = run("surveys", "check", "own.yaml")
    assert result.exit_code == 1
    first, last = result.stderr.splitlines()
    assert first.startswith("own.yaml:6: error: questions[0].type: 'csta' is not a question type")
    assert last == "Error: 1 to mend"


def test_what_could_be_better_is_a_warning(run: Run, own: Path) -> None:
    own.write_text(OWN.replace(', ar: "لنا"', ""), encoding="utf-8")
    result = run("surveys", "check", "own.yaml")
    assert (result.exit_code, "warning" in result.stderr) == (0, True)


def test_a_file_in_another_encoding_is_refused_in_one_line(run: Run, own: Path) -> None:
    own.write_bytes("title: naïve".encode("latin-1"))
    result = run("surveys", "check", "own.yaml")
    assert (result.exit_code, result.stderr) == (1, "Error: own.yaml is no text in UTF-8\n")


def test_a_preview_prints_the_texts_of_a_language(run: Run, own: Path) -> None:
    output = run("surveys", "preview", "own.yaml", "--lang", "ar").output
    assert "1. كيف كان؟" in output.splitlines()


def test_a_language_that_the_survey_lacks_is_said(run: Run, own: Path) -> None:
    result = run("surveys", "preview", "own.yaml", "--lang", "fr")
    assert result.stderr == "own does not speak fr; this is English.\n"


@pytest.mark.parametrize("name", sorted(bundled()))
def test_a_preview_is_written_as_one_page(run: Run, own: Path, name: str) -> None:
    own.write_text(bundled()[name], encoding="utf-8")
    assert run("surveys", "preview", "own.yaml", "--lang", "ar", "--out", "page.html").exit_code == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in page
    assert ("<link" in page, "<script" in page) == (False, False)


def test_a_file_is_published_once(instance: Run, own: Path) -> None:
    assert instance("surveys", "publish", "own.yaml").output == "own: version 1 is published.\n"
    again = instance("surveys", "publish", "own.yaml")
    assert again.output == "own: version 1 says the same already; nothing was published.\n"
    own.write_text(OWN.replace("How was it?", "How did we do?"), encoding="utf-8")
    assert instance("surveys", "publish", "own.yaml").output == "own: version 2 is published.\n"
    listed = instance("surveys", "list").output.splitlines()
    assert [line.split()[:3] for line in listed if line.startswith("own")] == [["own", "2", "1"]]


def test_a_file_with_mistakes_is_not_published(instance: Run, own: Path) -> None:
    own.write_text("name: [", encoding="utf-8")
    result = instance("surveys", "publish", "own.yaml")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].endswith("nothing was published")
