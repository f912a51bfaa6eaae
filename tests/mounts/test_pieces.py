"""Pieces of the card and fillings of staff pages: shown, kept apart, and a note where one is slow or broken."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from feedbackhub import ContactEvent, DeskSection, Piece, Seat, Slot, TemporaryFailure
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.keys import create_key
from feedbackhub.office.users import invite_user, set_password
from feedbackhub.store.queries import people
from tests.api.conftest import Caller
from tests.app_fixtures import MakeClient, StaffClient
from tests.mounts.conftest import Package, plugin
from tests.pages.test_card import statements
from tests.web.conftest import databases
from tests.web.live import Live
from tests.web.test_in_a_browser import PASSWORD, sign_in

__all__ = ["databases"]

SEEN: list[Seat] = []
#: Three fillings of one page meet here, which they can only when they are made at the same time.
MET = threading.Barrier(3)
FETCH = {"HX-Request": "true"}
NOTE = "cannot be shown right now: the plugin “zoo” failed or took too long."
TEMPLATES = {
    "templates/cage.html": '<link rel="stylesheet" href="{{ static("zoo.css") }}">'
    '<p class="cage">{{ t("Ape") }} {{ seat.customer.name }} {{ n }} <a href="{{ plugin_root }}all">all</a></p>',
    "templates/form.html": '<form method="post" action="{{ plugin_root }}">{{ csrf_field() }}</form>',
    "templates/broken.html": "{{ nowhere.at.all }}",
    "static/zoo.css": "",
}


def section(key: str, show: Callable[[Seat], Any]) -> DeskSection:
    """Return a section of the card."""
    return type(key, (DeskSection,), {"name": key, "title": key.title(), "show": lambda self, seat: show(seat)})()


def cage(seat: Seat) -> Piece:
    """Show a cage."""
    SEEN.append(seat)
    return Piece("cage.html", {"n": 7})


def raising(error: BaseException) -> Callable[[Seat], Any]:
    """Return what fails."""

    def show(seat: Seat) -> Any:
        raise error

    return show


def meets(seat: Seat) -> Piece:
    """Wait until the others are there."""
    MET.wait(20)
    return Piece(lines=("met",))


def sleeping(seconds: float) -> Callable[[Seat], Any]:
    """Return what takes its time."""

    def show(seat: Seat) -> Piece:
        time.sleep(seconds)
        return Piece(lines=("awake",))

    return show


SHOWS: dict[str, Callable[[Seat], Any]] = {
    "cage": cage,
    "form": lambda seat: Piece("form.html"),
    "lines": lambda seat: Piece(lines=("<one>", "two")),
    "none": lambda seat: None,
    "broken": lambda seat: Piece("broken.html"),
    "raises": raising(KeyError("secret")),
    "exits": raising(SystemExit(1)),
    "peer": raising(TemporaryFailure("no answer")),
    "wrong": lambda seat: "<b>text</b>",
    "sleeps": sleeping(0.5),
}
PLACES = ("home", "contact", "answer", "customer", "survey")
SLOTS = [
    *(Slot(place, "Cage", "agent", cage) for place in PLACES if place != "answer"),  # type: ignore[arg-type]
    Slot("answer", "Cage", "agent", lambda seat: SEEN.append(seat) or Piece(lines=("an answer",))),
    Slot("survey", "Secret", "admin", lambda seat: Piece(lines=("for administrators",))),
    Slot("survey", "Nothing", "agent", lambda seat: None),
    *(Slot("contact", f"Meets {n}", "agent", meets) for n in range(3)),
    Slot("contact", "Fails", "agent", raising(ValueError())),
]


@pytest.fixture
def modules(package: Package) -> dict[str, Any]:
    """A zoo with every kind of piece."""
    SEEN.clear()
    found = [section(name, show) for name, show in SHOWS.items()]
    zoo = package("zoo", TEMPLATES, id={"Ape": "Kera", "Cage": "Kandang"})
    return {"zoo": plugin(zoo, desk_sections=found, slots=SLOTS)}


@pytest.fixture
def customer(core: Core) -> str:
    """A customer whom Bo served; the public id."""
    event = ContactEvent.model_validate({
        "source": "helpdesk", "external_id": "T-1", "agent": {"id": "7", "name": "Bo"},
        "customer": {"email": "ann@example.org", "name": "Ann <b>", "attributes": {"shoe": "39"}},
    })  # fmt: skip
    found = record_contact(core, event).contact.customer
    assert found is not None
    return found


@pytest.fixture
def ticket(core: Core, clock: SetClock, customer: str) -> str:
    """The last part of the address of the customer's card for Bo."""
    with core.store.read() as connection:
        bo = people.agent_by_key(connection, "helpdesk", "7")
    assert bo is not None
    return core.links.card_ticket(customer, bo.public_id, clock.now() + timedelta(days=3))


