"""Bad input: refused by name, nothing stored, nothing broken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from tests.api.conftest import ANN, Caller, problems

CONTACT: dict[str, Any] = {"source": "helpdesk", "external_id": "1", "customer": ANN}


def raw(caller: Caller, body: bytes, content_type: str = "application/json", path: str = "/contacts") -> TestResponse:
    return caller.call("POST", path, data=body, content_type=content_type)


@pytest.mark.parametrize("body", [
    b"", b"{", b"nonsense", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1, "a": 2}', b'{"a": "\xff"}',
    b"\xff\xfe{\x00}\x00",
    b"[" * 100_000, b'{"a":' * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", b'{"a": "\x00"}',
], ids=range(12))  # fmt: skip
def test_a_body_that_is_no_json_is_refused(caller: Caller, body: bytes) -> None:
    answer = raw(caller, body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.get_json()["detail"].startswith("The body is no JSON: ")


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"a"', b"true"])
def test_a_body_that_is_no_object_is_refused(caller: Caller, body: bytes) -> None:
    assert problems(raw(caller, body)) == [("", "the body must be a JSON object")]


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded", "application/json2"])
def test_a_body_of_another_kind_is_refused(caller: Caller, kind: str) -> None:
    answer = raw(caller, json.dumps(CONTACT).encode(), kind)
    assert (answer.status_code, answer.content_type) == (415, "application/problem+json")


def test_a_huge_body_is_refused(caller: Caller) -> None:
    answer = raw(caller, json.dumps({**CONTACT, "topic": "x" * 2_000_000}).encode())
    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_half_a_million_unknown_fields_are_named_only_at_first(caller: Caller) -> None:
    body = json.dumps({f"f{number}": 1 for number in range(60_000)}).encode()
    assert len(problems(raw(caller, body))) == 100


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"ended_at": 0}, "ended_at"),
    ({"ended_at": "0"}, "ended_at"),
    ({"ended_at": True}, "ended_at"),
    ({"ended_at": "2026-02-30T00:00:00Z"}, "ended_at"),
    ({"ended_at": "2026-03-02T09:00:00"}, "ended_at"),
    ({"ended_at": "0001-01-01T00:00:00Z"}, "ended_at"),
    ({"ended_at": "9999-12-31T23:59:59-23:59"}, "ended_at"),
    ({"ended_at": "2026-03-09T09:00:00Z"}, "ended_at"),
    ({"started_at": "2026-03-02T08:00:00Z", "ended_at": "2026-03-02T07:00:00Z"}, ""),
    ({"external_id": ""}, "external_id"),
    ({"external_id": "  "}, "external_id"),
    ({"external_id": "\u202e"}, "external_id"),
    ({"external_id": 1}, "external_id"),
    ({"external_id": "x" * 201}, "external_id"),
    ({"external_id": "\U0001d160" * 200}, "external_id"),
    ({"external_id": "a\nb"}, "external_id"),
    ({"external_id": "\x00"}, "external_id"),
    ({"external_id": "\ud800"}, "external_id"),
    ({"source": "Help Desk"}, "source"),
    ({"source": "helpdesk\n"}, "source"),
    ({"team": "\ud800"}, "team"),
    ({"team": "a\x00b"}, "team"),
    ({"team": ["a"]}, "team"),
    ({"team": None}, "team"),
    ({"ask": "false"}, "ask"),
    ({"ask": 0}, "ask"),
    ({"tags": "a"}, "tags"),
    ({"tags": ["a"] * 51}, "tags"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"url": "https://a b"}, "url"),
    ({"attributes": {"a": 1}}, "attributes.a"),
    ({"attributes": {"A B": "x"}}, "attributes.A B.[key]"),
    ({"nothing": 1}, "nothing"),
    ({"\ud800": 1}, ""),
    ({"customer": {"name": "Ann"}}, "customer"),
    ({"customer": {"email": "ann@example.org\nBcc: all@example.org"}}, "customer.email"),
    ({"customer": {"email": "ann"}}, "customer.email"),
    ({"customer": {"phone": "12"}}, "customer.phone"),
    ({"customer": {**ANN, "name": "Ann\r\nBcc: all@example.org"}}, "customer.name"),
    ({"customer": {**ANN, "timezone": "Moon"}}, "customer.timezone"),
    ({"customer": {**ANN, "country": "DEU"}}, "customer.country"),
    ({"customer": {**ANN, "language": "x" * 50}}, "customer.language"),
    ({"customer": {**ANN, "row": 1}}, "customer.row"),
    ({"customer": 7}, "customer"),
]


@pytest.mark.parametrize(
    ("change", "field"), REFUSED, ids=[repr(change)[:60].encode("ascii", "replace").decode() for change, _ in REFUSED]
)
def test_a_contact_that_cannot_be_is_refused_by_field(caller: Caller, change: dict[str, Any], field: str) -> None:
    answer = caller.post("/contacts", {**CONTACT, **change})
    assert answer.status_code == 422, answer.text
    assert problems(answer)[0][0] == field
    assert caller.get("/contacts").get_json()["items"] == []


@pytest.mark.parametrize("query", [
    "x=1", "limit=1&limit=1", "limit=", "limit=0", "limit=201", "limit=-1", "limit=1.0", "limit=+1", "limit=%D9%A1",
    "limit=1_0", "after=x", "after=" + "A" * 13, "source=A", "external_id=%00", "=1",
])  # fmt: skip
def test_a_query_that_cannot_be_is_refused(caller: Caller, query: str) -> None:
    answer = caller.get(f"/contacts?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_a_query_is_refused_where_none_is_taken(caller: Caller) -> None:
    assert problems(caller.get("/surveys?after=AAAAAAAAAAAA")) == [("after", "is not a known query key")]
    assert problems(caller.post("/contacts?test=1", CONTACT)) == [("test", "is not a known query key")]


@pytest.mark.parametrize("token", ["A" * 24, "A" * 23, "A" * 25, "é" * 24, "../" * 8, "A" * 23 + "\n", "", 7, None])
def test_a_token_that_is_none_is_refused(caller: Caller, token: Any) -> None:
    answer = caller.post("/responses", {"token": token, "answers": {"satisfaction": 1}})
    assert answer.status_code in (404, 422)


ANSWERS: list[dict[str, Any]] = [
    {"satisfaction": 0}, {"satisfaction": 6}, {"satisfaction": "five"}, {"satisfaction": 1e999}, {"satisfaction": True},
    {"satisfaction": 10**30}, {"satisfaction": [1, 2]}, {"satisfaction": {"a": 1}}, {"solved": "perhaps"},
    {"comment": "x" * 900_000}, {"comment": "\ud800"}, {"comment": ["a", "b"]}, {"nothing": 1}, {"": 1},
    {"\ud800": 1}, {"q" * 5_000: 1},
]  # fmt: skip


@pytest.mark.parametrize("answers", ANSWERS, ids=range(len(ANSWERS)))
def test_answers_that_do_not_exist_are_refused(caller: Caller, answers: dict[str, Any]) -> None:
    invitation = caller.contact()["kit"]["invitation"]
    answer = caller.post("/responses", {"invitation": invitation, "answers": answers})
    assert answer.status_code in (400, 422), answer.text
    assert caller.get("/responses").get_json()["items"] == []


def test_one_surveys_answer_on_anothers_link_is_refused(caller: Caller, core: Core) -> None:
    invitation = caller.contact()["kit"]["invitation"]
    answer = caller.post("/responses", {"invitation": invitation, "answers": {"recommend": 9}})
    assert problems(answer)[0] == ("answers.recommend", "this survey has no such question")


def bombs() -> Iterator[str]:
    yield "a: &a [x, x]\nb: &b [*a, *a]\nname: *b\n"
    yield "- " * 5_000
    yield "name: !!python/object/apply:os.system [id]\n"
    yield "name: x\nquestions:\n" + "".join(f"  - {{id: q{n}, type: text, text: x}}\n" for n in range(5_000))
    yield "title: '{{ ().__class__.__mro__ }}'\nname: x\nlanguages: [en]\n"
    yield "\x00"
    yield "\u202e"
    yield ""


@pytest.mark.parametrize("source", list(bombs()), ids=range(8))
def test_a_hostile_survey_is_refused(caller: Caller, source: str) -> None:
    assert caller.post("/surveys/check", {"source": source}).get_json()["valid"] is False
    assert caller.post("/surveys", {"source": source}).status_code == 422
    assert [each["version"] for each in caller.get("/surveys").get_json()["items"]] == [1, 1, 1, 1]


@pytest.mark.parametrize("survey", [
    {}, {"name": "\ud800"},
    {"questions": [{}] * 5_000}, {"a": [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}, {"name": 10**400},
], ids=range(5))  # fmt: skip
def test_a_hostile_survey_as_json_is_refused(caller: Caller, survey: dict[str, Any]) -> None:
    assert caller.post("/surveys", {"survey": survey}).status_code == 422


@pytest.mark.parametrize(("change", "field"), [
    ({"cost_cents": -1}, "cost_cents"), ({"cost_cents": 10**13}, "cost_cents"), ({"cost_cents": 1.5}, "cost_cents"),
    ({"cost_cents": "1"}, "cost_cents"), ({"currency": "euro"}, "currency"), ({"kind": "bribe"}, "kind"),
    ({"at": 0}, "at"), ({"note": "x" * 10_001}, "note"), ({"customer": "1"}, "customer"),
])  # fmt: skip
def test_a_gesture_that_cannot_be_is_refused(caller: Caller, change: dict[str, Any], field: str) -> None:
    body = {"kind": "apology", "customer": "AAAAAAAAAAAA", **change}
    assert problems(caller.post("/gestures", body))[0][0].split(".")[0] == field
