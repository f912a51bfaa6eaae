"""Staff make open links, paste them, take them back and give them back; every step is in the audit log."""

import re

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from feedbackhub.loop.core import Core
from feedbackhub.loop.open_kit import HELPDESKS, snippets
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.audit import entries
from feedbackhub.office.keys import create_key
from feedbackhub.office.open_links import list_links, shown_survey
from tests.app_fixtures import MakeClient, StaffClient
from tests.open_links.conftest import Come, Make, Ticket


def test_a_link_is_made_with_what_is_fixed(core: Core, manager_client: StaffClient, ticket: Ticket) -> None:
    ticket("1")
    made = manager_client.submit("/open-links", {
        "title": "Signature of billing", "survey": "nps", "channel": "email", "team": "Billing",
        "agent_source": "zendesk", "agent": "7", "source": "zendesk", "language": "id", "brand": "default",
    })  # fmt: skip
    [link] = list_links(core)
    assert (made.status_code, made.location) == (303, f"/open-links/{link.id}")
    assert (link.title, link.survey, link.team, link.agent_name, link.source, link.language) == (
        "Signature of billing", "nps", "Billing", "Bo Agent", "zendesk", "id",
    )  # fmt: skip
    assert [each.action for each in entries(core.store, f"open_link:{link.id}", None, 9)] == ["open_link.created"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("survey", "no-such"), ("language", "xx"), ("agent", "9"), ("source", "Not a slug!")],
)
def test_what_is_not_there_cannot_be_fixed(core: Core, manager_client: StaffClient, field: str, value: str) -> None:
    answer = manager_client.submit("/open-links", {"title": "x", field: value})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert list_links(core) == []


def test_taking_back_can_be_undone(core: Core, manager_client: StaffClient, make: Make) -> None:
    link = make(title="Poster")
    manager_client.submit(f"/open-links/{link.id}/revoke")
    page = manager_client.get("/open-links").text
    assert f"/open-links/{link.id}/restore" in page
    assert list_links(core)[0].revoked_at is not None
    manager_client.submit(f"/open-links/{link.id}/restore")
    assert list_links(core)[0].revoked_at is None
    assert [each.action for each in entries(core.store, f"open_link:{link.id}", None, 9)] == [
        "open_link.restored", "open_link.revoked", "open_link.created",
    ]  # fmt: skip


def test_agents_do_not_make_links(agent_client: StaffClient, make: Make) -> None:
    link = make()
    for path in ("/open-links", f"/open-links/{link.id}", f"/hand-over/link/{link.id}/qr.png"):
        assert agent_client.get(path).status_code == 403


def test_the_page_shows_every_snippet(core: Core, manager_client: StaffClient, make: Make) -> None:
    link = make(source="zendesk")
    page = manager_client.get(f"/open-links/{link.id}").text
    for each in snippets(shown_survey(core, link), link.link):
        assert f">\n{escape(each.text)}</textarea>" in page
    assert {each.placeholder for each in HELPDESKS} == {
        "{{ticket.id}}", "{{conversation.id}}", "#{ticket.id}", "{%conversation.number%}",
    }  # fmt: skip


def test_a_signature_needs_nothing_that_mail_programs_take_away(manager_client: StaffClient, make: Make) -> None:
    link = make()
    answer = manager_client.get(f"/open-links/{link.id}/signature")
    assert re.search(r"<(script|style|img|div|svg|form)", answer.text) is None
    assert answer.text.count(f'href="{link.link}?a=') == 5
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_qr_codes_are_pictures_of_the_link(manager_client: StaffClient, make: Make) -> None:
    link = make()
    svg = manager_client.get(f"/hand-over/link/{link.id}/qr.svg")
    png = manager_client.get(f"/hand-over/link/{link.id}/qr.png?save=1")
    assert (svg.mimetype, svg.data[:4]) == ("image/svg+xml", b"<svg")
    assert (png.mimetype, png.data[:4]) == ("image/png", b"\x89PNG")
    assert png.headers["Content-Disposition"] == "attachment; filename=qr-code.png"
    assert manager_client.get(f"/hand-over/link/{link.id}/qr.gif").status_code == 404
    assert link.link in manager_client.get(f"/hand-over/link/{link.id}").text


