"""Contacts over the API: recorded once, decided on, reopened, listed."""

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from tests.api.conftest import ANN, Caller, MakeCaller, problems


def test_a_contact_answers_with_decision_invitation_and_link(caller: Caller) -> None:
    done = caller.contact(agent={"id": "7", "name": "Bo"}, team="Billing", channel="chat")
    contact, kit = done["contact"], done["kit"]
    assert done["created"] is True
    assert contact["decision"]["outcome"] == "ask"
    assert contact["invitation"]["link"] == kit["link"] == f"http://127.0.0.1:8000/s/{kit['link'][-24:]}"
    assert contact["invitation"]["id"] == kit["invitation"]
    assert (kit["state"], kit["language"]) == ("open", "ar")
    assert [each["value"] for each in kit["choices"]] == ["1", "2", "3", "4", "5"]
    assert kit["choices"][0]["url"] == f"{kit['link']}?a=1"


def test_the_same_contact_again_changes_nothing_and_says_what_it_ignored(caller: Caller) -> None:
    first = caller.contact(team="Billing")
    again = caller.post("/contacts", {"source": "helpdesk", "external_id": "1", "team": "Sales"})
    assert again.status_code == 200
    body = again.get_json()
    assert body["created"] is False
    assert body["contact"]["id"] == first["contact"]["id"]
    assert body["ignored"] == [{"field": "team", "stored": "Billing", "given": "Sales"}]


def test_an_anonymous_contact_gets_a_link_to_hand_over(caller: Caller) -> None:
    done = caller.contact(customer=None)
    assert done["contact"]["customer"] is None
    assert done["contact"]["decision"]["facts"]["channels"] == ["link"]
    assert done["kit"]["state"] == "open"


def test_a_contact_nobody_is_asked_about_says_why(caller: Caller) -> None:
    done = caller.contact(ask=False)
    assert done["kit"] is None
    assert done["contact"]["decision"]["rule"] == "not_wanted"
    decision = caller.get(f"/contacts/{done['contact']['id']}/decision")
    assert decision.get_json() == done["contact"]["decision"]


def test_an_idempotency_key_is_answered_once(caller: Caller) -> None:
    event = {"source": "helpdesk", "external_id": "1", "customer": ANN}
    first = caller.post("/contacts", event, headers={"Idempotency-Key": "a-1"})
    again = caller.post("/contacts", event, headers={"Idempotency-Key": "a-1"})
    other = caller.post("/contacts", {**event, "external_id": "2"}, headers={"Idempotency-Key": "a-1"})
    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert again.get_json()["contact"] == first.get_json()["contact"]
    assert other.content_type == "application/problem+json"


def test_another_keys_idempotency_key_is_another_one(caller_with: MakeCaller, caller: Caller) -> None:
    event = {"source": "helpdesk", "external_id": "1"}
    caller.post("/contacts", event, headers={"Idempotency-Key": "a-1"})
    other = caller_with(name="other").post("/contacts", {**event, "team": "x"}, headers={"Idempotency-Key": "a-1"})
    assert other.status_code == 200


def test_an_idempotency_key_is_visible_ascii(caller: Caller) -> None:
    answer = caller.post("/contacts", {"source": "a", "external_id": "1"}, headers={"Idempotency-Key": "a b"})
    assert problems(answer) == [("Idempotency-Key", "should be 1 to 200 visible ASCII characters")]


def test_reopening_calls_off_and_the_next_end_is_a_resolution_of_its_own(caller: Caller, clock: SetClock) -> None:
    caller.contact()
    clock.move(timedelta(minutes=5))
    reopened = caller.post("/contacts/reopened", {"source": "helpdesk", "external_id": "1"}).get_json()
    assert (reopened["applied"], reopened["cancelled"]) == (True, 1)
    assert reopened["contact"]["invitation"]["state"] == "cancelled"
    clock.move(timedelta(minutes=5))
    assert caller.contact()["contact"]["resolution"] == 2


def test_reopening_what_nobody_recorded_is_not_found(caller: Caller) -> None:
    assert caller.post("/contacts/reopened", {"source": "helpdesk", "external_id": "9"}).status_code == 404


def test_a_list_is_read_on_from_where_it_stopped(caller: Caller) -> None:
    for number in "12345":
        caller.contact(number)
    first = caller.get("/contacts?limit=2").get_json()
    rest = caller.get(f"/contacts?limit=200&after={first['next']}").get_json()
    assert [each["external_id"] for each in first["items"] + rest["items"]] == list("12345")
    assert (first["more"], rest["more"]) == (True, False)
    caller.contact("6")
    later = caller.get(f"/contacts?after={rest['next']}").get_json()
    assert [each["external_id"] for each in later["items"]] == ["6"]
    nothing = caller.get(f"/contacts?after={later['next']}").get_json()
    assert nothing == {"items": [], "next": later["next"], "more": False}


def test_a_list_is_narrowed_by_source_and_external_id(caller: Caller) -> None:
    caller.contact("1")
    caller.contact("1", source="chat")
    found = caller.get("/contacts?source=chat&external_id=1").get_json()["items"]
    assert [(each["source"], each["external_id"]) for each in found] == [("chat", "1")]


def test_a_place_that_never_was_is_not_found(caller: Caller) -> None:
    assert caller.get("/contacts?after=AAAAAAAAAAAA").status_code == 404


def test_no_answer_holds_a_row_number(caller: Caller, core: Core) -> None:
    contact = caller.contact()["contact"]
    assert not [name for name, value in contact.items() if isinstance(value, int) and name.endswith("id")]
    assert len(contact["id"]) == len(contact["customer"]) == 12