@pytest.fixture
def proof(core: Core, clock: SetClock, customer: str) -> str:
    """What shows that the card was seen."""
    return core.links.card_ticket(customer, None, clock.now() + timedelta(minutes=5))


def test_the_card_names_its_pieces_and_asks_no_more_of_the_database(
    agent_client: StaffClient, client: FlaskClient, core: Core, customer: str, ticket: str
) -> None:
    client.get(f"/card/{ticket}")
    with statements(core) as seen:
        panel = client.get(f"/card/{ticket}").text
    assert (len(seen), SEEN) == (2, [])
    assert [f'href="/card/{ticket}/pieces/{name}"' in panel for name in SHOWS] == [True] * len(SHOWS)
    desk = agent_client.get(f"/desk/{customer}").text
    assert [f'hx-get="/desk/{customer}/pieces/{name}?seen=' in desk for name in SHOWS] == [True] * len(SHOWS)


def test_a_piece_comes_alone_for_the_script_and_on_a_page_without_it(
    agent_client: StaffClient, client: FlaskClient, customer: str, ticket: str, proof: str
) -> None:
    desk = f"/desk/{customer}/pieces/cage?seen={proof}"
    words = "Kera Ann &lt;b&gt; 7"
    for browser, address, role in ((client, f"/card/{ticket}/pieces/cage", "agent"), (agent_client, desk, "agent")):
        alone = browser.get(address, headers={**FETCH, "Accept-Language": "id"}).text
        whole = browser.get(address, headers={"Accept-Language": "id"}).text
        assert (words in alone, "<html" in alone, words in whole, "<html" in whole) == (True, False, True, True)
        assert '<link rel="stylesheet" href="/x/zoo/static/zoo.css?v=' in alone
        assert SEEN[-1].role == role
    assert [each.customer.attributes if each.customer else None for each in SEEN] == [{"shoe": "39"}] * 4
    assert [each.user.partition(":")[0] for each in SEEN] == ["agent"] * 2 + ["agent@example.com"] * 2


def test_a_piece_is_given_only_to_those_who_saw_the_card(
    agent_client: StaffClient, client: FlaskClient, core: Core, clock: SetClock, customer: str, proof: str
) -> None:
    path = f"/desk/{customer}/pieces/cage"
    assert client.get(f"{path}?seen={proof}").headers["Location"].startswith("/sign-in")
    assert agent_client.get(path).headers["Location"] == f"/desk/{customer}"
    assert agent_client.get(path, headers=FETCH).headers["HX-Redirect"] == f"/desk/{customer}"
    other = core.links.card_ticket("A" * 12, None, clock.now() + timedelta(minutes=5))
    assert agent_client.get(f"{path}?seen={other}").status_code == 303
    nobody = core.links.card_ticket(customer, None, clock.now() + timedelta(minutes=5))
    assert client.get(f"/card/{nobody}/pieces/cage").status_code == 410
    clock.move(timedelta(days=1))
    assert agent_client.get(f"{path}?seen={proof}").status_code != 200
    assert SEEN == []


def test_a_look_up_names_the_pieces(app: Flask, core: Core, clock: SetClock, customer: str) -> None:
    secret = create_key(core.store, clock, "phone", ["customers:lookup"], "tests")[1]
    body = {"email": "ann@example.org", "agent": {"source": "helpdesk", "id": "7"}}
    assert Caller(app.test_client(), secret).post("/customers/lookup", body).get_json()["sections"] == [*SHOWS]


def test_lines_are_escaped_and_nothing_is_nothing(client: FlaskClient, ticket: str) -> None:
    lines = client.get(f"/card/{ticket}/pieces/lines", headers=FETCH).text
    assert "<p dir=\"auto\">&lt;one&gt;</p>\n<p dir=\"auto\">two</p>" in lines
    assert client.get(f"/card/{ticket}/pieces/none", headers=FETCH).text.strip() == ""
    assert "There is nothing to show here." in client.get(f"/card/{ticket}/pieces/none").text
    assert client.get(f"/card/{ticket}/pieces/unknown", headers=FETCH).status_code == 404


