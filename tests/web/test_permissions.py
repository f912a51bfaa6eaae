"""Every view says who may call it, and the door holds every visitor against that."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from feedbackhub.web.permission import ROLES, Access, Undeclared, access_of, assert_declared, outranks, permission
from tests.app_fixtures import MakeClient, StaffClient

SAMPLE = {
    "string": "A" * 12, "public": "A" * 12, "int": "1", "path": "css/feedbackhub.css", "default": "nothing-of-the-kind",
}  # fmt: skip


def calls(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every rule with every method that a visitor can call."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


def path_of(rule: Rule) -> str:
    """Fill a rule's variables in."""

    def value(found: re.Match[str]) -> str:
        kind, _, choices = (found[1] or "default").partition("(")
        return choices.partition(",")[0] if kind == "any" else SAMPLE.get(kind, SAMPLE["default"])

    return re.sub(r"<(?:([^:<>]+):)?[^<>]+>", value, rule.rule)


def is_sign_in(answer: TestResponse) -> bool:
    """Tell whether the visitor was led to the sign-in page."""
    return answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")


def access(app: Flask, rule: Rule) -> Access:
    """Return what a rule's view declares."""
    found = access_of(app.view_functions[rule.endpoint])
    assert found is not None
    return found


def test_every_view_declares_its_permission(app: Flask) -> None:
    rules = app.url_map.iter_rules()
    assert [rule.rule for rule in rules if access_of(app.view_functions[rule.endpoint]) is None] == []


#: What bundled plugins open to more people than managers; another entry is a decision, never a slip.
OPEN_PAGES = {
    ("/x/<plugin>/static/<path:filename>", "public"),
    ("/x/digest/stop/<token>", "unseen"),
    ("/x/recovery/", "agent"),
    ("/x/recovery/ask-again/<case>", "agent"),
    ("/x/recovery/cases/<id>", "agent"),
    ("/x/recovery/letters", "agent"),
    ("/x/recovery/letters/<id>", "agent"),
    ("/x/recovery/letters/<id>/discard", "agent"),
    ("/x/recovery/letters/<id>/not-received", "agent"),
    ("/x/recovery/letters/<id>/take-back", "agent"),
    ("/x/recovery/letters/new/<case>", "agent"),
    ("/x/recovery/open/<response>", "agent"),
}


def test_pages_of_plugins_are_the_managers_but_for_these(app: Flask) -> None:
    found = {(rule.rule, access(app, rule).name) for rule in app.url_map.iter_rules() if rule.rule.startswith("/x/")}
    assert {each for each in found if not outranks(each[1], "manager")} == OPEN_PAGES


def test_an_undeclared_view_stops_the_start() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(Undeclared) as caught:
        assert_declared(app)
    assert caught.value.endpoints == ["open"]


def test_an_undeclared_view_that_slips_in_later_is_closed(app: Flask) -> None:
    app.add_url_rule("/late", "late", lambda: "open to all")
    assert app.test_client().get("/late").status_code == 403


@pytest.mark.parametrize("name", ["", "everybody", "scope:", "Admin", "agent "])
def test_an_unknown_permission_is_refused_where_it_is_declared(name: str) -> None:
    with pytest.raises(ValueError, match="there is no permission"):
        permission(name)


def test_a_role_includes_the_ones_before_it() -> None:
    held = {role: [other for other in ROLES if outranks(role, other)] for role in ("", "root", *ROLES)}
    assert held == {
        "": [], "root": [], "agent": ["agent"], "manager": ["agent", "manager"], "admin": ["agent", "manager", "admin"],
    }  # fmt: skip


def test_strangers_reach_no_page_of_the_staff(app: Flask) -> None:
    reached = []
    for rule, method in calls(app):
        if access(app, rule).role:
            answer = app.test_client().open(path_of(rule), method=method)
            if not is_sign_in(answer):
                reached.append((method, rule.rule, answer.status_code))
    assert reached == []


def test_a_call_without_a_key_reaches_nothing_of_the_api(app: Flask, admin_client: StaffClient) -> None:
    reached = []
    for rule, method in calls(app):
        if access(app, rule).scope:
            status = admin_client.open(path_of(rule), method=method).status_code
            if status != 401:
                reached.append((method, rule.rule, status))
    assert reached == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_refused_exactly_what_needs_a_higher_one(app: Flask, client_of: MakeClient, role: str) -> None:
    visitor, wrong = client_of(role), []
    for rule, method in calls(app):
        needed = access(app, rule).role
        if needed:
            # Without the CSRF token a form that the role may send is answered by 400: nothing is changed here.
            status = visitor.open(path_of(rule), method=method).status_code
            if (status == 403) is outranks(role, needed):
                wrong.append((method, rule.rule, status))
    assert wrong == []


def test_every_form_of_the_staff_needs_the_token(app: Flask, admin_client: StaffClient) -> None:
    taken = []
    for rule, method in calls(app):
        if access(app, rule).uses_cookies and method not in ("GET", "HEAD"):
            status = admin_client.open(path_of(rule), method=method).status_code
            if status not in (400, 429):
                taken.append((method, rule.rule, status))
    assert taken == []


def test_a_form_that_another_site_sends_is_refused_even_with_the_token(admin_client: StaffClient) -> None:
    headers = {"X-CSRFToken": admin_client.csrf(), "Sec-Fetch-Site": "cross-site"}
    assert admin_client.post("/account/language", data={"language": ""}, headers=headers).status_code == 400


def test_a_token_of_another_session_is_refused(client_of: MakeClient) -> None:
    with (victim := client_of("admin")).session_transaction() as session:
        session["csrf_token"] = "0" * 40
    foreign = client_of("agent").csrf()
    answer = victim.post("/account/language", data={"language": "", "csrf_token": foreign})
    assert answer.status_code == 400


def test_reading_pages_change_nothing_whatever_the_query_says(app: Flask) -> None:
    getters = {rule.endpoint for rule, method in calls(app) if method == "GET"}
    writers = {rule.endpoint for rule, method in calls(app) if method != "GET" and access(app, rule).role}
    shared = sorted(name for name in getters & writers if not name.startswith("x."))
    assert shared == []


def test_pages_behind_a_link_set_no_cookie_even_for_staff(app: Flask, admin_client: StaffClient) -> None:
    setting = []
    for rule, method in calls(app):
        if access(app, rule).name in ("link", "card"):
            answer = admin_client.open(path_of(rule), method=method)
            if "Set-Cookie" in answer.headers:
                setting.append((method, rule.rule))
    assert setting == []
