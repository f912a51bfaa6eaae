"""The desk: the customer is found by what is at hand, nobody is listed, and managers decide who is one person."""

from collections.abc import Callable

import pytest

from feedbackhub import ContactEvent, Identifier
from feedbackhub.loop.card import read_card
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.views import InvitationView
from tests.app_fixtures import StaffClient

Ask = Callable[..., InvitationView]


@pytest.fixture
def ann(ask: Ask, core: Core) -> str:
    """A customer with all kinds of identifiers; the public id."""
    ask(email="ann@example.org", phone="+62 812 3456 789", ids={"crm": "K-4711"}, name="Ann Müller-Example")
    return read_card(core, [Identifier("email", "ann@example.org")]).customer


@pytest.mark.parametrize("typed", ["ANN@example.org ", "+628123456789", "+62 812-3456-789", "K-4711", "T-1"])
def test_what_is_certain_leads_straight_to_the_card(agent_client: StaffClient, ann: str, typed: str) -> None:
    answer = agent_client.submit("/desk", {"q": typed})
    assert (answer.status_code, answer.location) == (303, f"/desk/{ann}")


@pytest.mark.parametrize("typed", ["ann", "müller", "Example", "ler-Ex"])
def test_three_letters_of_a_name_find_it(agent_client: StaffClient, ann: str, typed: str) -> None:
    answer = agent_client.submit("/desk", {"q": typed})
    assert answer.status_code == 200
    assert f'href="/desk/{ann}"' in answer.text


@pytest.mark.parametrize(
    "typed", ["an", "%%%", "___", "K-471", "k-4711", "ann@", "812345", "' OR 1=1 --", "\x00\x01\x02"]
)
def test_less_than_that_finds_nobody(agent_client: StaffClient, ann: str, typed: str) -> None:
    answer = agent_client.submit("/desk", {"q": typed})
    assert (answer.status_code, "Nobody found" in answer.text) == (200, True)


def test_nothing_typed_lists_nobody(agent_client: StaffClient, ann: str) -> None:
    for answer in (agent_client.get("/desk"), agent_client.submit("/desk", {"q": "  "})):
        assert (answer.status_code, ann in answer.text) == (200, False)


def test_at_most_twenty_are_shown(agent_client: StaffClient, core: Core) -> None:
    for number in range(22):
        event = {"source": "s", "external_id": str(number), "ask": False}
        customer = {"email": f"x{number}@example.org", "name": f"Same Name {number}"}
        record_contact(core, ContactEvent.model_validate({**event, "customer": customer}))
    answer = agent_client.submit("/desk", {"q": "same name"})
    assert answer.text.count("<tr>") - 1 == 20
    assert "Only the first 20 are shown" in answer.text


def test_strangers_see_nothing_and_unknown_customers_do_not_exist(
    client: StaffClient, agent_client: StaffClient, ann: str
) -> None:
    for path in ("/desk", f"/desk/{ann}", f"/desk/{ann}/links"):
        assert client.get(path).status_code == 303
    assert agent_client.get("/desk/AAAAAAAAAAAA").status_code == 404
    assert agent_client.post(f"/desk/{ann}/gestures", data={"kind": "apology"}).status_code == 400  # no CSRF token


def test_staff_record_in_their_own_name_and_take_back(agent_client: StaffClient, ann: str) -> None:
    answer = agent_client.submit(f"/desk/{ann}/gestures", {"kind": "apology"})
    text = agent_client.get(answer.location).text
    assert ("Recorded: Apology." in text, "· <bdi>Agent</bdi>" in text) == (True, True)
    token = text.partition('name="undo" value="')[2][:24]
    text = agent_client.get(agent_client.submit(f"/desk/{ann}/undo", {"undo": token}).location).text
    assert ("Taken back." in text, "· <bdi>Agent</bdi>" in text) == (True, False)


@pytest.fixture
def pair(core: Core) -> tuple[str, str]:
    """Two customers of whom one contact named identifiers, with different ids in one system: only proposed as one."""

    def end(number: int, customer: dict[str, object]) -> None:
        event = {"source": "s", "external_id": str(number), "ask": False, "customer": customer}
        record_contact(core, ContactEvent.model_validate(event))

    end(1, {"email": "box@example.org", "ids": {"crm": "1"}, "name": "One"})
    end(2, {"phone": "+628123456789", "ids": {"crm": "2"}, "name": "Two"})
    end(3, {"email": "box@example.org", "phone": "+628123456789"})
    one, two = ("email", "box@example.org"), ("phone", "+628123456789")
    return read_card(core, [Identifier(*one)]).customer, read_card(core, [Identifier(*two)]).customer


def test_managers_decide_whether_two_are_one_person(
    manager_client: StaffClient, agent_client: StaffClient, pair: tuple[str, str], core: Core
) -> None:
    path = f"/desk/{pair[0]}/links"
    assert agent_client.get(path).status_code == 403
    text = manager_client.get(path).text
    assert "Proposed" in text
    sides = {name: text.partition(f'name="{name}" value="')[2][:12] for name in ("one", "other")}
    assert pair[0] in sides.values()
    steps = [("yes", "One person"), ("no", "Separated again")]
    for accept, state in steps:
        manager_client.submit(path, {**sides, "accept": accept})
        assert f">{state}</span>" in manager_client.get(path).text
    text = manager_client.get(manager_client.submit(path, {**sides, "accept": "yes"}).location).text
    assert "Somebody has decided this meanwhile." in text
