"""Answers from a company's own interface, their list, and asking again."""

from datetime import timedelta

from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.machinery.clock import SetClock
from tests.api.conftest import Caller, problems


def test_an_answer_by_invitation_is_stored_and_by_token_changes_it(caller: Caller) -> None:
    kit = caller.contact()["kit"]
    first = caller.post("/responses", {"invitation": kit["invitation"], "answers": {"satisfaction": 4}})
    second = caller.post("/responses", {"token": kit["link"][-24:], "answers": {"satisfaction": 5, "solved": True}})
    assert (first.status_code, second.status_code) == (201, 200)
    assert [each.get_json()["revision"] for each in (first, second)] == [1, 2]
    shown = caller.get(f"/responses/{first.get_json()['response']}").get_json()
    assert (shown["answers"], shown["value"], shown["maximum"]) == ({"satisfaction": 5, "solved": "yes"}, 5, 5)
    assert (shown["confidence"], shown["counts"], shown["via"]) == ("human", True, "api")


def test_what_is_good_is_kept_and_what_is_not_is_named(caller: Caller) -> None:
    invitation = caller.contact()["kit"]["invitation"]
    answers = {"satisfaction": 2, "courtesy": 99, "nothing": 1}
    taken = caller.post("/responses", {"invitation": invitation, "answers": answers}).get_json()
    assert taken["stored"] is True
    assert taken["complete"] is False
    assert [each["question"] for each in taken["problems"]] == ["nothing", "courtesy"]


def test_nothing_good_at_all_is_refused(caller: Caller) -> None:
    invitation = caller.contact()["kit"]["invitation"]
    answer = caller.post("/responses", {"invitation": invitation, "answers": {"satisfaction": 9}})
    assert answer.status_code == 422
    assert ("answers.satisfaction", "should be from 1 to 5") in problems(answer)
    assert caller.get("/responses").get_json()["items"] == []


def test_a_forged_token_is_not_found(caller: Caller) -> None:
    token = caller.contact()["kit"]["link"][-24:]
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert caller.post("/responses", {"token": forged, "answers": {"satisfaction": 4}}).status_code == 404


def test_one_of_invitation_and_token_is_named(caller: Caller) -> None:
    kit = caller.contact()["kit"]
    both = {"invitation": kit["invitation"], "token": kit["link"][-24:], "answers": {"satisfaction": 4}}
    assert problems(caller.post("/responses", both)) == [("", "name either invitation or token")]


def test_after_the_edit_window_an_answer_is_a_conflict(caller: Caller, clock: SetClock) -> None:
    kit = caller.contact()["kit"]
    body = {"invitation": kit["invitation"], "answers": {"satisfaction": 4}}
    caller.post("/responses", body)
    clock.move(timedelta(hours=25))
    assert caller.post("/responses", body).status_code == 409


def test_answers_are_listed_in_the_order_they_came(caller: Caller) -> None:
    found = [caller.answer(number) for number in "123"]
    first = caller.get("/responses?limit=1").get_json()
    rest = caller.get(f"/responses?after={first['next']}").get_json()
    assert [each["id"] for each in first["items"] + rest["items"]] == found


def test_asking_again_makes_one_invitation(caller: Caller, core: Core, clock: SetClock) -> None:
    response = caller.answer()
    asked = caller.post(f"/responses/{response}/re-ask", {"delay_minutes": 30})
    assert asked.status_code == 201
    assert asked.get_json()["due_at"] == "2026-03-02T09:30:00Z"
    assert caller.post(f"/responses/{response}/re-ask", {}).status_code == 409
    clock.move(timedelta(hours=1))
    Engine(core).drain()
    again = caller.post("/responses", {"invitation": asked.get_json()["id"], "answers": {"satisfaction": 5}}).get_json()
    assert caller.get(f"/responses/{again['response']}").get_json()["reask"] is True
    assert caller.get(f"/responses/{response}").get_json()["answers"] == {"satisfaction": 2}


def test_asking_again_passes_the_throttle_but_no_suppression(caller: Caller) -> None:
    first, second = caller.answer("1"), caller.answer("2")
    assert caller.post(f"/responses/{first}/re-ask", {}).status_code == 201
    caller.post("/suppressions", {"kind": "email", "value": "ann@example.org"})
    refused = caller.post(f"/responses/{second}/re-ask", {})
    assert (refused.status_code, refused.get_json()["detail"]) == (409, "The customer is on the list of staff.")


def test_asking_again_needs_a_survey_and_an_answer(caller: Caller) -> None:
    response = caller.answer()
    refused = caller.post(f"/responses/{response}/re-ask", {"survey": "nothing"})
    assert problems(refused) == [("survey", "there is no survey named nothing")]
    assert caller.post("/responses/AAAAAAAAAAAA/re-ask", {}).status_code == 404
