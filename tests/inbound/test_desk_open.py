"""`/desk/open`: the card beside a new ticket, as a link and in a frame."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from feedbackhub.app import create_app
from feedbackhub.contract.intake import ContactEvent, CustomerData
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.audit import entries
from feedbackhub.store.queries import people
from tests.app_fixtures import MakeClient, StaffClient
from tests.inbound.test_in_a_browser import databases

__all__ = ["databases"]

HELPDESK = "https://acme.zendesk.com"
OPEN = "/desk/open?source=zendesk&customer=41"
TAB, FRAME = {"Sec-Fetch-Dest": "document"}, {"Sec-Fetch-Dest": "iframe"}
ANN = CustomerData(email="ann@example.org", name="Ann", ids={"zendesk": "41"})


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """One helpdesk may frame the card."""
    return settings.model_copy(update={"web": settings.web.model_copy(update={"frame_ancestors": (HELPDESK,)})})


@pytest.fixture
def customer(core: Core) -> str:
    """Ann, whom the helpdesk knows as 41."""
    event = ContactEvent(source="zendesk", external_id="7", customer=ANN, channel="chat")
    return record_contact(core, event).contact.customer or ""


def desk_cookie(client: FlaskClient) -> str:
    """Return the cookie for frames, empty when there is none."""
    found = client.get_cookie("feedbackhub-desk", path="/desk/open")
    return found.value if found else ""


def in_a_frame(app_client: FlaskClient, cookie: str, path: str = OPEN) -> FlaskClient:
    """Return a browser that sends no cookie into frames but the one for them."""
    framed = app_client.application.test_client()
    framed.set_cookie("feedbackhub-desk", cookie, path="/desk/open")
    return framed


def test_a_link_leads_to_the_card_at_the_desk(customer: str, agent_client: StaffClient) -> None:
    answer = agent_client.get(OPEN, headers=TAB)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/desk/{customer}")


def test_who_is_not_signed_in_gets_there_by_signing_in(customer: str, client: FlaskClient) -> None:
    answer = client.get(OPEN, headers=TAB)
    assert answer.headers["Location"] == "/sign-in?next=/desk/open%3Fsource%3Dzendesk%26customer%3D41"
    assert "Set-Cookie" not in answer.headers


def test_the_ticket_finds_a_customer_whose_id_is_unknown(customer: str, agent_client: StaffClient) -> None:
    for given in ("source=zendesk&contact=7", "source=zendesk&customer=99&contact=7"):
        assert agent_client.get(f"/desk/open?{given}", headers=TAB).headers["Location"] == f"/desk/{customer}"


def test_an_unknown_customer_is_a_friendly_page(customer: str, agent_client: StaffClient) -> None:
    for given in (
        "", "source=zendesk", "customer=41", "source=zendesk&customer=42", "source=other&customer=41",
        "source=zendesk&customer=%00", "source=zendesk&contact=8", "source=%0a&customer=%F0%9F",
    ):  # fmt: skip
        for headers in (TAB, FRAME, {}):  # older browsers do not say
            answer = agent_client.get(f"/desk/open?{given}", headers=headers)
            assert (answer.status_code, "Nothing known yet" in answer.text) == (200, True), given


def test_nothing_personal_may_stand_in_the_address(agent_client: StaffClient) -> None:
    for name in ("email", "phone", "name", "q"):
        answer = agent_client.get(f"{OPEN}&{name}=ann@example.org", headers=TAB)
        assert (answer.status_code, "ann@example.org" in answer.text) == (422, False)


def test_pages_that_fetch_the_address_get_nothing_and_leave_no_trace(
    customer: str, core: Core, agent_client: StaffClient
) -> None:
    before = len(entries(core.store))
    for kind in ("image", "script", "empty", "style"):
        assert agent_client.get(OPEN, headers={"Sec-Fetch-Dest": kind}).status_code == 403
    assert len(entries(core.store)) == before


def test_in_a_frame_of_a_stranger_the_page_says_how_to_sign_in(customer: str, client: FlaskClient) -> None:
    answer = client.get(OPEN, headers=FRAME)
    assert answer.status_code == 200
    assert "Sign in in a new tab" in answer.text
    assert 'href="/desk/open?source=zendesk&amp;customer=41&amp;tab=1" target="_blank"' in answer.text
    assert "Ann" not in answer.text


def test_the_tab_leaves_a_cookie_by_which_the_frame_shows_the_card(
    customer: str, core: Core, agent_client: StaffClient
) -> None:
    answer = agent_client.get(OPEN, headers=TAB)
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("feedbackhub-desk=")]
    assert re.sub(r"=[0-9a-f.]{129};", "=…;", re.sub(r"Expires=[^;]+; ", "", cookie)) == (
        "feedbackhub-desk=…; Max-Age=43200; Secure; HttpOnly; Path=/desk/open; SameSite=None"
    )
    frame = in_a_frame(agent_client, desk_cookie(agent_client))
    answer = frame.get(OPEN, headers=FRAME)
    assert re.fullmatch("/card/[A-Za-z0-9_-]{48}", answer.headers["Location"])
    card = frame.get(answer.headers["Location"])
    assert "Ann" in card.text
    for each in (answer, card):
        assert each.headers["Content-Security-Policy"].endswith(f"frame-ancestors {HELPDESK}")
        assert "X-Frame-Options" not in each.headers
    [entry] = [each for each in entries(core.store, f"customer:{customer}") if each.action == "card.opened"]
    assert entry.actor == "agent@example.com"


def test_an_agent_may_act_in_the_frame_and_others_may_look(
    customer: str, core: Core, client_of: MakeClient
) -> None:
    def shown(client: StaffClient) -> str:
        return client.get(client.get(OPEN, headers=FRAME).headers["Location"]).text

    event = ContactEvent.model_validate({"source": "zendesk", "external_id": "8", "agent": {"id": "9", "name": "Bo"}})
    record_contact(core, event)
    with core.store.read() as connection:
        agent = people.agent_by_key(connection, "zendesk", "9")
    assert agent is not None
    assert "/gestures" in shown(client_of("agent", "bo@example.com", agent=agent.id))
    assert "/gestures" not in shown(client_of("manager"))


def test_the_cookie_ends_with_the_session(customer: str, agent_client: StaffClient) -> None:
    agent_client.get(OPEN, headers=TAB)
    frame = in_a_frame(agent_client, desk_cookie(agent_client))
    assert frame.get(OPEN, headers=FRAME).status_code == 303
    agent_client.submit("/sign-out")
    assert "Sign in in a new tab" in frame.get(OPEN, headers=FRAME).text


def code_of(client: StaffClient) -> str:
    """Return the code that the tab shows."""
    found = re.search(r"data-code>([A-Z2-7]{4}-[A-Z2-7]{4})<", client.get(f"{OPEN}&tab=1", headers=TAB).text)
    assert found is not None
    return found.group(1)


def test_a_code_from_the_tab_is_good_once_in_a_frame_that_gets_no_other_cookie(
    customer: str, core: Core, agent_client: StaffClient, client: FlaskClient
) -> None:
    code = code_of(agent_client)
    answer = client.post(OPEN, data={"code": f" {code.lower()} "}, headers=FRAME)
    assert (answer.status_code, answer.headers["Location"]) == (303, OPEN)
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert re.sub(r"=[0-9a-f.]{129};", "=…;", re.sub(r"Expires=[^;]+; ", "", cookie)) == (
        "feedbackhub-frame=…; Max-Age=43200; Secure; HttpOnly; Path=/desk/open; SameSite=None; Partitioned"
    )
    assert client.get(OPEN, headers=FRAME).headers["Location"].startswith("/card/")
    assert client.get(OPEN, headers=TAB).headers["Location"].startswith("/sign-in")
    [entry] = [each for each in entries(core.store) if each.action == "user.framed"]
    assert entry.actor == "agent@example.com"
    again = client.application.test_client().post(OPEN, data={"code": code}, headers=FRAME)
    assert (again.status_code, "This code is wrong" in again.text) == (200, True)
    assert "Set-Cookie" not in again.headers


def test_a_code_is_soon_too_old_and_ends_with_the_session(
    customer: str, clock: SetClock, agent_client: StaffClient, client: FlaskClient
) -> None:
    old = code_of(agent_client)
    clock.move(timedelta(minutes=10))
    assert "This code is wrong" in client.post(OPEN, data={"code": old}, headers=FRAME).text
    good = code_of(agent_client)
    clock.move(timedelta(minutes=5))
    agent_client.submit("/sign-out")
    assert "This code is wrong" in client.post(OPEN, data={"code": good}, headers=FRAME).text


def test_codes_are_not_guessed(customer: str, client: FlaskClient) -> None:
    codes = [client.post(OPEN, data={"code": guess}, headers=FRAME).status_code for guess in [*["AAAA-AAAA"] * 10, "é"]]
    assert codes == [200] * 10 + [429]


def test_a_changed_cookie_says_nothing(customer: str, agent_client: StaffClient) -> None:
    agent_client.get(OPEN, headers=TAB)
    good = desk_cookie(agent_client)
    digest, _, proof = good.partition(".")
    for bad in (digest, f"{digest}.", f"{'0' * 64}.{proof}", good[:-1], good + "0", "é.é", "."):
        assert "Sign in in a new tab" in in_a_frame(agent_client, bad).get(OPEN, headers=FRAME).text


def test_the_cookie_opens_nothing_else(customer: str, agent_client: StaffClient) -> None:
    agent_client.get(OPEN, headers=TAB)
    stranger = agent_client.application.test_client()
    stranger.set_cookie("feedbackhub-desk", desk_cookie(agent_client), path="/")
    for path in (f"/desk/{customer}", "/desk"):
        assert stranger.get(path).headers["Location"].startswith("/sign-in")
    assert stranger.get(OPEN, headers=TAB).headers["Location"].startswith("/sign-in")


def test_without_a_helpdesk_that_may_frame_us_there_is_no_such_cookie_and_no_frame(
    customer: str, core: Core, client_of: MakeClient
) -> None:
    web = core.settings.web.model_copy(update={"frame_ancestors": ()})
    app = create_app(replace(core, settings=core.settings.model_copy(update={"web": web})))
    client = client_of("agent")
    other = app.test_client()
    cookie = client.get_cookie("feedbackhub")
    assert cookie is not None
    other.set_cookie("feedbackhub", cookie.value)
    answer = other.get(OPEN, headers=TAB)
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (303, [])
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
