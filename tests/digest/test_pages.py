"""Digests in the staff area, by the API, and the public page on which readers end them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub.testing import Instance
from feedbackhub_plugins.digest.tables import recipient
from feedbackhub_plugins.digest.tokens import token_of
from tests.app_fixtures import MakeClient, StaffClient
from tests.digest.conftest import Here, Told, numbers
from tests.plugin_data.guests import Guest

HERE, DAY = "/x/digest/", timedelta(days=1)
TITLE = "Shipping <script>alert(1)</script>"
FORM: dict[str, Any] = {
    "title": TITLE, "recipients": "ann@acme.example\nBob <bob@acme.example>", "language": "en", "every": "daily",
    "weekday": "0", "hour": "8", "days": "7", "reports": ["moved", "same"], "quotes": "yes", "filters.team": "Billing",
}  # fmt: skip


@pytest.fixture
def core(here: Here) -> Core:
    """The application is that of the instance."""
    return here.core


@pytest.fixture
def boss(client_of: MakeClient) -> StaffClient:
    """A manager's browser."""
    return client_of("manager", email="boss@acme.example")


class Sends:
    """A browser that sends forms as the page offers them."""

    def __init__(self, browser: FlaskClient) -> None:
        self.browser = browser

    def submit(self, path: str, data: dict[str, Any]) -> TestResponse:
        """Send a form with its token."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.browser.get(path).text)
        assert token is not None
        return self.browser.post(path, data={**data, "csrf_token": token[1]})


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sends]:
    """A manager's browser at an instance without mails, which is enough for forms."""
    names = ("moved", "same")
    guest = Guest("telling", analyses=lambda hub: [Told(name, numbers(name, 1.0, None)) for name in names])
    off = {"plugins_disabled": ("causes", "nps", "satisfaction")}
    instance = Instance(tmp_path_factory.mktemp("forms"), {"telling": guest}, settings=off)
    yield Sends(instance.browser("manager"))
    instance.close()


def made_by(boss: StaffClient, **changes: Any) -> str:
    """Make a digest by its form, and return where that leads."""
    answer = boss.submit(f"{HERE}new", {**FORM, **changes})
    assert answer.status_code in (302, 303), answer.text
    return str(answer.location)


def test_a_digest_is_made_looked_at_tried_paused_deleted_and_brought_back(here: Here, boss: StaffClient) -> None:
    there = made_by(boss)
    [found] = here.service.book.all()
    assert there == f"{HERE}digests/{found.id}"
    assert (found.title, found.days, found.filters, found.reports, found.quotes, found.charts) == (
        TITLE, 7, {"team": "Billing"}, ("moved", "same"), True, False,
    )  # fmt: skip
    page = boss.get(there).text
    assert "<script>alert(1)" not in page and "Shipping &lt;script&gt;" in page
    shown = str(boss.submit(f"{there}/preview").location)
    assert "The mail is being made" in boss.get(shown).text
    here.run()
    page = boss.get(shown).text
    assert "What changed" in page and "The mail is being made" not in page
    mail = boss.get(f"{shown}/mail")
    assert "sandbox" in mail.headers["Content-Security-Policy"]
    assert "Higher than in the days before by 12 (3 to 21)" in mail.text
    boss.submit(f"{there}/test")
    here.run()
    assert here.receivers == ["boss@acme.example"]
    assert here.mails[0]["List-Unsubscribe"] is None
    boss.submit(f"{there}/off")
    assert "Paused" in boss.get(HERE).text
    boss.submit(f"{there}/on")
    assert str(boss.submit(f"{there}/delete").location) == HERE
    assert boss.get(there).status_code == 404
    assert "Bring it back" in boss.get(HERE).text
    boss.submit(f"{there}/restore")
    assert boss.get(there).status_code == 200


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"recipients": "ann@acme.example\nnobody"}, "Line 2 is not a valid e-mail address."),
    ({"recipients": ""}, "Name at least one address."),
    ({"title": ""}, "must be a line of at most 80 characters"),
    ({"title": "a\r\nBcc: x@y.example"}, "must be a line of at most 80 characters"),
    ({"hour": "25"}, "must be an hour from 0 to 23"),
    ({"hour": "²"}, "must be an hour from 0 to 23"),
    ({"every": "hourly"}, "must be one of daily, weekly, monthly"),
    ({"language": "xx"}, "must be one of en, id, hi, ar"),
    ({"reports": []}, "choose at least one report"),
    ({"reports": ["nobody"]}, "there is no report nobody"),
    ({"filters.team": "x" * 201}, "must be a line of at most 200 characters"),
]


