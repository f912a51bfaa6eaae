"""Answers come back as private notes in the helpdesk's tickets, one shape for each helpdesk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Refused, Response
from feedbackhub.testing import Peer
from feedbackhub.testing.peer import Seen
from feedbackhub_plugins.webhooks.endpoints import Endpoint
from feedbackhub_plugins.webhooks.filling import filled, filled_path
from feedbackhub_plugins.webhooks.wanted import Wanted
from tests.webhooks.conftest import Here, MakeHere

COMMENT = 'He said "no" {ticket}\n<b>&'
BASIC = "Basic YW5uQGV4YW1wbGUuY29tL3Rva2VuOnMzY3JldA=="


@dataclass(frozen=True)
class Desk:
    """What one helpdesk's API wants."""

    preset: str
    credentials: dict[str, Any]
    method: str
    path: str
    sign: tuple[str, str]

    def body(self, note: str, html: str) -> dict[str, Any]:
        """Return the JSON that it wants."""
        shapes: dict[str, dict[str, Any]] = {
            "zendesk": {"ticket": {"comment": {"body": note, "public": False}}},
            "freshdesk": {"body": html, "private": True},
            "intercom": {"message_type": "note", "type": "admin", "admin_id": "814860", "body": html},
            "chatwoot": {"content": note, "message_type": "outgoing", "private": True},
            "zammad": {
                "ticket_id": "4711", "body": note, "content_type": "text/plain", "type": "note", "internal": True,
            },
            "help_scout": {"text": html},
        }  # fmt: skip
        return shapes[self.preset]


DESKS = [
    Desk("zendesk", {"kind": "basic", "user": "ann@example.com/token", "secret": "s3cret"},
         "PUT", "/api/v2/tickets/4711", ("authorization", BASIC)),
    Desk("freshdesk", {"kind": "basic", "user": "key", "secret": "X"},
         "POST", "/api/v2/tickets/4711/notes", ("authorization", "Basic a2V5Olg=")),
    Desk("intercom", {"kind": "bearer", "secret": "tok", "values": {"admin_id": "814860"}},
         "POST", "/conversations/4711/reply", ("authorization", "Bearer tok")),
    Desk("chatwoot", {"kind": "header", "header": "api_access_token", "secret": "tok",
                      "values": {"account_id": "3"}},
         "POST", "/api/v1/accounts/3/conversations/4711/messages", ("api_access_token", "tok")),
    Desk("zammad", {"kind": "header", "header": "Authorization", "prefix": "Token token=", "secret": "tok"},
         "POST", "/api/v1/ticket_articles", ("authorization", "Token token=tok")),
    Desk("help_scout", {"kind": "oauth", "user": "app", "secret": "s3cret"},
         "POST", "/v2/conversations/4711/notes", ("authorization", "Bearer fetched")),
]  # fmt: skip


def connected(make_here: MakeHere, helpdesk: Peer, desk: Desk, **template: Any) -> tuple[Here, Endpoint]:
    """Return an instance whose tickets get notes."""
    credentials = {"address": helpdesk.url, **desk.credentials}
    if desk.credentials["kind"] == "oauth":
        credentials["token_url"] = f"{helpdesk.url}/oauth"
    here = make_here(credentials={"desk": credentials})
    wanted = {"credentials": "desk", "source": "tests", "language": "en", "preset": desk.preset, **template}
    made = here.service.add(Wanted("Notes", template=wanted), "admin")
    here.instance.run()
    return here, made


def answered(here: Here, rating: int = 2, comment: str = COMMENT) -> Response:
    """Let the customer of ticket 4711 answer."""
    found = here.instance.answer(here.instance.ask("4711"), rating, comment)
    here.instance.run(timedelta(hours=1))
    return found


def notes(helpdesk: Peer) -> list[Seen]:
    """Return the notes that the helpdesk got."""
    return [each for each in helpdesk.seen if each.path != "/oauth"]


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.preset)
def test_an_answer_becomes_a_private_note_in_its_ticket(make_here: MakeHere, helpdesk: Peer, desk: Desk) -> None:
    helpdesk.answers("POST", "/oauth", {"access_token": "fetched", "expires_in": 172800})
    helpdesk.answers(desk.method, desk.path, {"id": 1}, status=201)
    here, made = connected(make_here, helpdesk, desk)
    response = answered(here)
    [note] = notes(helpdesk)
    text = (
        f"Customer feedback: 2 on a scale of 1 to 5 (25 of 100)\n\n{COMMENT}\n\n"
        f"Survey: post-contact\nhttps://feedback.example.com/answers/{response.public_id}"
    )
    html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    assert (note.method, note.path, note.headers[desk.sign[0]]) == (desk.method, desk.path, desk.sign[1])
    assert note.json == desk.body(text, html.replace("\n", "<br>"))
    assert [row.status for row in here.log(made)] == ["delivered"]


def test_a_changed_answer_gets_one_more_note_and_the_same_answer_none(make_here: MakeHere, helpdesk: Peer) -> None:
    helpdesk.answers("PUT", "*", {})
    here, made = connected(make_here, helpdesk, DESKS[0])
    asked = here.instance.ask("4711")
    for rating in (2, 2, 4):
        here.instance.answer(asked, rating, "Well")
        here.instance.run(timedelta(hours=1))
    first, second = (each.json["ticket"]["comment"]["body"] for each in notes(helpdesk))
    assert first.startswith("Customer feedback: 2 on a scale")
    assert second.startswith("The customer has changed the answer.\nCustomer feedback: 4 on a scale")
    assert [row.status for row in here.log(made)] == ["delivered", "skipped", "delivered"]


