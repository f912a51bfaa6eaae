"""The commands of `docs/plugins.md` run as an author types them, on the files that the page shows."""

import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from feedbackhub import Identifier
from feedbackhub.machinery.settings_load import load_settings
from feedbackhub.office.erasing import erase_person
from feedbackhub.testing import Instance
from tests.docs.blocks import Reader, blocks, write_files

PAGE = "docs/plugins.md"
#: How the blocks begin that the tests below run.
RUN = (
    "feedbackhub plugins check chat.py", "feedbackhub plugins new", "feedbackhub demo", "pybabel",
    "feedbackhub plugins migration", "feedbackhub plugins list",
)  # fmt: skip
HALF_AN_HOUR = timedelta(minutes=31)
INSTALL = "pip install -e '.[tests]'"


def command(beginning: str) -> str:
    """Return the only block of the page that begins so."""
    (found,) = [block.text for block in blocks(PAGE) if block.text.startswith(beginning)]
    return found


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader who saved the files of the page."""
    write_files(PAGE, tmp_path)
    return Reader(tmp_path)


def test_every_block_of_commands_is_run() -> None:
    assert [block.text for block in blocks(PAGE) if not block.text.startswith(RUN)] == []
    assert [beginning for beginning in RUN if not command(beginning)] == []


def test_the_checks_of_the_example_pass(reader: Reader) -> None:
    (said,) = reader.types(command("feedbackhub plugins check chat.py"))
    *lines, last = said.splitlines()
    assert last == f"{len(lines)} checks, 0 failed"
    assert [line for line in lines if "FAILED" in line] == []
    assert len([line for line in lines if line.startswith("ok")]) > 15


def test_a_new_distribution_is_installed_and_its_tests_and_checks_pass(reader: Reader) -> None:
    # Into a folder of its own instead of the environment of these tests.
    site = reader.folder / "site"
    pip = f"{sys.executable} -m pip install --quiet --no-deps --no-index --no-build-isolation --target {site} ."
    new = command("feedbackhub plugins new")
    assert INSTALL in new
    reader.environment["PYTHONPATH"] = str(site)
    (said,) = reader.types(new.replace(INSTALL, pip).replace("\npytest\n", "\npytest -q -p no:cacheprovider\n"))
    assert " passed" in said
    assert said.splitlines()[-1].endswith("checks, 0 failed")


def test_a_plugin_is_tried_on_the_demo(reader: Reader) -> None:
    demo = command("feedbackhub demo").strip()
    made = "feedbackhub plugins new parcels --kind rule"
    more = "--plugin feedbackhub-parcels/feedbackhub_parcels --days 3 --no-serve"
    (said,) = reader.types(f"{made}\n{demo} {more}")
    assert "/demo" in said
    assert load_settings(reader.folder / "demo" / "feedbackhub.toml", {}).data_dir.is_dir()


def test_catalogues_are_compiled(reader: Reader) -> None:
    reader.types(command("pybabel"))
    assert (reader.folder / "greeting/locale/id/LC_MESSAGES/greeting.mo").stat().st_size > 100


def test_states_and_traces_are_shown(reader: Reader) -> None:
    place_in_the_folder(reader, "chat.py")
    section = next(block.text for block in blocks(PAGE, "toml") if "[plugins.chat]" in block.text)
    assert tomllib.loads(section)["ask"][0]["channels"] == ["chat", "email"]
    with (reader.folder / "feedbackhub.toml").open("a", encoding="utf-8") as file:
        file.write("\n[plugins.chat]\n" + section.partition("[plugins.chat]\n")[2])
    (said,) = reader.types(command("feedbackhub plugins list"))
    assert [line.split()[1] for line in said.splitlines() if line.startswith("chat ")] == ["active"]
    assert "channel: chat" in said.splitlines()
    assert "sends out: address, name" in said.splitlines()
    assert "Nothing ran in a plugin lately." in said


def place_in_the_folder(reader: Reader, *names: str) -> None:
    """Set an instance up and put plugins into its folder of them."""
    reader.types("feedbackhub init")
    folder = load_settings(reader.folder / "feedbackhub.toml", {}).data_dir
    folder = reader.folder / folder / "plugins.d"
    folder.mkdir()
    for name in names:
        (reader.folder / name).rename(folder / name)


def test_tables_are_made_filled_erased_and_purged(reader: Reader, tmp_path: Path) -> None:
    place_in_the_folder(reader, "complaints")
    migration, migrate, purge = command("feedbackhub plugins migration").splitlines()
    reader.types(f"{migration}\n{migrate}")
    (package,) = reader.folder.rglob("complaints/__init__.py")
    keeps_and_erases(package, tmp_path / "other")
    (said,) = reader.types(purge)
    assert said.splitlines()[0] == "table plugin_complaints_complaint"
    assert said.splitlines()[-1].endswith("Nothing of complaints is left.")


def keeps_and_erases(package: Path, folder: Path) -> None:
    """Let somebody give a bad answer in another instance, and erase them."""
    folder.mkdir()
    here = Instance(folder, {}, settings={"plugin_files": [str(package)]})
    try:
        assert here.state("complaints").state == "active"
        assert "plugin_complaints_complaint" in inspect(here.core.store.engine).get_table_names()
        here.answer(here.ask(), 1)
        here.run(HALF_AN_HOUR)
        (tables,) = here.core.plugins.brought["complaints"].of("feedbackhub_tables")
        (table,) = tables.metadata.sorted_tables
        own = here.hub("complaints").tables
        assert [row["email"] for row in own.read(table.select())] == ["ann@example.com"]
        erased = erase_person(here.core, (Identifier("email", "ann@example.com"),), "tests")
        assert (erased.failed, own.read(table.select())) == ({}, [])
    finally:
        here.close()