def test_a_form_at_the_desk_carries_the_token_and_one_in_the_panel_has_none(
    agent_client: StaffClient, client: FlaskClient, customer: str, ticket: str, proof: str
) -> None:
    desk = agent_client.get(f"/desk/{customer}/pieces/form?seen={proof}", headers=FETCH).text
    panel = client.get(f"/card/{ticket}/pieces/form", headers=FETCH)
    assert ("csrf_token" in desk, "csrf_token" in panel.text, "Set-Cookie" in panel.headers) == (True, False, False)


@pytest.mark.parametrize("name", ["broken", "raises", "exits", "peer", "wrong", "sleeps"])
def test_a_note_stands_for_a_piece_that_is_slow_or_broken(
    client: FlaskClient, core: Core, ticket: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbackhub.machinery.containment.LIMITS", {"section": 0.2})
    answer = client.get(f"/card/{ticket}/pieces/{name}", headers=FETCH)
    text = answer.text
    assert (answer.status_code, f"“{name.title()}” {NOTE}" in text, "secret" in text) == (200, True, False)
    assert core.containment.trace("zoo")[0].what == f"section {name}"


def test_each_page_shows_its_fillings_to_those_who_may_see_them(
    agent_client: StaffClient, manager_client: StaffClient, client_of: MakeClient, core: Core, customer: str
) -> None:
    assert ">Kandang</h2>" in agent_client.get("/desk", headers={"Accept-Language": "id"}).text
    assert f"“Cage” {NOTE}" in agent_client.get("/desk").text  # its template names a customer, and there is none here
    survey = manager_client.get("/surveys/nps").text
    assert ("for administrators" in survey, ">Nothing<" in survey, SEEN[-1].survey) == (False, False, "nps")
    assert "for administrators" in client_of("admin").get("/surveys/nps").text
    assert agent_client.get(f"/desk/{customer}").text.count('class="cage"') == 1
    assert SEEN[-1].customer is not None
    assert SEEN[-1].customer.name == "Ann <b>"


def test_fillings_are_made_at_the_same_time(
    manager_client: StaffClient, core: Core, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbackhub.machinery.containment.LIMITS", {"slot": 30})
    with core.store.read() as connection:
        contact = connection.exec_driver_sql("SELECT public_id FROM contact").scalar_one()
    page = manager_client.get(f"/contacts/{contact}").text
    assert (page.count(">met<"), f"“Fails” {NOTE}" in page, page.count('class="cage"')) == (3, True, 1)
    assert next(each.contact for each in SEEN if each.contact) == contact


def test_a_filling_that_hangs_costs_the_page_its_second_and_no_more(
    manager_client: StaffClient, core: Core, customer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbackhub.machinery.containment.LIMITS", {"slot": 0.1})
    monkeypatch.setitem(globals(), "MET", waiting := threading.Barrier(4))  # there is no fourth
    with core.store.read() as connection:
        contact = connection.exec_driver_sql("SELECT public_id FROM contact").scalar_one()
    page = manager_client.get(f"/contacts/{contact}")
    assert (page.status_code, page.text.count(NOTE)) == (200, 4)
    waiting.abort()


def test_in_a_browser_pieces_come_after_the_card_with_and_without_scripts(
    browser: Browser, page: Page, app: Any, core: Core, clock: SetClock, customer: str, ticket: str, live: Live,
    accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    _, secret = invite_user(core.store, clock, "rosa@example.com", "Rosa", "admin", "tests")
    set_password(core.store, clock, secret, PASSWORD)
    address = live(app)
    page.goto(f"{address}/card/{ticket}")
    page.wait_for_selector(".cage")
    page.locator(".piece-note").nth(4).wait_for(state="attached")
    accessible(page)
    sign_in(page, address)
    page.goto(f"{address}/desk/{customer}")
    page.wait_for_selector(".customer-card .cage")
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{address}/card/{ticket}")
    plain.locator("section.piece", has_text="Cage").get_by_role("link").click()
    assert "Ape Ann <b> 7" in plain.locator("main").inner_text()
    plain.get_by_role("link", name="Back to the card").click()
    assert plain.url == f"{address}/card/{ticket}"
