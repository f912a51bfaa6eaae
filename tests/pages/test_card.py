"""The card in a side panel: what it shows, who may look and act, and how much it asks of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from feedbackhub import Identifier
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.loop.views import InvitationView
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office import audit
from feedbackhub.store.queries import people
from feedbackhub.store.tables import gesture
from tests.app_fixtures import MakeClient, StaffClient
from tests.pages.visits import Visitor

Ask = Callable[..., InvitationView]
Visit = Callable[[InvitationView], Visitor]
ANN = {"email": "ann@example.org", "name": "Ann Example", "segment": "Gold", "language": "id"}


@pytest.fixture
def unhappy(ask: Ask, visit: Visit) -> str:
    """A customer who wants a call; the address."""
    visit(ask(topic="refund", **ANN)).send(satisfaction="5", solved="yes", comment="Lovely.")
    visit(ask(topic="late parcel", channel="phone", **ANN)).send(
        satisfaction="1", solved="no", comment="Ten days!", call_back="yes", call_back_phone="+62 812 3456 789",
        call_back_time="morning", **{"seen-before": "call_back call_back_phone call_back_time"},
    )  # fmt: skip
    return ANN["email"]


def customer_of(core: Core, email: str) -> str:
    return read_card(core, [Identifier("email", email)]).customer


@pytest.fixture
def address(core: Core, clock: SetClock, unhappy: str) -> str:
    """The address of the unhappy customer's card for the agent Bo."""
    with core.store.read() as connection:
        bo = people.agent_by_key(connection, "helpdesk", "7")
    assert bo is not None
    ticket = core.links.card_ticket(customer_of(core, unhappy), bo.public_id, clock.now() + timedelta(days=3))
    return f"/card/{ticket}"


