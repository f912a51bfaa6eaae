"""What the next agent is told, a person's copy, and erasing a person."""

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.audit import entries
from tests.api.conftest import ANN, Caller, problems
from tests.api.statements import counted

BO = {"source": "crm", "id": "7", "name": "Bo"}


def test_a_lookup_by_exact_identifier_gives_the_card_and_its_address(
    caller: Caller, core: Core, clock: SetClock
) -> None:
    caller.answer()
    found = caller.post("/customers/lookup", {"email": " Ann@Example.ORG ", "agent": BO}).get_json()
    assert found["found"] is True
    assert (found["card"]["state"], found["card"]["customer"]["name"]) == ("history", "Ann")
    assert [each["value"] for each in found["card"]["ratings"]] == [2]
    base, _, ticket = found["address"].rpartition("/")
    assert base == "http://127.0.0.1:8000/card"
    read = core.links.read_card_ticket(ticket, clock.now() + timedelta(minutes=59))
    assert read is not None
    assert read.customer == found["card"]["customer"]["id"]
    assert read.agent is not None
    assert core.links.read_card_ticket(ticket, clock.now() + timedelta(minutes=60)) is None
    assert found["expires_at"] == "2026-03-02T10:00:00Z"


def test_the_same_agent_is_bound_into_every_address(caller: Caller, core: Core, clock: SetClock) -> None:
    caller.contact(agent={"id": "7", "name": "Bo"})
    viewer = {"source": "helpdesk", "id": "7"}
    agents = set()
    for _ in range(2):
        address = caller.post("/customers/lookup", {"email": ANN["email"], "agent": viewer}).get_json()["address"]
        ticket = core.links.read_card_ticket(address[-48:], clock.now())
        agents.add(ticket.agent if ticket else None)
    assert agents == {caller.get("/contacts").get_json()["items"][0]["agent"]}


def test_somebody_nobody_knows_is_told_from_nothing_else(caller: Caller) -> None:
    caller.contact()
    for guess in ("ann@example.com", "an@example.org", "%@example.org"):
        found = caller.post("/customers/lookup", {"email": guess, "agent": BO})
        assert found.status_code == 200
        body = found.get_json()
        assert (body["found"], body["address"], body["expires_at"]) == (False, "", None)
        assert (body["card"]["state"], body["card"]["customer"], body["card"]["contacts"]) == ("unknown", None, [])


def test_a_lookup_names_an_identifier_and_an_agent(caller: Caller) -> None:
    assert [field for field, _ in problems(caller.post("/customers/lookup", {"email": "ann@example.org"}))] == ["agent"]
    assert problems(caller.post("/customers/lookup", {"agent": BO})) == [
        ("", "names no identifier: give an e-mail address, a phone number, an id or another address")
    ]
    assert problems(caller.post("/customers/lookup", {"email": "ann", "agent": BO})) == [
        ("email", "is not a valid e-mail address")
    ]


def test_every_look_is_noted_with_its_viewer(caller: Caller, core: Core) -> None:
    customer = caller.contact()["contact"]["customer"]
    caller.post("/customers/lookup", {"email": "ann@example.org", "agent": BO})
    caller.post("/customers/lookup", {"email": "nobody@example.org", "agent": BO})
    looks = [each for each in entries(core.store) if each.action == "customer.looked_up"]
    assert [(each.actor, each.subject, dict(each.detail)) for each in looks] == [
        ("key:shop", "customer:unknown", {"source": "crm", "agent": "7"}),
        ("key:shop", f"customer:{customer}", {"source": "crm", "agent": "7"}),
    ]


def test_a_lookup_takes_three_statements(caller: Caller, core: Core) -> None:
    caller.answer("1")
    caller.answer("2")
    body = {"email": "ann@example.org", "agent": BO}
    caller.post("/customers/lookup", body)
    with counted(core.store.engine) as statements:
        caller.post("/customers/lookup", body)
    assert len(statements) == 3, statements


def test_a_person_gets_a_copy_of_everything(caller: Caller, core: Core) -> None:
    caller.answer()
    copy = caller.post("/customers/export", {"email": "ann@example.org"}).get_json()["person"]
    assert [each["name"] for each in copy["customers"]] == ["Ann"]
    assert [each["external_id"] for each in copy["contacts"]] == ["1"]
    assert [each.action for each in entries(core.store)][0] == "customer.exported"


def test_a_person_is_erased_by_identifier_or_by_id(caller: Caller, core: Core) -> None:
    response = caller.answer("1", satisfaction=2, comment="My name is Ann")
    erased = caller.post("/customers/erase", {"email": "ann@example.org"}).get_json()
    assert (len(erased["customers"]), erased["failed"]) == (1, {})
    shown = caller.get(f"/responses/{response}").get_json()
    assert (shown["value"], shown["comment"]) == (2, "")
    assert caller.post("/customers/lookup", {"email": "ann@example.org", "agent": BO}).get_json()["found"] is False
    assert [each.actor for each in entries(core.store) if each.action == "customer.erased"] == ["key:shop"]
    caller.contact("2")
    found = caller.post("/customers/lookup", {"email": "ann@example.org", "agent": BO}).get_json()
    again = caller.post("/customers/erase", {"customer": found["card"]["customer"]["id"]})
    assert again.status_code == 200


def test_nobody_is_neither_copied_nor_erased(caller: Caller) -> None:
    for what in ("export", "erase"):
        assert caller.post(f"/customers/{what}", {"email": "nobody@example.org"}).status_code == 404
        assert caller.post(f"/customers/{what}", {"customer": "AAAAAAAAAAAA"}).status_code == 404
        assert caller.post(f"/customers/{what}", {}).status_code == 422
