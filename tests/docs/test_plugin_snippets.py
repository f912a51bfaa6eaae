"""Every plugin that `docs/plugins.md` shows works, and does what the page says; all of them stand in one instance."""

import hmac
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import EntryPoint
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from feedbackhub import Contact, Query
from feedbackhub.machinery.containment import Ran
from feedbackhub.machinery.plugin_finding import of_file
from feedbackhub.machinery.plugin_objects import KINDS
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub.office.publishing import publish_survey
from feedbackhub.testing import Instance, Peer
from tests.docs.blocks import shown_files, write_files

PAGE = "docs/plugins.md"
HALF_AN_HOUR = timedelta(minutes=31)
MARCH = Query(date(2026, 3, 1), date(2026, 3, 31))
#: What other tests run, and which; a command is no plugin.
ELSEWHERE = {
    "chat.py": "tests/docs/test_plugin_example.py",
    "complaints/__init__.py": "tests/docs/test_plugin_commands.py",
    "test_chat.py": "tests/docs/test_plugin_example.py",
}
COMMAND = "census.py"


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    """The one other system."""
    made = Peer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page as a reader would have saved them, the catalogue compiled."""
    made = tmp_path_factory.mktemp("page")
    write_files(PAGE, made)
    for source in made.rglob("*.po"):
        with source.open("rb") as text, source.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(text, locale=source.parts[-3]))
    return made


def modules() -> list[str]:
    return [path for path in shown_files(PAGE) if path.endswith(".py") and path not in {*ELSEWHERE, COMMAND}]


@pytest.fixture(scope="module")
def here(folder: Path, peer: Peer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    options = {
        "shop-desk": {"secret": "s3cret"},
        "subscription": {"url": peer.url},
        "recoveries": {"manager": "manager@example.com", "channel": "outbox"},
        "greeter": {"token": "not to be seen"},
    }
    settings = {
        "plugin_files": [str(folder / path) for path in modules()],
        "ask": [
            {"name": "lights", "match": {"topic": ["lights"]}, "survey": "lights", "channels": ["outbox"]},
            {"name": "default", "channels": ["outbox"]},
        ],
    }
    made = Instance(tmp_path_factory.mktemp("instance"), {}, [peer.place], options, settings=settings)
    yield made
    made.close()


def test_every_file_of_the_page_is_tried_somewhere(folder: Path) -> None:
    tried = {name(path) for path in modules()}
    assert tried == set(BEHAVIOURS)
    assert set(ELSEWHERE) | {COMMAND} < set(shown_files(PAGE))


def test_every_kind_of_object_is_shown(folder: Path) -> None:
    text = "\n".join(shown_files(PAGE).values())
    assert [hook for hook in KINDS if f"def {hook}(hub: Hub)" not in text] == []


def name(path: str) -> str:
    return of_file(Path("/") / path).name


@pytest.mark.parametrize("path", modules())
def test_it_is_active_and_says_what_it_does(path: str, here: Instance) -> None:
    state = here.state(name(path))
    assert (state.state, state.reason) == ("active", "")
    assert state.about.description.endswith(".")


@pytest.mark.parametrize("path", modules())
def test_it_does_what_the_page_says(path: str, here: Instance, peer: Peer) -> None:
    BEHAVIOURS[name(path)](here, peer)
    assert here.faults() == []


def one(here: Instance, hook: str, plugin: str) -> Any:
    """Return the only object that a plugin brought by a hook."""
    (found,) = here.core.plugins.brought[plugin].of(hook)
    return found


def customer(who: str, **more: Any) -> dict[str, Any]:
    return {"email": f"{who}@example.com", "name": who.title(), "language": "en", **more}


def decision(here: Instance, contact: Contact) -> tuple[str, str]:
    batch = next(here.read.batches("decisions", size=1000))
    rows = zip(batch.columns["contact"], batch.columns["outcome"], batch.columns["rule"], strict=True)
    return next((outcome, rule) for id_, outcome, rule in rows if id_ == contact.public_id)


def a_source_takes_contacts(here: Instance, peer: Peer) -> None:
    body = json.dumps({"source": "shop-desk", "external_id": "7", "customer": customer("source")}).encode()
    signed = {"X-Signature": hmac.new(b"s3cret", body, "sha256").hexdigest()}
    stranger = here.browser()
    assert stranger.post("/in/shop-desk", data=body).status_code == 401
    assert stranger.post("/in/shop-desk", data=body, headers=signed).status_code == 202
    here.run()
    here.run(timedelta(hours=2))
    assert here.sent[-1].to.value == "source@example.com"


def a_channel_understands_stop(here: Instance, peer: Peer) -> None:
    key = here.hub("pager").secret("callbacks").hex()
    stranger = here.browser()
    assert stranger.post("/in/pager?key=wrong", data=b"+15005550006 stop").status_code == 401
    assert stranger.post(f"/in/pager?key={key}", data=b"+15005550006 stop").status_code == 202
    here.run()
    contact = here.end_contact("pager-1", customer={"phone": "+15005550006", "language": "en"})
    assert decision(here, contact)[0] == "dont_ask"


def a_rule_vetoes_and_hastens(here: Instance, peer: Peer) -> None:
    vetoed = here.end_contact("outage-1", tags=["outage"], customer=customer("outage"))
    assert decision(here, vetoed) == ("dont_ask", "outage.outage")
    here.end_contact("outage-2", topic="urgent", customer=customer("urgent"))
    here.run(timedelta(minutes=6))
    assert here.sent[-1].to.value == "urgent@example.com"


def a_bad_answer_is_told(here: Instance, peer: Peer) -> None:
    for who, rating in (("angry", 1), ("happy", 5)):
        here.answer(here.ask(f"recovery-{who}", customer=customer(who)), rating)
    here.run(HALF_AN_HOUR)
    here.run()
    told = [message.text for message in here.sent if message.to.value == "manager@example.com"]
    assert told == ["1 for post-contact"]


def ran(here: Instance, plugin: str) -> list[Ran]:
    return here.core.containment.trace(plugin)


def a_night_is_counted_once(here: Instance, peer: Peer) -> None:
    here.run(timedelta(days=1))
    before = len(ran(here, "nightly"))
    here.run(timedelta(days=5))
    here.run()
    assert len(ran(here, "nightly")) == before + 1


def an_analysis_finds_the_busiest_channel(here: Instance, peer: Peer) -> None:
    analysis = one(here, "feedbackhub_analyses", "busiest")
    empty = analysis.report(Query(date(2020, 1, 1), date(2020, 1, 2))).figures[0]
    assert (empty.value, empty.n, empty.few) == (None, 0, "none")
    here.answer(here.ask("busiest", channel="phone", customer=customer("busy")))
    here.run()
    report = analysis.report(MARCH)
    assert dict(report.tables[0].rows)["phone"] == 1
    assert report.figures[0].n == sum(number for _, number in report.tables[0].rows)
    assert "Busiest channel" in here.browser("manager").get("/reports").text


def an_export_writes_lines(here: Instance, peer: Peer) -> None:
    here.end_contact("export-1", customer=customer("export"))
    target = BytesIO()
    export = one(here, "feedbackhub_exports", "plain-text")
    export.write(here.read.columns("contacts"), here.read.batches("contacts"), target)
    assert "external_id: export-1" in target.getvalue().decode().splitlines()


def a_section_looks_up_a_subscription(here: Instance, peer: Peer) -> None:
    peer.answers("POST", "/look-up", {"plan": "gold"})
    found = here.end_contact("section-1", customer=customer("section", ids={"shop": "c-1"})).customer
    assert found is not None
    agent = here.browser("agent")
    desk = agent.get(f"/desk/{found.public_id}").text
    seen = desk.partition(f"/desk/{found.public_id}/pieces/subscription?seen=")[2].partition('"')[0]
    assert "gold" in agent.get(f"/desk/{found.public_id}/pieces/subscription?seen={seen}").text
    assert peer.seen[-1].json == {"customer": "c-1"}


def a_page_greets_in_the_readers_language(here: Instance, peer: Peer) -> None:
    agent = here.browser("agent")
    page = agent.get("/x/greeting/", headers={"Accept-Language": "id"}).text
    assert '<p class="greeting">Halo, agent' in page
    assert here.browser().get("/x/greeting/").status_code in (302, 303)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    posted = agent.post("/x/greeting/", data={"name": "Bo", "csrf_token": token}, follow_redirects=True)
    assert "Greeted Bo." in posted.text
    style = page.partition('href="/x/greeting/static/')[2].partition('"')[0]
    assert "font-size" in agent.get(f"/x/greeting/static/{style}").text
    assert here.hub("greeting").translate("Greeting", "id") == "Salam"


def a_route_lists_ratings(here: Instance, peer: Peer) -> None:
    asked = here.ask("route-1", customer=customer("route"))
    here.answer(asked, 4)
    found = here.read.contact(asked.contact).customer
    assert found is not None
    known = scopes_of(here.core.plugins)
    _, key = create_key(here.core.store, here.clock, "docs", ("x:lookups:read",), "tests", known)
    program, path = here.browser(), f"/api/v1/x/lookups/customers/{found.public_id}"
    assert program.get(path).status_code == 401
    assert program.get(path, headers={"Authorization": f"Bearer {key}"}).json == {"ratings": [4]}
    assert "/api/v1/x/lookups/customers/{customer}" in program.get("/api/v1/openapi.json").text


def a_slot_says_how_long_a_comment_is(here: Instance, peer: Peer) -> None:
    response = here.answer(here.ask("slot-1", customer=customer("slot")), comment="three short words")
    assert "3 words" in here.browser("manager").get(f"/answers/{response.public_id}").text


SURVEY = """
name: lights
type: lights
languages: [en]
title: {en: "Lights"}
questions:
  - id: light
    type: traffic-light
    text: {en: "How was it?"}
