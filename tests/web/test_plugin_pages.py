"""Pages of plugins: mounted with their permission, inside the shell, contained when they fail."""

import logging
import re

import jinja2
import pytest
from flask import Flask

from feedbackhub.contract.errors import NotFound
from feedbackhub.contract.screens import Page, PageRequest, PageResult
from feedbackhub.loop.core import Core
from feedbackhub.machinery.plugin_objects import Brought
from feedbackhub.machinery.plugins import Plugins
from tests.app_fixtures import MakeClient, StaffClient

SEEN: list[PageRequest] = []


def listing(request: PageRequest) -> PageResult:
    """Show what was asked."""
    SEEN.append(request)
    return PageResult("list.html", {"word": "<Zebra>"})


def failing(request: PageRequest) -> PageResult:
    """Fail as authors' code does."""
    raise KeyError("secret of the plugin")


def missing(request: PageRequest) -> PageResult:
    """Say that there is nothing."""
    raise NotFound("no such mail")


PAGES = (
    Page("", "Zoo", "agent", listing),
    Page("animals/<name>", "", "manager", listing, ("GET", "POST")),
    Page("keepers", "Keepers", "agent", listing),
    Page("owners", "Owners", "manager", listing),
    Page("unlisted", "", "agent", listing),
    Page("fails", "", "agent", failing),
    Page("missing", "", "agent", missing),
    Page("broken", "", "agent", lambda request: PageResult("broken.html")),
    Page("raw", "", "agent", lambda request: PageResult(body=b"<p style='color:red'>raw</p>")),
    Page("goes", "", "agent", lambda request: PageResult(redirect="animals/ape")),
    Page("away", "", "agent", lambda request: PageResult(redirect="/\\evil.example")),
)
TEMPLATES = {
    "list.html": '{% extends "staff/plugin_page.html" %}{% block content %}<p>{{ word }}</p>{% endblock %}',
    "broken.html": "{{ nothing.of.the.kind }}",
}


@pytest.fixture
def core(core: Core) -> Core:
    """An instance with one plugin that has pages."""
    SEEN.clear()
    brought = {"zoo": Brought({"feedbackhub_pages": PAGES})}
    zoo = Plugins(brought=brought, template_loaders={"zoo": jinja2.DictLoader(TEMPLATES)})
    return Core(**{**vars(core), "plugins": zoo})


def test_a_page_stands_in_the_shell_under_its_plugins_prefix(agent_client: StaffClient) -> None:
    text = agent_client.get("/x/zoo/").text
    parts = ("<p>&lt;Zebra&gt;</p>", "<h1>Zoo</h1>", '<a href="/x/zoo/" aria-current="page"')
    assert [part for part in parts if part not in text] == []


def test_a_view_is_told_path_query_form_language_and_person(manager_client: StaffClient) -> None:
    manager_client.submit("/x/zoo/animals/ape?a=1", {"b": "2", "csrf_token": manager_client.csrf()})
    assert [(each.path, each.query, each.form) for each in SEEN] == [({"name": "ape"}, {"a": "1"}, {"b": "2"})]
    assert [(each.language, each.user, each.role) for each in SEEN] == [("en", "manager@example.com", "manager")]


def test_the_declared_permission_and_the_token_hold(app: Flask, client_of: MakeClient) -> None:
    agent, manager = client_of("agent"), client_of("manager")
    assert app.test_client().get("/x/zoo/").status_code == 303
    assert agent.get("/x/zoo/animals/ape").status_code == 403
    assert manager.post("/x/zoo/animals/ape").status_code == 400
    assert SEEN == []


def test_pages_with_variables_are_not_in_the_navigation(agent_client: StaffClient) -> None:
    text = agent_client.get("/x/zoo/").text
    assert re.findall(r'href="/x/zoo/([^"]*)"', text) == ["", "keepers"]


def test_further_pages_of_a_plugin_are_listed_while_one_of_its_pages_is_open(agent_client: StaffClient) -> None:
    def lines(path: str) -> list[tuple[str, str]]:
        menu = agent_client.get(path).text.partition("</nav>")[0]
        return re.findall(r'<a href="/x/zoo/([^"]*)"( aria-current="page")?', menu)

    here = ' aria-current="page"'
    assert lines("/contacts") == [("", "")]
    assert lines("/x/zoo/") == [("", here), ("keepers", "")]
    assert lines("/x/zoo/keepers") == [("", ""), ("keepers", here)]
    assert lines("/x/zoo/unlisted") == [("", here), ("keepers", "")]


@pytest.mark.parametrize("path", ["fails", "broken"])
def test_a_failing_page_names_its_plugin_and_hides_the_inside(
    agent_client: StaffClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR, "feedbackhub.web"):
        answer = agent_client.get(f"/x/zoo/{path}")
    assert (answer.status_code, "“zoo”" in answer.text, "secret of" in answer.text) == (502, True, False)
    said = [record.getMessage() for record in caplog.records]
    assert [text.partition(": ")[0] for text in said] == [f"plugin zoo failed at /x/zoo/{path}"]
    assert "secret of" not in said[0]


def test_not_found_is_no_failure(agent_client: StaffClient) -> None:
    assert agent_client.get("/x/zoo/missing").status_code == 404


def test_a_raw_document_is_confined_to_a_sandbox(agent_client: StaffClient) -> None:
    answer = agent_client.get("/x/zoo/raw")
    policy = answer.headers["Content-Security-Policy"]
    assert (answer.data, answer.headers["X-Frame-Options"]) == (b"<p style='color:red'>raw</p>", "SAMEORIGIN")
    assert policy.startswith("sandbox allow-popups")
    assert ("allow-scripts" in policy, "frame-ancestors 'self'" in policy) == (False, True)


def test_a_redirect_stays_below_the_plugins_prefix(agent_client: StaffClient) -> None:
    assert agent_client.get("/x/zoo/goes").headers["Location"] == "/x/zoo/animals/ape"
    assert agent_client.get("/x/zoo/away").headers["Location"] == "/x/zoo/"
    assert agent_client.get("/x/zoo").headers["Location"] == "/x/zoo/"


def test_a_plugin_page_is_contained_while_others_answer(agent_client: StaffClient) -> None:
    assert [agent_client.get(path).status_code for path in ("/x/zoo/fails", "/x/zoo/", "/account")] == [502, 200, 200]


