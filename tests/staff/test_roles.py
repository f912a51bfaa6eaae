"""Who may open and do what, and that no text of outsiders becomes markup anywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from feedbackhub import PermanentFailure
from feedbackhub.loop.gestures import GestureNote, record_gesture
from tests.app_fixtures import MakeClient, StaffClient
from tests.staff.conftest import CANARY, ESCAPED, World

PAGES = {
    "/answers": "agent",
    "/contacts": "manager",
    "/deliveries": "manager",
    "/deliveries/returned": "manager",
    "/suppressions": "manager",
    "/surveys": "manager",
    "/surveys/nps": "manager",
    "/surveys/nps/preview": "manager",
    "/surveys/nps/edit": "admin",
    "/surveys/-/new": "admin",
}
DEEDS = {
    "/answers/judge": "manager",
    "/answers/undo": "manager",
    "/deliveries/retry": "manager",
    "/deliveries/cancel": "manager",
    "/suppressions/add": "manager",
    "/suppressions/lift": "manager",
    "/suppressions/abcdefghijkl/lift": "manager",
    "/surveys/-/check": "admin",
    "/surveys/-/preview": "admin",
    "/surveys/-/publish": "admin",
}
ROLES = ("agent", "manager", "admin")


def test_strangers_are_led_to_the_sign_in(client: FlaskClient) -> None:
    for path in PAGES:
        assert client.get(path).headers["Location"].startswith("/sign-in"), path
    for path in DEEDS:
        assert client.post(path).status_code in (303, 400), path


@pytest.mark.parametrize("role", ROLES)
def test_each_page_opens_to_its_role_and_those_above(client_of: MakeClient, role: str) -> None:
    browser = client_of(role)
    for path, needed in PAGES.items():
        allowed = ROLES.index(role) >= ROLES.index(needed)
        assert browser.get(path).status_code == (200 if allowed else 403), path
    for path, needed in DEEDS.items():
        allowed = ROLES.index(role) >= ROLES.index(needed)
        assert (browser.submit(path).status_code != 403) == allowed, path


def test_no_deed_is_done_without_the_form_s_token(admin_client: StaffClient) -> None:
    for path in DEEDS:
        assert admin_client.post(path).status_code == 400, path


def test_texts_of_outsiders_are_escaped_on_every_page(
    world: World, admin_client: StaffClient, refused: PermanentFailure
) -> None:
    recorded = world.asked(1, hostile=True)
    suspect = world.answer(world.asked(2, hostile=True), machine=True, satisfaction="1")
    given = world.answer(recorded, satisfaction="1", comment=CANARY, call_back="yes")
    world.post.failure = PermanentFailure(CANARY)
    world.asked(3, hostile=True)
    assert recorded.contact.customer is not None
    made = GestureNote("compensation", recorded.contact.customer, "Bo", value=CANARY, note=CANARY)
    record_gesture(world.core, replace(made, response=given.response))
    note = CANARY.replace("\u202e", "")
    admin_client.submit("/suppressions/add", {"kind": "email", "address": "a@example.org", "note": note})
    world.clock.move(timedelta(minutes=1))
    paths = (
        "/contacts", f"/contacts/{recorded.contact.id}", "/answers", "/answers?state=suspect",
        f"/answers/{given.response}", f"/answers/{suspect.response}", "/deliveries", "/deliveries?state=failed",
        "/suppressions",
    )  # fmt: skip
    for path in paths:
        html = admin_client.get(path).text
        assert "<img src=x" not in html, path
        assert ESCAPED in html, path


@pytest.mark.parametrize("query", [
    "after=' OR 1=1--", "before=%00", "from=%F0%9F%98%80", "state[]=x", "_external=1&after=abcdefghijkl",
    "team=%3Cscript%3E", "decision=rule:", "channel=" + "x" * 5000, "after=AAAAAAAAAAAA&before=BBBBBBBBBBBB",
])  # fmt: skip
def test_odd_addresses_are_answered_with_a_page(admin_client: StaffClient, query: str) -> None:
    for path in ("/contacts", "/answers", "/deliveries", "/deliveries/returned", "/suppressions", "/surveys/nps"):
        answer = admin_client.get(f"{path}?{query}")
        # What a list of answers cannot be filtered by is said on its page instead of passed over.
        expected = 422 if path == "/answers" and query.startswith("from=") else 200
        assert (answer.status_code, "<script>" in answer.text) == (expected, False), path


def test_the_lists_speak_indonesian(admin_client: StaffClient) -> None:
    html = admin_client.get("/contacts", headers={"Accept-Language": "id"}).text
    assert '<html lang="id"' in html
