"""Every command in the documentation runs, in its order, and does what the page says."""

import json
import re
from pathlib import Path

import pytest

from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.settings_load import load_settings
from tests.docs.blocks import Reader, blocks, pages
from tests.gates.sources import ROOT
from tests.mail.smtp_server import Running, Server

#: Lines that another test runs, and which.
ELSEWHERE = {
    "make demo": "tests/docs/test_make.py",
    "make test": ".ci/run",
    "pip install .": "tests/gates/test_package.py",
    "feedbackhub demo --plugin feedbackhub-parcels/feedbackhub_parcels": "tests/docs/test_plugin_commands.py",
}
RUN_HERE = {
    "README.md", "docs/analyses/inaction.md", "docs/analyses/recoveries.md", "docs/deploy.md", "docs/events.md",
    "docs/exports.md", "docs/imports.md", "docs/links.md", "docs/loop.md", "docs/operation.md", "docs/privacy.md",
    "docs/reports.md", "docs/sources.md", "docs/surveys.md",
}  # fmt: skip

RUN_ELSEWHERE = {"docs/plugins.md": "tests/docs/test_plugin_commands.py"}


def commands(page: str) -> list[str]:
    """Return a page's blocks without the lines that another test runs."""
    found = ("".join(line for line in block.text.splitlines(keepends=True) if line.strip() not in ELSEWHERE)
             for block in blocks(page))  # fmt: skip
    return [text for text in found if text.strip()]


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_no_page_has_commands_that_nothing_runs() -> None:
    assert {page for page in pages() if commands(page)} == RUN_HERE | set(RUN_ELSEWHERE)
    assert {place for place in RUN_ELSEWHERE.values() if not (ROOT / place).exists()} == set()
    assert {place for place in ELSEWHERE.values() if not (ROOT / place).exists()} == set()


def test_the_readme_sets_an_instance_up_and_connects_a_helpdesk(reader: Reader) -> None:
    *_, said, kit = reader.types(*commands("README.md"))
    assert kit.splitlines()[-1].endswith("checks, 0 failed")
    contact = json.loads(said)["contact"]
    assert (contact["source"], contact["external_id"], contact["channel"]) == ("helpdesk", "4711", "email")
    assert re.fullmatch(r"[A-Za-z0-9_-]{12}", contact["id"])


def test_an_instance_is_set_up_served_and_connected_to_mail_as_deploy_says(reader: Reader) -> None:
    first, mail, backup, restore = commands("docs/deploy.md")
    reader.types(first)
    assert (reader.folder / "served.txt").read_text() == (
        f"feedbackhub serves {reader.address} at 127.0.0.1:{reader.port}\n"
    )
    section = blocks("docs/deploy.md", "toml")[0].text
    with (reader.folder / "feedbackhub.toml").open("a", encoding="utf-8") as file:
        # The server of the test has no certificate, and nobody signs in to such a one.
        unsigned = re.sub(r"^(username|password) = .*\n", "", section, flags=re.MULTILINE)
        file.write(unsigned.replace("smtp.example.com", "127.0.0.1"))
    server = Server()
    running = Running(server)
    running.start()
    reader.environment |= {"FEEDBACKHUB_PLUGINS__EMAIL__PORT": str(running.port),
                           "FEEDBACKHUB_PLUGINS__EMAIL__SECURITY": "none"}  # fmt: skip
    try:
        (said,) = reader.types(mail)
    finally:
        running.stop()
    assert "WRONG" not in said
    assert [taken.recipients for taken in server.taken] == [["you@example.com"]]
    copied, put_back = reader.types(backup, restore)
    assert copied.startswith("Backup:   backups/feedbackhub-")
    assert put_back.startswith("Restored what backups/feedbackhub-")


def test_the_loop_in_ten_minutes_goes_round(reader: Reader) -> None:
    _, _, contact, response, card = reader.types(*commands("docs/loop.md"))
    recorded = json.loads(contact)["contact"]
    assert (recorded["decision"]["outcome"], recorded["decision"]["facts"]["channels"]) == ("ask", ["mailbox"])
    assert recorded["invitation"]["link"].startswith(f"{reader.address}/s/")
    taken = json.loads(response)
    assert (taken["stored"], taken["problems"]) == (True, [])
    looked = json.loads(card)
    assert looked["found"] is True
    assert looked["address"].startswith(f"{reader.address}/card/")
    assert [(each["value"], each["comment"]) for each in looked["card"]["ratings"]] == [(2, "Still the wrong sum.")]