def test_wrong_input_is_named_beside_its_field(forms: Sends) -> None:
    for changes, words in WRONG:
        answer = forms.submit(f"{HERE}new", {**FORM, **changes})
        assert answer.status_code == 422, changes
        assert words in answer.text, changes
        assert answer.text.count('class="wrong"') == 1, changes


def test_only_managers_see_and_do_anything(here: Here, client: FlaskClient, client_of: MakeClient) -> None:
    found = here.digest()
    agent = client_of("agent")
    for path in ("", "new", f"digests/{found.id}", f"digests/{found.id}/edit"):
        assert agent.get(f"{HERE}{path}").status_code == 403
        assert client.get(f"{HERE}{path}").status_code in (302, 303)
    boss = client_of("manager")
    for deed in ("preview", "test", "on", "off", "delete", "restore"):
        assert agent.submit(f"{HERE}digests/{found.id}/{deed}").status_code == 403
        assert boss.post(f"{HERE}digests/{found.id}/{deed}").status_code == 400
        assert boss.get(f"{HERE}digests/{found.id}/{deed}").status_code == 405
    assert here.service.book.get(found.id) == found


def test_looking_ends_nothing_and_one_click_ends_it_until_they_come_back(
    here: Here, client: FlaskClient, client_of: MakeClient
) -> None:
    found = here.digest(title=TITLE)
    ann = here.service.recipients.of(found.id)[0]
    here.run(DAY)
    field = str(here.mails[here.receivers.index("ann@acme.example")]["List-Unsubscribe"])
    there = field.strip("<>").removeprefix(here.hub.public_url.rstrip("/"))
    assert there == f"{HERE}stop/{token_of(here.hub.secret, ann.id)}"
    assert "ann" not in there and "acme" not in there
    for look in (client.get, client.head, client.options):
        look(there)
        look(f"{there}?stop=yes&List-Unsubscribe=One-Click")
    page = client.get(there).text
    assert "Shall this mail come no more?" in page and "<script>alert" not in page
    assert here.service.recipients.of(found.id)[0] == ann
    answer = client.post(there, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "This mail comes no more." in answer.text) == (200, True)
    assert here.service.recipients.of(found.id)[0].stopped_at == here.clock.now()
    here.run(DAY)
    assert here.receivers.count("ann@acme.example") == 1
    assert "Ended it" in client_of("manager").get(f"{HERE}digests/{found.id}").text
    client.post(there, data={"again": "yes"})
    here.run(DAY)
    assert here.receivers.count("ann@acme.example") == 2


def test_who_ended_it_is_put_back_by_staff_only_with_a_reason(here: Here, boss: StaffClient) -> None:
    there = made_by(boss)
    [found] = here.service.book.all()
    ann, bob = here.service.recipients.of(found.id)
    here.service.recipients.stop(ann.id)
    # Taken off the list and put on it again, somebody who ended it has still ended it.
    boss.submit(f"{there}/edit", {**FORM, "recipients": bob.address})
    assert [each.address for each in here.service.recipients.of(found.id)] == [bob.address]
    boss.submit(f"{there}/edit", FORM)
    assert here.service.recipients.of(found.id)[0].stopped_at == here.clock.now()
    page = boss.submit(f"{there}/readers/{ann.id}/back", {"note": " "})
    assert (page.status_code, "Say why in a line" in page.text) == (422, True)
    assert boss.submit(f"{there}/readers/{bob.id}/back", {"note": "x"}).status_code == 404
    boss.submit(f"{there}/readers/{ann.id}/back", {"note": "asked <b>me</b>"})
    back = here.service.recipients.of(found.id)[0]
    assert (back.stopped_at, back.note) == (None, "asked <b>me</b>")
    assert "asked &lt;b&gt;me&lt;/b&gt;" in boss.get(there).text


