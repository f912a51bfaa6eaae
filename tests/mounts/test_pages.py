"""Pages of plugins in every way that the contract has: strangers, files, streams, notices, own words and files."""

import io
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedbackhub import NotGenuine, Page, PageRequest, PageResult, TemporaryFailure, Upload
from feedbackhub.loop.core import Core
from feedbackhub.machinery.settings import Settings
from tests.app_fixtures import StaffClient
from tests.mounts.conftest import Package, plugin
from tests.web.conftest import databases

__all__ = ["databases"]

SEEN: list[PageRequest] = []
FILES = {
    "templates/own.html": '{% extends "shell.html" %}'
    '{% block content %}<b>{{ t("Ape") }} {{ _("Menu") }}</b>{% endblock %}',
    "templates/shell.html": '{% extends "staff/plugin_page.html" %}'
    '{% block staff_head %}<link rel="stylesheet" href="{{ static(\'zoo.css\') }}">{% endblock %}',
    "templates/open.html": '{% extends "public/plugin_page.html" %}{% block content %}<p>{{ word }}</p>{% endblock %}',
    "templates/thief.html": '{% extends "x/ark/secret.html" %}',
    "templates/core.html": '{% include "staff/users.html" %}',
    "templates/staff/plugin_page.html": "a shadow",
    "templates/endless.html": "{% for one in slow %}{% endfor %}",
    "templates/lost.html": "{{ static('lost.css') }}",
    "static/zoo.css": "b { color: green }",
    "static/deep/ape.svg": "<svg/>",
}


def noting(result: PageResult) -> Any:
    """Return a view that notes its request."""

    def view(request: PageRequest) -> PageResult:
        SEEN.append(request)
        return result

    return view


def pieces(*of: object, error: Exception | None = None) -> Any:
    """Return a view that answers piece by piece."""

    def stream() -> Iterator[Any]:
        yield from of
        if error:
            raise error

    return lambda request: PageResult(body=stream(), media_type="text/csv", filename="naïve \"x\".csv")


def raising(error: BaseException) -> Any:
    """Return a view that fails."""

    def view(request: PageRequest) -> PageResult:
        raise error

    return view


def slow() -> Iterator[int]:
    """Take longer than anybody waits."""
    time.sleep(0.4)
    yield 1


PAGES = [
    Page("", "Ape", "agent", noting(PageResult("own.html"))),
    Page("open", "", "public", noting(PageResult("open.html", {"word": "<b>", "domain": "x"})), ("GET", "POST")),
    Page("send", "", "agent", noting(PageResult(redirect="/", notice="Sent <b>.")), ("POST",)),
    Page("thief", "", "agent", lambda request: PageResult("thief.html")),
    Page("core", "", "agent", lambda request: PageResult("core.html")),
    Page("lost", "", "agent", lambda request: PageResult("lost.html")),
    Page("endless", "", "agent", lambda request: PageResult("endless.html", {"slow": slow()})),
    Page("none", "", "agent", lambda request: None),  # type: ignore[arg-type,return-value]
    Page("text", "", "agent", lambda request: PageResult(body="text")),  # type: ignore[arg-type]
    Page("split", "", "agent", lambda request: PageResult(media_type="text/html\r\nSet-Cookie: a=b")),
    Page("exit", "", "agent", raising(SystemExit(1))),
    Page("peer", "", "agent", raising(TemporaryFailure("the peer said no"))),
    Page("forged", "", "public", raising(NotGenuine("not from where it says"))),
    Page("publicly", "", "public", raising(KeyError("x"))),
    Page("rows", "", "agent", pieces(b"a,b\n", b"1,2\n")),
    Page("at-once", "", "agent", pieces(error=ValueError())),
    Page("odd", "", "agent", pieces("text")),
    Page("later", "", "agent", pieces(b"a,b\n", error=ValueError())),
]


@pytest.fixture
def modules(package: Package) -> dict[str, Any]:
    """A zoo, and an ark with a template of its own."""
    SEEN.clear()
    zoo = package("zoo", FILES, id={"Ape": "Kera"})
    (zoo / "static/away.txt").symlink_to("/etc/hostname")
    ark = package("ark", {"templates/secret.html": "secret", "static/ark.css": ""})
    return {"zoo": plugin(zoo, pages=PAGES), "ark": plugin(ark, pages=[])}


def test_a_template_speaks_the_plugin_s_words_and_the_core_s(agent_client: StaffClient) -> None:
    english = agent_client.get("/x/zoo/").text
    indonesian = agent_client.get("/x/zoo/", headers={"Accept-Language": "id"}).text
    assert ("<b>Ape Menu</b>" in english, "<b>Kera Menu</b>" in indonesian) == (True, True)
    assert ("<h1>Kera</h1>" in indonesian, "<span>Kera</span>" in indonesian) == (True, True)


def test_a_plugin_cannot_shadow_the_core_nor_reach_into_others(agent_client: StaffClient) -> None:
    assert "a shadow" not in agent_client.get("/x/zoo/").text
    assert [agent_client.get(f"/x/zoo/{name}").status_code for name in ("thief", "core")] == [502, 502]