def test_an_answer_that_is_changed_before_it_settles_is_noted_once(make_here: MakeHere, helpdesk: Peer) -> None:
    helpdesk.answers("PUT", "*", {})
    here, _ = connected(make_here, helpdesk, DESKS[0])
    asked = here.instance.ask("4711")
    here.instance.answer(asked, 1)
    here.instance.answer(asked, 3)
    here.instance.run(timedelta(hours=1))
    assert len(notes(helpdesk)) == 1


def test_only_tickets_of_the_endpoints_source_get_notes(make_here: MakeHere, helpdesk: Peer) -> None:
    here, made = connected(make_here, helpdesk, DESKS[0], source="elsewhere")
    answered(here)
    assert (notes(helpdesk), here.log(made)) == ([], [])


@pytest.mark.parametrize("status", [404, 410, 422])
def test_a_ticket_that_takes_no_note_is_given_up_and_the_endpoint_stays_on(
    make_here: MakeHere, helpdesk: Peer, status: int
) -> None:
    helpdesk.answers("PUT", "*", {}, status=status)
    here, made = connected(make_here, helpdesk, DESKS[0])
    answered(here)
    here.instance.run(timedelta(days=1))
    [row] = here.log(made)
    assert (row.status, row.answer, row.attempts, len(notes(helpdesk))) == ("failed", status, 1, 1)
    assert (here.look(made).is_on, here.look(made).failures) == (True, 0)


def test_a_token_that_is_refused_is_fetched_anew(make_here: MakeHere, helpdesk: Peer) -> None:
    helpdesk.answers("POST", "/oauth", {"access_token": "fetched", "expires_in": 172800})
    helpdesk.answers("POST", "/v2/conversations/4711/notes", {}, status=201)
    helpdesk.answers("POST", "/v2/conversations/4711/notes", {}, status=401, times=1)
    here, made = connected(make_here, helpdesk, DESKS[5])
    answered(here)
    here.instance.run(timedelta(seconds=5))
    assert [each.path for each in helpdesk.seen].count("/oauth") == 2
    assert [row.status for row in here.log(made)] == ["delivered"]


def test_a_template_of_ones_own_is_filled_by_structure(make_here: MakeHere, helpdesk: Peer) -> None:
    helpdesk.answers("PATCH", "*", {})
    own = {
        "preset": "", "method": "PATCH", "path": "/cases/{ticket}/feedback?by={values.admin_id}",
        "headers": {"X-Kind": "feedback"},
        "body": {"rating": "{rating}", "of": ["{minimum}", "{maximum}"], "text": "Said: {comment}", "n": 1},
    }  # fmt: skip
    here, _ = connected(make_here, helpdesk, DESKS[2], **own)
    here.instance.answer(here.instance.ask("a/../b?c=1"), 2, COMMENT)
    here.instance.run(timedelta(hours=1))
    [note] = notes(helpdesk)
    assert (note.path, note.query) == ("/cases/a%2F..%2Fb%3Fc%3D1/feedback", {"by": "814860"})
    assert note.json == {"rating": 2, "of": [1, 5], "text": f"Said: {COMMENT}", "n": 1}
    assert note.headers["x-kind"] == "feedback"


@given(st.text(), st.text())
def test_values_never_become_syntax(one: str, other: str) -> None:
    facts = {"ticket": one, "comment": other}
    assert filled({"a": "{ticket}", "b": ["x{comment}y"]}, facts) == {"a": one, "b": [f"x{other}y"]}
    path = filled_path("/t/{ticket}/n", {"ticket": one.encode("utf-8", "replace").decode()})
    assert (path.count("/"), path.count("?"), path.isascii()) == (3, 0, True)
    assert path.split("/")[2].strip(".") != ""


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"credentials": "nobody"}, "credentials"),
    ({"source": ""}, "source"),
    ({"preset": "jira"}, "preset"),
    ({"preset": "intercom"}, "credentials"),
    ({"preset": "", "method": "DELETE", "path": "/x", "body": {}}, "method"),
    ({"preset": "", "method": "POST", "path": "//evil.example/x", "body": {}}, "path"),
    ({"preset": "", "method": "POST", "path": "https://evil.example/x", "body": {}}, "path"),
    ({"preset": "", "method": "POST", "path": "/x", "body": {"a": "{secret}"}}, "body"),
    ({"preset": "", "method": "POST", "path": "/x", "body": {}, "headers": {"Host": "x"}}, "headers"),
    ({"preset": "", "method": "POST", "path": "/x", "body": {}, "headers": {"X": "a\r\nb"}}, "headers"),
]


def test_wrong_templates_are_refused(make_here: MakeHere, helpdesk: Peer) -> None:
    here, made = connected(make_here, helpdesk, DESKS[0])
    for changes, field in WRONG:
        with pytest.raises(Refused) as refused:
            here.service.add(Wanted("Notes", template={**made.template, **changes}), "admin")
        assert [each.field for each in refused.value.problems] == [field], changes


def test_a_test_note_goes_to_the_ticket_that_is_named(make_here: MakeHere, helpdesk: Peer) -> None:
    helpdesk.answers("PUT", "/api/v2/tickets/9", {"ok": True})
    here, made = connected(make_here, helpdesk, DESKS[0])
    called = here.service.test(made.id, "9")
    assert called is not None
    assert (called.outcome.kind, called.body) == ("delivered", '{"ok": true}')
    with pytest.raises(Refused):
        here.service.test(made.id)