def test_a_personal_link_is_handed_over_likewise(core: Core, manager_client: StaffClient, ticket: Ticket) -> None:
    invitation = ticket("1", customer={"email": "a@example.org", "language": "ar"}).contact.invitation
    assert invitation is not None
    page = manager_client.get(f"/hand-over/ask/{invitation.id}")
    assert 'dir="rtl"' in page.text
    assert invitation.link in page.text
    assert manager_client.get(f"/hand-over/ask/{invitation.id}/qr.png").data[:4] == b"\x89PNG"
    assert manager_client.get("/hand-over/ask/AAAAAAAAAAAA").status_code == 404


def test_claimed_answers_are_marked_in_the_lists(
    manager_client: StaffClient, make: Make, come: Come, ticket: Ticket
) -> None:
    contact = ticket("4711").contact.id
    come(make(source="zendesk", title="Macro"), "?ticket=4711").send(satisfaction="5", comment="Kind")
    listed = manager_client.get("/answers").text
    assert 'badge-warn">Claimed<' in listed
    [answer] = re.findall(r'href="/answers/([\w-]{12})"', listed)
    page = manager_client.get(f"/answers/{answer}").text
    assert f'<a href="/contacts/{contact}"><bdi>4711</bdi></a>' in page
    assert "Answers that claim to be about it" in manager_client.get(f"/contacts/{contact}").text


def key_for(core: Core, clock: SetClock, *scopes: str) -> dict[str, str]:
    """Return the header with a key of some scopes."""
    _, secret = create_key(core.store, clock, " ".join(scopes) or "none", scopes, "tests")
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_makes_lists_and_takes_back(core: Core, clock: SetClock, client: FlaskClient) -> None:
    writes = key_for(core, clock, "links:write", "links:read")
    made = client.post("/api/v1/open-links", json={"title": "Till", "survey": "nps"}, headers=writes)
    assert made.status_code == 201
    path = f"/api/v1/open-links/{made.json['id']}"
    assert client.get("/api/v1/open-links", headers=writes).json == {"items": [made.json]}
    assert client.get(f"{path}/qr.png", headers=writes).data[:4] == b"\x89PNG"
    assert client.get(f"{path}/qr.svg", headers=writes).data[:4] == b"<svg"
    names = [each["name"] for each in client.get(f"{path}/snippets", headers=writes).json["items"]]
    assert names == ["link", "signature", *(each.name for each in HELPDESKS)]
    assert client.delete(path, headers=writes).status_code == 204
    assert client.get(path, headers=writes).json["revoked_at"] == "2026-03-02T09:00:00Z"
    assert client.post(f"{path}/restore", headers=writes).json["revoked_at"] is None
    bad = client.post("/api/v1/open-links", json={"survey": "no-such"}, headers=writes)
    assert (bad.status_code, bad.mimetype) == (422, "application/problem+json")
    reads = key_for(core, clock, "links:read")
    assert client.post("/api/v1/open-links", json={}, headers=reads).status_code == 403


def test_the_api_tells_what_an_answer_claims(
    core: Core, clock: SetClock, client: FlaskClient, make: Make, come: Come
) -> None:
    link = make(source="zendesk")
    come(link, "?ticket=4711").send(satisfaction="5")
    [answer] = client.get("/api/v1/responses", headers=key_for(core, clock, "responses:read")).json["items"]
    assert (answer["open_link"], answer["claimed"], answer["customer"]) == (link.id, "4711", None)


def test_a_strangers_page_sets_no_cookie(come: Come, make: Make) -> None:
    assert "Set-Cookie" not in come(make()).look().headers


def test_managers_find_the_links_in_the_navigation(client_of: MakeClient) -> None:
    assert 'href="/open-links"' in client_of("manager").get("/answers").text
    assert 'href="/open-links"' not in client_of("agent", email="a@example.com").get("/answers").text