def test_work_is_looked_after_as_the_page_says(reader: Reader) -> None:
    _, said, key = reader.types("feedbackhub init", *commands("docs/operation.md"))
    assert said == "Nothing is to be done.\n0 tasks are due now.\n"
    assert "fh_" in key


def test_the_event_log_is_shown_and_tallies_are_checked_as_the_page_says(reader: Reader) -> None:
    _, log, tallies = reader.types("feedbackhub init", *commands("docs/events.md"))
    assert log.splitlines()[0].split() == ["Subscriber", "Read", "Behind", "State", "What", "stops", "it"]
    assert tallies == "0 counts of 0 answers and sends equal a recount.\nEverything was right.\n"


def test_records_are_exported_as_the_page_says(reader: Reader) -> None:
    reader.types("feedbackhub init", *commands("docs/exports.md"))
    assert {"responses.csv", "responses.columns.csv", "contacts.jsonl", "gestures.xlsx"} <= {
        each.name for each in reader.folder.iterdir()
    }


def test_an_open_link_is_made_pasted_taken_back_and_given_back(reader: Reader) -> None:
    reader.types("feedbackhub init")
    (said,) = reader.types(*commands("docs/links.md"))
    macro = rf"^{re.escape(reader.address)}/o/[A-Za-z0-9_-]{{24}}\?ticket={{{{ticket.id}}}}$"
    assert re.search(macro, said, re.MULTILINE)
    last = [line.split(" ", 1)[1] for line in said.splitlines()[-2:]]
    assert last == ["takes no more answers.", "takes answers again."]


def test_a_body_is_tried_and_the_inbox_looked_after_as_the_page_says(reader: Reader) -> None:
    reader.types("feedbackhub init")
    with (reader.folder / "feedbackhub.toml").open("a", encoding="utf-8") as file:
        file.write(blocks("docs/sources.md", "toml")[0].text)
    (reader.folder / "body.json").write_text(blocks("docs/sources.md", "json")[0].text, encoding="utf-8")
    (said,) = reader.types(*commands("docs/sources.md"))
    assert re.search(r"^external_id +4711$", said, re.MULTILINE)
    assert re.search(rf"^backoffice +webhook +{re.escape(reader.address)}/in/backoffice ", said, re.MULTILINE)
    assert said.splitlines()[-2:] == ["Nothing came yet.", "0 requests will be read again by the running server."]


def test_the_survey_of_the_page_is_checked_previewed_and_published(reader: Reader) -> None:
    reader.types("feedbackhub init")
    (survey,) = blocks("docs/surveys.md", "yaml")
    (reader.folder / "my-survey.yaml").write_text(survey.text, encoding="utf-8")
    reader.types(*commands("docs/surveys.md"))
    assert "How was the delivery?" in (reader.folder / "preview.html").read_text(encoding="utf-8")
    (listed,) = reader.types("feedbackhub surveys list")
    assert [line for line in listed.splitlines() if line.split()[:1] == ["delivery"]] != []


def test_a_report_is_fetched_as_the_page_says(reader: Reader) -> None:
    pages = [*commands("docs/reports.md"), *commands("docs/analyses/inaction.md")]
    pages += commands("docs/analyses/recoveries.md")
    *_, said, entered, margin = reader.types("feedbackhub init", "feedbackhub serve", *pages)
    report = json.loads(said)
    assert report.get("state") == "working" or report["figures"][0]["few"] == "none"
    assert [json.loads(entered)[name] for name in ("low", "likely", "high", "entered")] == [50, 60, 80, True]
    assert [json.loads(margin)[name] for name in ("low", "likely", "high", "entered")] == [90, 120, 160, True]


def test_a_person_is_exported_and_erased_as_privacy_says(reader: Reader) -> None:
    reader.types("feedbackhub init")
    know(reader.folder, "ann@example.org")
    (said,) = reader.types(*commands("docs/privacy.md"))
    assert "ann@example.org" in said
    again = json.loads(reader.types("feedbackhub customers export --email ann@example.org || true")[0] or "{}")
    assert "ann@example.org" not in json.dumps(again)


def know(folder: Path, email: str) -> None:
    """Record a contact of somebody in the instance of a folder."""
    core = open_core(load_settings(folder / "feedbackhub.toml", {}))
    body = {"source": "helpdesk", "external_id": "1", "customer": {"email": email, "name": "Ann"}, "channel": "chat"}
    try:
        record_contact(core, ContactEvent.model_validate(body))
    finally:
        core.close()