def test_static_files_are_kept_by_browsers_under_the_address_of_their_content(
    agent_client: StaffClient, client: FlaskClient
) -> None:
    page = agent_client.get("/x/zoo/").text
    address = page.partition('href="/x/zoo/static/zoo.css?v=')[2][:8]
    answer = client.get(f"/x/zoo/static/zoo.css?v={address}")
    assert (answer.text, answer.headers["Cache-Control"]) == (
        FILES["static/zoo.css"], "public, max-age=31536000, immutable",
    )  # fmt: skip
    assert answer.content_type == "text/css; charset=utf-8"
    again = client.get("/x/zoo/static/zoo.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, "Set-Cookie" in answer.headers) == (304, False)
    assert client.get("/x/zoo/static/deep/ape.svg").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    "path",
    ["zoo/static/away.txt", "zoo/static/../templates/own.html", "zoo/static/%2e%2e/templates/own.html",
     "zoo/static//etc/hostname", "zoo/static/ark.css", "ark/static/zoo.css", "none/static/zoo.css", "zoo/static/"],
)  # fmt: skip
def test_nothing_else_can_be_asked_for(client: FlaskClient, path: str) -> None:
    assert client.get(f"/x/{path}").status_code == 404


def test_a_public_page_knows_nobody_and_needs_no_cookie(agent_client: StaffClient, client: FlaskClient) -> None:
    answer = client.post("/x/zoo/open?a=1&a=2", data={"b": ["3", "4"], "c": "5", "csrf_token": "x"})
    assert (answer.status_code, "<p>&lt;b&gt;</p>" in answer.text) == (200, True)
    assert "Set-Cookie" not in answer.headers
    signed_in = agent_client.get("/x/zoo/open")
    assert (signed_in.status_code, "Set-Cookie" in signed_in.headers) == (200, False)
    assert [(each.user, each.role) for each in SEEN] == [("", ""), ("", "")]
    assert (SEEN[0].query, SEEN[0].form) == ({"a": "1"}, {"b": "3", "c": "5"})
    assert SEEN[0].lists == {"a": ("1", "2"), "b": ("3", "4")}


def test_credentials_stay_with_the_core(client: FlaskClient) -> None:
    sent = {"Authorization": "Bearer x", "Cookie": "a=b", "X-CSRFToken": "y", "X-Signature": "good"}
    client.post("/x/zoo/open", headers=sent)
    kept = {name: value for name, value in SEEN[0].headers.items() if name in {each.lower() for each in sent}}
    assert kept == {"x-signature": "good"}


def test_files_of_a_form_reach_the_view(agent_client: StaffClient) -> None:
    agent_client.submit("/x/zoo/send", {"list": (io.BytesIO(b"a,b"), "../names.csv"), "d": "6"})
    assert (SEEN[0].files, SEEN[0].form) == ({"list": Upload("names.csv", b"a,b")}, {"d": "6"})


def test_a_notice_is_shown_once_on_the_next_page(agent_client: StaffClient) -> None:
    assert agent_client.submit("/x/zoo/send").headers["Location"] == "/x/zoo/"
    shown = [agent_client.get("/x/zoo/").text.count("Sent &lt;b&gt;.") for _ in range(2)]
    assert shown == [1, 0]


def test_a_form_of_staff_needs_the_token(agent_client: StaffClient) -> None:
    assert (agent_client.post("/x/zoo/send").status_code, SEEN) == (400, [])


def test_a_body_comes_piece_by_piece_and_is_offered_for_saving(agent_client: StaffClient) -> None:
    answer = agent_client.get("/x/zoo/rows")
    assert (answer.text, answer.content_type) == ("a,b\n1,2\n", "text/csv")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    "path", ["lost", "none", "text", "split", "exit", "peer", "at-once", "odd", "publicly"]
)
def test_whatever_an_author_does_the_page_says_so(agent_client: StaffClient, path: str) -> None:
    answer = agent_client.get(f"/x/zoo/{path}")
    assert (answer.status_code, answer.content_type) == (502, "text/html; charset=utf-8")
    assert agent_client.get("/x/zoo/").status_code == 200


def test_strangers_hear_nothing_of_plugins(client: FlaskClient, core: Core) -> None:
    answer = client.get("/x/zoo/publicly")
    assert (answer.status_code, "zoo" in answer.text, "Set-Cookie" in answer.headers) == (502, False, False)
    assert [(ran.plugin, ran.what, ran.outcome) for ran in core.containment.trace("zoo")] == [
        ("zoo", "page publicly", "raised")
    ]


def test_a_view_may_say_that_a_request_is_not_genuine(client: FlaskClient) -> None:
    assert client.get("/x/zoo/forged").status_code == 403


def test_a_body_that_breaks_later_is_broken_off(agent_client: StaffClient) -> None:
    with pytest.raises(Exception, match="plugin zoo: page later"):
        assert agent_client.get("/x/zoo/later").data


def test_a_template_has_as_much_time_as_a_view(
    agent_client: StaffClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedbackhub.machinery.containment.LIMITS", {"page": 0.1})
    answer = agent_client.get("/x/zoo/endless")
    assert (answer.status_code, "“zoo”" in answer.text) == (502, True)


class TestOften:
    """Public pages are limited by address."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Allow two calls a minute."""
        return Settings.model_validate({**settings.model_dump(exclude={"web"}), "web": {"survey_limit": "2/minute"}})

    def test_a_stranger_who_calls_too_often_is_refused(self, app: Flask) -> None:
        assert [app.test_client().get("/x/zoo/open").status_code for _ in range(3)] == [200, 200, 429]