@contextmanager
def statements(core: Core) -> Iterator[list[str]]:
    """Collect the statements that reach the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split()[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA"):
            seen.append(statement)

    event.listen(core.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(core.store.engine, "before_cursor_execute", note)


def test_the_card_says_at_one_glance_what_happened(client: FlaskClient, address: str) -> None:
    text = client.get(address).text
    for words in (
        "Ann Example", "Gold", "Indonesian", "ann@example.org", "Take care", "The last answer was an unhappy one.",
        "The last issue was not solved.", "You asked us to call you. Is now a good moment?", 'href="tel:+628123456789"',
        "in the morning", "Ten days!", "1 of 5", "not solved", "late parcel", "Phone", "Billing", "Bo Agent", "Lovely.",
        "5 of 5", "I rang", "I apologised", "Compensated", "Last asked on",
    ):  # fmt: skip
        assert words in text, words


def test_a_view_takes_at_most_three_statements_whatever_the_history(
    ask: Ask, visit: Visit, core: Core, client: FlaskClient, address: str, client_of: MakeClient
) -> None:
    for _ in range(12):
        visit(ask(**ANN)).send(satisfaction="4")
    client.get(address)
    agent, at_desk = client_of("agent"), "/desk/" + customer_of(core, ANN["email"])
    with statements(core) as panel:
        client.get(address)
    with statements(core) as desk:
        agent.get(at_desk)
    assert len(panel) == 2, panel
    assert len(desk) == 3, desk


def test_the_panel_needs_no_cookie_and_may_stand_in_the_frames_of_the_settings(app: Flask, address: str) -> None:
    answer = app.test_client(use_cookies=False).get(address)
    assert "Set-Cookie" not in answer.headers
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]  # the settings name nobody
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_each_look_is_noted_with_its_viewer(
    core: Core, client: FlaskClient, address: str, agent_client: StaffClient
) -> None:
    customer = customer_of(core, ANN["email"])
    client.get(address)
    agent_client.get(f"/desk/{customer}")
    seen = [(each.action, each.actor.partition(":")[0]) for each in audit.entries(core.store, f"customer:{customer}")]
    assert seen == [("card.viewed", "agent@example.com"), ("card.viewed", "agent")]


def test_the_address_is_valid_for_a_while_and_for_one_customer(
    client: FlaskClient, address: str, core: Core, clock: SetClock
) -> None:
    assert client.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 410
    assert client.get("/card/x").status_code == 410
    assert client.get("/card/" + "é" * 48).status_code == 410
    clock.move(timedelta(days=3))
    answer = client.get(address)
    assert (answer.status_code, "This card has been put away" in answer.text) == (410, True)
    assert client.post(f"{address}/gestures", data={"kind": "apology"}).status_code == 410
    with core.store.read() as connection:
        assert connection.execute(select(gesture)).all() == []


def test_an_address_without_an_agent_shows_and_records_nothing_more(
    client: FlaskClient, core: Core, clock: SetClock, unhappy: str
) -> None:
    ticket = core.links.card_ticket(customer_of(core, unhappy), None, clock.now() + timedelta(hours=1))
    text = client.get(f"/card/{ticket}").text
    assert ("Ten days!" in text, "I rang" in text) == (True, False)
    assert client.post(f"/card/{ticket}/gestures", data={"kind": "apology"}).status_code == 410


def follow(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return client.get(answer.location).text


def test_one_click_records_a_call_and_another_takes_it_back(client: FlaskClient, address: str, core: Core) -> None:
    text = follow(client, client.post(f"{address}/gestures", data={"kind": "call_back"}))
    assert ("Recorded: Call." in text, "Wants a call" in text) == (True, False)
    token = text.partition('name="undo" value="')[2][:24]
    text = follow(client, client.post(f"{address}/undo", data={"undo": token}))
    assert ("Recorded: Call." in text, "Wants a call" in text) == (False, True)
    with core.store.read() as connection:
        row = connection.execute(select(gesture)).one()
    assert (row.kind, row.by, row.withdrawn_at is not None) == ("call_back", "Bo Agent", True)


def test_a_compensation_keeps_what_was_given_and_its_cost(client: FlaskClient, address: str, core: Core) -> None:
    given = {"kind": "compensation", "value": "Voucher", "cost": "12,50", "currency": "eur"}
    text = follow(client, client.post(f"{address}/gestures", data=given))
    assert "Voucher" in text
    with core.store.read() as connection:
        row = connection.execute(select(gesture)).one()
    assert (row.value, row.cost_cents, row.currency) == ("Voucher", 1250, "EUR")


def test_an_apology_keeps_how_it_was_said_and_in_which_words(client: FlaskClient, address: str, core: Core) -> None:
    words = "Our lorry broke down.\nI am <b>sorry</b>."
    said = {"kind": "apology", "manner": "explanation", "words": words}
    text = follow(client, client.post(f"{address}/gestures", data=said))
    assert "<strong>Apology</strong> with an explanation" in text
    assert "I am &lt;b&gt;sorry&lt;/b&gt;." in text
    with core.store.read() as connection:
        row = connection.execute(select(gesture)).one()
    assert (row.manner, row.words) == ("explanation", words)


def test_before_a_third_apology_the_form_warns_and_still_records_it(
    client: FlaskClient, address: str, core: Core
) -> None:
    warning = "This would be apology number 3 within 90 days: research says it may hurt."
    for n in range(3):
        text = client.get(address).text
        assert (warning in text, "2 apologies within 90 days" in text) == (n == 2, n == 2)
        assert client.post(f"{address}/gestures", data={"kind": "apology", "manner": "plain"}).status_code == 303
    assert "3 apologies within 90 days: research says that one more may hurt" in client.get(address).text


@pytest.mark.parametrize(
    "form",
    [
        {"kind": ""}, {"kind": "hug"}, {"kind": "compensation", "manner": "plain"},
        {"kind": "apology", "manner": "loud"}, {"kind": "apology", "words": "x" * 10_001},
        {"kind": "compensation", "value": "x" * 201},
        {"kind": "apology", "note": "\x00"},
        {"kind": "compensation", "cost": "NaN"}, {"kind": "compensation", "cost": "-1"},
        {"kind": "compensation", "cost": "1.005"}, {"kind": "compensation", "cost": "9" * 30},
        {"kind": "compensation", "cost": "1", "currency": "EURO"}, {"kind": "compensation", "value": "a\nb"},
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_read_records_nothing(
    client: FlaskClient, address: str, core: Core, form: dict[str, str]
) -> None:
    assert client.post(f"{address}/gestures", data=form).status_code == 422
    with core.store.read() as connection:
        assert connection.execute(select(gesture)).all() == []


def test_gestures_reach_only_the_customer_of_the_address(
    ask: Ask, visit: Visit, client: FlaskClient, address: str, core: Core
) -> None:
    stranger = visit(ask(email="other@example.org"))
    stranger.send(satisfaction="1")
    other = read_card(core, [Identifier("email", "other@example.org")]).ratings[0].id
    assert client.post(f"{address}/gestures", data={"kind": "apology", "response": other}).status_code == 404
    for token in ("", "x", core.links.token(other), core.links.token(other, "undo gesture")):
        assert client.post(f"{address}/undo", data={"undo": token}).status_code == 404


def test_a_known_customer_without_history_is_a_state_of_its_own(
    client: FlaskClient, core: Core, clock: SetClock, unhappy: str
) -> None:
    nobody = core.links.card_ticket("A" * 12, None, clock.now() + timedelta(hours=1))
    answer = client.get(f"/card/{nobody}")
    assert (answer.status_code, "Nobody is known here yet" in answer.text) == (200, True)