thanks: {en: "Thank you."}
"""


def a_survey_asks_with_lights(here: Instance, peer: Peer) -> None:
    publish_survey(here.core, SURVEY, "tests")
    asked = here.ask("lights-1", topic="lights", customer=customer("lights"))
    assert "So-so" in here.browser().get(here.sent[-1].link.removeprefix("https://feedback.example.com")).text
    response = here.answer(asked, rating=None, light="yellow")
    assert [(each.value, each.score) for each in response.answers] == [("yellow", 50)]


def options_are_checked_and_a_secret_is_masked(here: Instance, peer: Peer) -> None:
    here.run(timedelta(hours=1))
    assert [each.outcome for each in ran(here, "greeter")][:1] == ["ok"]
    shown = here.browser("admin").get("/plugins/greeter").text
    assert "Good morning" in shown
    assert "not to be seen" not in shown


BEHAVIOURS: dict[str, Callable[[Instance, Peer], None]] = {
    "shop-desk": a_source_takes_contacts,
    "pager": a_channel_understands_stop,
    "outage": a_rule_vetoes_and_hastens,
    "recoveries": a_bad_answer_is_told,
    "nightly": a_night_is_counted_once,
    "busiest": an_analysis_finds_the_busiest_channel,
    "plain-text": an_export_writes_lines,
    "subscription": a_section_looks_up_a_subscription,
    "greeting": a_page_greets_in_the_readers_language,
    "lookups": a_route_lists_ratings,
    "word-count": a_slot_says_how_long_a_comment_is,
    "traffic-light": a_survey_asks_with_lights,
    "greeter": options_are_checked_and_a_secret_is_masked,
}


def test_the_command_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(folder))
    command = EntryPoint("census", "census:census", "feedbackhub.commands").load()
    assert CliRunner().invoke(command, ["--loud"]).output == "42!\n"