def test_forged_and_old_addresses_end_nothing(here: Here, client: FlaskClient) -> None:
    found = here.digest()
    ann = here.service.recipients.of(found.id)[0]
    good = token_of(here.hub.secret, ann.id)
    altered = good[:-1] + ("A" if good[-1] != "A" else "B")
    for token in ("x", good[:-1], altered, "x" * 28, token_of(here.hub.secret, "x" * 12)):
        answer = client.post(f"{HERE}stop/{token}", data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, "This address ends no mail." in answer.text) == (404, True)
    assert "This is where the mail is ended." in client.get(f"{HERE}stop/preview").text
    rows = here.hub.tables.read(select(recipient.c.stopped_at))
    assert [row["stopped_at"] for row in rows] == [None, None]


def test_the_api_makes_changes_pauses_and_deletes(here: Here, client: FlaskClient) -> None:
    keys = {"reads": ["x:digest:read"], "writes": ["x:digest:read", "x:digest:write"]}
    known = scopes_of(here.core.plugins)
    reads, writes = (
        {"Authorization": f"Bearer {create_key(here.core.store, here.clock, name, scopes, 'tests', known)[1]}"}
        for name, scopes in keys.items()
    )
    there = "/api/v1/x/digest/digests"
    body = {"title": "Web", "recipients": ["ann@acme.example"], "reports": ["moved"], "filters": {"team": "Web"}}
    assert client.post(there, json=body, headers=reads).status_code == 403
    made = client.post(there, json=body, headers=writes)
    assert (made.status_code, made.get_json()["filters"], made.get_json()["every"]) == (201, {"team": "Web"}, "weekly")
    wrong = client.post(there, json={**body, "recipients": ["x"], "hour": 30, "filters": {"shoe": "9"}}, headers=writes)
    assert (wrong.status_code, wrong.content_type) == (422, "application/problem+json")
    assert {"recipients", "hour", "filters"} == {each["field"] for each in wrong.get_json()["errors"]}
    wrong = client.post(there, json={**body, "hour": True, "days": "7", "quotes": 0, "weekday": 1.5}, headers=writes)
    assert {"hour", "days", "quotes", "weekday"} == {each["field"] for each in wrong.get_json()["errors"]}
    one = f"{there}/{made.get_json()['id']}"
    changed = client.patch(one, json={"on": False, "days": 30}, headers=writes).get_json()
    assert (changed["on"], changed["days"], changed["recipients"]) == (
        False, 30, [{"address": "ann@acme.example", "stopped_at": None, "note": ""}],
    )  # fmt: skip
    assert [each["id"] for each in client.get(there, headers=reads).get_json()["digests"]] == [made.get_json()["id"]]
    assert client.get(f"{one}/editions", headers=reads).get_json() == {"editions": []}
    assert client.delete(one, headers=writes).status_code == 204
    assert client.get(one, headers=reads).status_code == 404
    assert client.post(f"{one}/restore", headers=writes).get_json()["title"] == "Web"


def test_the_pages_say_what_stands_in_the_way_of_sending(forms: Sends, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "Nothing can be sent: the channel “email” is not set up."
    assert words in forms.browser.get(HERE).text
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    page = forms.browser.get(f"{HERE}new").text
    assert words in page
    assert "pip install &#39;feedbackhub[charts]&#39;" in page or "pip install 'feedbackhub[charts]'" in page
