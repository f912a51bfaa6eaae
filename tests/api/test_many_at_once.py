"""Many callers at the same moment: one response for each link, one contact for each event, nothing breaks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask

from tests.api.conftest import Caller

AT_ONCE = 32


def together(app: Flask, secret: str, call: Callable[[Caller, int], Any]) -> list[Any]:
    """Let 32 callers do something at once and return what each was told."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        caller = Caller(app.test_client(), secret)
        start.wait()
        return call(caller, number)

    with ThreadPoolExecutor(AT_ONCE) as hands:
        return list(hands.map(one, range(AT_ONCE)))


def test_32_answers_to_one_link_make_one_response(app: Flask, caller: Caller) -> None:
    invitation = caller.contact()["kit"]["invitation"]

    def send(one: Caller, number: int) -> tuple[int, Any]:
        answers = {"satisfaction": number % 5 + 1, "comment": f"number {number}"}
        answer = one.post("/responses", {"invitation": invitation, "answers": answers})
        return answer.status_code, answer.get_json()

    told = together(app, caller.secret, send)
    assert sorted(status for status, _ in told) == [200] * 31 + [201]
    assert len({body["response"] for _, body in told}) == 1
    assert sorted(body["revision"] for _, body in told) == list(range(1, 33))
    last = next(number for number, (_, body) in enumerate(told) if body["revision"] == 32)
    listed = caller.get("/responses").get_json()["items"]
    assert [each["comment"] for each in listed] == [f"number {last}"]


def test_32_reports_of_one_contact_make_one_contact(app: Flask, caller: Caller) -> None:
    event = {"source": "helpdesk", "external_id": "1", "customer": {"email": "ann@example.org"}}
    told = together(app, caller.secret, lambda one, _: one.post("/contacts", event).status_code)
    assert sorted(told) == [200] * 31 + [201]
    assert len(caller.get("/contacts").get_json()["items"]) == 1


def test_32_orders_to_ask_again_make_one_invitation(app: Flask, caller: Caller) -> None:
    response = caller.answer()
    told = together(app, caller.secret, lambda one, _: one.post(f"/responses/{response}/re-ask", {}).status_code)
    assert sorted(told) == [201] + [409] * 31


def test_a_list_read_while_others_write_misses_nothing(app: Flask, caller: Caller) -> None:
    seen: list[str] = []
    place = ""

    def send(one: Caller, number: int) -> None:
        for step in range(3):
            one.contact(f"{number}-{step}", customer=None)

    with ThreadPoolExecutor(1) as hand:
        writing = hand.submit(together, app, caller.secret, send)
        while True:
            done = writing.done()
            part = caller.get(f"/contacts?after={place}").get_json()
            seen += [each["external_id"] for each in part["items"]]
            place = part["next"]
            if done and not part["more"]:
                break
        writing.result()
    assert len(seen) == len(set(seen)) == 3 * AT_ONCE
