"""Staff change themes on a page and by API; every change can be taken back, and two people do not undo each other."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from feedbackhub import Conflict, NotFound
from feedbackhub.loop.core import Core
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub_plugins.causes.book import Book
from feedbackhub_plugins.causes.themes import SHIPPED, Theme, shipped
from tests.app_fixtures import StaffClient

OWN = Theme("", "Smell", {"en": ("smell*",), "es": ("olor",)})
THEMES = "/x/causes/themes"


@pytest.fixture
def book(core: Core) -> Book:
    """The themes of an instance."""
    (hub,) = (each._hub for each in core.analyst.all() if each.name == "themes")  # type: ignore[attr-defined]
    return Book(hub)


def test_changes_hold_and_are_taken_back_one_by_one(book: Book) -> None:
    assert (book.now().number, book.now().themes) == (0, shipped())
    made = book.add(OWN)
    assert book.now().one(made.key) == replace(OWN, key=made.key)
    book.switch("price", False)
    book.change(replace(made, title="Odour"))
    book.remove("refund")
    assert [each.what for each in [book.now()]] == ["removed"]
    assert {each.key for each in book.now().themes} == {*SHIPPED, made.key} - {"refund"}
    book.restore()
    assert [book.now().one(key) for key in SHIPPED] == list(shipped())
    assert book.now().one(made.key).title == "Odour"
    assert [book.undo().what for _ in range(5)] == ["removed", "changed", "switched", "added", ""]
    assert book.now().themes == shipped()
    with pytest.raises(NotFound):
        book.undo()


def test_one_shipped_theme_is_restored_alone_and_who_saw_an_older_edition_is_told(book: Book) -> None:
    seen = book.now()
    book.switch("price", False)
    book.switch("refund", False)
    book.restore("price")
    assert (book.now().one("price").is_on, book.now().one("refund").is_on) == (True, False)
    with pytest.raises(NotFound):
        book.restore("weather")
    with pytest.raises(Conflict):
        book.change(replace(seen.one("refund"), title="Money back"), seen.number)
    with pytest.raises(NotFound):
        book.change(Theme("gone", "Gone", {"en": ("gone",)}))


def test_only_the_newest_editions_are_kept(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedbackhub_plugins.causes.book.KEPT", 3)
    for at in range(6):
        book.switch("price", at % 2 == 1)
    assert [book.undo().number for _ in range(2)] == [5, 4]
    with pytest.raises(NotFound):
        book.undo()
    assert book.now().number == 4


def test_managers_change_themes_on_a_page(manager_client: StaffClient, book: Book) -> None:
    page = manager_client.get(THEMES)
    assert page.status_code == 200
    assert "Late or missing delivery" in page.text
    made = {"title": "Smell", "words-en": "smell*, stink*\nodour", "more": "es: olor*"}
    assert manager_client.submit(f"{THEMES}/new", made).status_code == 303
    (own,) = (each for each in book.now().themes if each.key not in SHIPPED)
    assert own.patterns == {"en": ("smell*", "stink*", "odour"), "es": ("olor*",)}
    tried = manager_client.submit(f"{THEMES}/try", {"text": "<b>It STINKS</b>"})
    assert "&lt;b&gt;It STINKS&lt;/b&gt;" in tried.text
    assert "<bdi>Smell</bdi></li>" in tried.text
    manager_client.submit(f"{THEMES}/{own.key}/off")
    assert not book.now().one(own.key).is_on
    assert "None of the themes." in manager_client.submit(f"{THEMES}/try", {"text": "It stinks"}).text
    manager_client.submit(f"{THEMES}/undo")
    assert book.now().one(own.key).is_on
    manager_client.submit(f"{THEMES}/{own.key}/remove")
    assert manager_client.get(f"{THEMES}/{own.key}").status_code == 404
    manager_client.submit(f"{THEMES}/price/restore")
    manager_client.submit(f"{THEMES}/restore")
    assert book.now().what == "restored"


def test_mistakes_on_the_page_are_said_beside_their_fields(manager_client: StaffClient, book: Book) -> None:
    wrong = {"title": "price", "words-en": "late\na*", "more": "klingon!: x"}
    answer = manager_client.submit(f"{THEMES}/new", wrong)
    assert answer.status_code == 422
    assert "is the name of another theme" in answer.text
    assert "a*: needs at least two letters before *" in answer.text
    assert "languages are named as in en or pt-br" in answer.text
    assert ">\nlate\na*</textarea>" in answer.text
    # A shipped name stays one, to be shown in everybody's language, when only words change.
    assert manager_client.submit(f"{THEMES}/refund", {"title": "Refund", "words-en": "refund*"}).status_code == 303
    assert book.now().one("refund") == Theme("refund", "Refund", {"en": ("refund*",)})
    assert book.now().one("refund").keeps_title
    stale = {"title": "Refund", "words-en": "refund*", "number": "1"}
    book.switch("price", False)
    late = manager_client.submit(f"{THEMES}/refund", stale)
    assert (late.status_code, "Look at them again" in late.text) == (422, True)
    assert book.now().one("refund").title == "Refund"


def test_agents_and_strangers_do_not_see_them(agent_client: StaffClient) -> None:
    assert agent_client.get(THEMES).status_code == 403
    assert agent_client.submit(f"{THEMES}/restore").status_code == 403


def test_the_api_does_all_of_it(core: Core, client: FlaskClient, book: Book) -> None:
    scopes = ("x:causes:read", "x:causes:write")
    _, key = create_key(core.store, core.clock, "k", scopes, "t", scopes_of(core.plugins))
    _, reading = create_key(core.store, core.clock, "r", scopes[:1], "t", scopes_of(core.plugins))

    def call(method: str, path: str = "", body: Any = None, status: int = 200, by: str = key) -> Any:
        headers = {"Authorization": f"Bearer {by}"}
        answer = client.open(f"/api/v1/x/causes{path}", method=method, json=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    assert call("GET", "/themes", by=reading)["edition"] == 0
    made = call("POST", "/themes", body={"title": "Smell", "words": {"en": ["smell*"]}}, status=201)
    assert call("POST", "/try", {"text": "Smelly refund"}, by=reading) == {"themes": sorted([made["key"], "refund"])}
    changed = call("PUT", f"/themes/{made['key']}", {"title": "Odour", "words": {"en": ["odour"]}, "on": False})
    assert changed == {"key": made["key"], "title": "Odour", "words": {"en": ["odour"]}, "on": False}
    assert call("GET", f"/themes/{made['key']}") == changed
    call("DELETE", f"/themes/{made['key']}", status=204)
    call("DELETE", f"/themes/{made['key']}", status=404)
    assert call("POST", "/undo")["edition"] == 2
    assert call("POST", "/restore")["edition"] == 3
    refused = call("POST", "/themes", body={"title": "", "words": {"en": ["*"]}}, status=422)
    assert {each["field"]: each["reason"] for each in refused["errors"]} == {
        "title": "must not be empty", "words.en": "*: needs at least two letters before *",
    }  # fmt: skip
    refused = call("POST", "/themes", {"title": "Smell", "words": {"EN": []}, "on": 1}, status=422)
    assert [each["field"] for each in refused["errors"]] == ["on"]
    refused = call("POST", "/themes", {"title": "Smell", "words": {"EN": []}}, status=422)
    assert {each["field"] for each in refused["errors"]} == {"words"}
    call("POST", "/undo", status=403, by=reading)
