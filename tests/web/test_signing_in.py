"""Signing in, staying in, being thrown out."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.users import User, change_role, find_user, invite_user, reset_user, revoke_user, set_password
from feedbackhub.web.redirects import local_path
from tests.app_fixtures import MakeClient, StaffClient

PASSWORD = "correct horse battery"


@pytest.fixture
def rosa(core: Core, clock: SetClock) -> User:
    """An administrator with a password."""
    user, secret = invite_user(core.store, clock, "rosa@example.com", "Rosa", "admin", "tests")
    set_password(core.store, clock, secret, PASSWORD)
    return user


@pytest.fixture
def browser(app: Flask) -> StaffClient:
    """A browser of a stranger that can fill our forms in."""
    return StaffClient(app, app.response_class, use_cookies=True)


def sign_in(browser: StaffClient, password: str = PASSWORD, email: str = "rosa@example.com", next: str = "/") -> str:
    """Send the form and return status and where it leads."""
    answer = browser.submit("/sign-in", {"email": email, "password": password, "next": next})
    return f"{answer.status_code} {answer.headers.get('Location', '')}".strip()


@pytest.mark.usefixtures("rosa")
def test_signing_in_leads_to_the_page_that_was_asked_for(browser: StaffClient) -> None:
    asked = browser.get("/users?x=1")
    assert asked.headers["Location"] == "/sign-in?next=/users%3Fx%3D1"
    form = browser.get(asked.headers["Location"])
    assert 'name="next" value="/users?x=1"' in form.text
    assert sign_in(browser, next="/users?x=1") == "303 /users?x=1"
    assert browser.get("/users").status_code == 200


@pytest.mark.usefixtures("rosa")
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(browser: StaffClient) -> None:
    wrong = browser.submit("/sign-in", {"email": "rosa@example.com", "password": "nope"})
    unknown = browser.submit("/sign-in", {"email": "rose@example.com", "password": "nope"})
    assert wrong.status_code == unknown.status_code == 422
    without_address = [answer.text.replace("rosa@", "rose@") for answer in (wrong, unknown)]
    tokens = ["\n".join(line for line in text.splitlines() if "csrf_token" not in line) for text in without_address]
    assert tokens[0] == tokens[1]


@pytest.mark.usefixtures("rosa")
def test_what_a_browser_held_before_signing_in_is_forgotten(browser: StaffClient) -> None:
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["csrf_token"] = "1" * 40
    sign_in(browser)
    with browser.session_transaction() as session:
        kept = set(session)
        assert session.get("csrf_token") != "1" * 40
    assert kept <= {"_permanent", "_user_id", "_fresh", "_id", "csrf_token"}


@pytest.mark.usefixtures("rosa")
def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(app: Flask, browser: StaffClient) -> None:
    sign_in(browser)
    with browser.session_transaction() as session:
        copied = dict(session)
    assert browser.submit("/sign-out").headers["Location"] == "/sign-in"
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(copied)
    assert thief.get("/users").status_code == 303


def test_a_revoked_person_is_out_with_the_next_click(core: Core, clock: SetClock, client_of: MakeClient) -> None:
    admin, manager = client_of("admin"), client_of("manager")
    assert manager.get("/account").status_code == 200
    revoke_user(core.store, clock, manager.user, admin.user.email)
    assert manager.get("/account").status_code == 303


def test_a_reset_ends_all_sessions(core: Core, clock: SetClock, manager_client: StaffClient) -> None:
    reset_user(core.store, clock, manager_client.user, "tests")
    assert manager_client.get("/account").status_code == 303


def test_a_smaller_role_holds_with_the_next_click(core: Core, clock: SetClock, client_of: MakeClient) -> None:
    admin, other = client_of("admin"), client_of("admin", email="second@example.com")
    assert other.get("/users").status_code == 200
    change_role(core.store, clock, find_user(core.store, other.user.public_id), "agent", admin.user.email)
    assert other.get("/users").status_code == 403


def test_a_session_ends_after_the_hours_of_the_settings(clock: SetClock, admin_client: StaffClient) -> None:
    clock.move(timedelta(hours=11, minutes=59))
    assert admin_client.get("/users").status_code == 200
    clock.move(timedelta(minutes=1))
    assert admin_client.get("/users").status_code == 303


def test_an_altered_cookie_signs_nobody_in(app: Flask, admin_client: StaffClient) -> None:
    cookie = admin_client.get_cookie("feedbackhub")
    assert cookie is not None
    forged = app.test_client()
    # Not the last letter: some of its bits stand for nothing.
    forged.set_cookie("feedbackhub", cookie.value[:-9] + ("A" if cookie.value[-9] != "A" else "B") + cookie.value[-8:])
    assert forged.get("/users").status_code == 303


@pytest.mark.parametrize(
    ("address", "name", "secure", "path"),
    [
        ("http://127.0.0.1:8000", "feedbackhub", False, "/"),
        ("https://feedback.example.com", "__Host-feedbackhub", True, "/"),
        ("https://example.com/feedback", "__Secure-feedbackhub", True, "/feedback"),
    ],
)
def test_the_cookie_is_as_strict_as_the_address_allows(
    core: Core, clock: SetClock, rosa: User, address: str, name: str, secure: bool, path: str
) -> None:
    assert rosa.role == "admin"
    settings = core.settings.model_copy(update={"public_url": address})
    app = create_app(Core(**{**vars(core), "settings": settings}))
    answer = app.test_client().get("/sign-in", base_url=address.removesuffix("/feedback"))
    flags = [part.strip() for part in answer.headers["Set-Cookie"].split(";")][1:]
    assert answer.headers["Set-Cookie"].startswith(f"{name}=")
    assert ("Secure" in flags, "HttpOnly" in flags, "SameSite=Lax" in flags, f"Path={path}" in flags) == (
        secure, True, True, True,
    )  # fmt: skip


def test_a_first_password_is_chosen_once(browser: StaffClient, core: Core, clock: SetClock, app: Flask) -> None:
    _, secret = invite_user(core.store, clock, "new@example.com", "", "agent", "tests")
    assert browser.get(f"/welcome/{secret}").status_code == 200
    assert browser.get(f"/welcome/{secret}").headers["Referrer-Policy"] == "no-referrer"
    weak = browser.submit(f"/welcome/{secret}", {"password": "short"})
    assert (weak.status_code, "needs at least 10 characters" in weak.text) == (422, True)
    assert browser.submit(f"/welcome/{secret}", {"password": PASSWORD}).headers["Location"] == "/"
    assert browser.get("/account").status_code == 200
    stranger = StaffClient(app, app.response_class, use_cookies=True)
    assert stranger.get(f"/welcome/{secret}").status_code == 404
    assert stranger.submit(f"/welcome/{secret}", {"password": "another good one"}).status_code == 404


@pytest.mark.usefixtures("rosa")
def test_a_changed_password_signs_out_everywhere_else(app: Flask, browser: StaffClient, core: Core) -> None:
    other = StaffClient(app, app.response_class, use_cookies=True)
    for each in (browser, other):
        sign_in(each)
    wrong = browser.submit("/account/password", {"present": "not it", "password": "a brand new one"})
    weak = browser.submit("/account/password", {"present": PASSWORD, "password": "short"})
    assert (wrong.status_code, "is not your present password" in wrong.text) == (422, True)
    assert (weak.status_code, "needs at least 10 characters" in weak.text) == (422, True)
    right = browser.submit("/account/password", {"present": PASSWORD, "password": "a brand new one"})
    assert right.headers["Location"] == "/account"
    assert (browser.get("/account").status_code, other.get("/account").status_code) == (200, 303)
    assert sign_in(other) == "422"
    assert sign_in(other, "a brand new one") == "303 /"


LEADING_AWAY = [
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r\n/evil.example", "https://evil.example", "https:evil.example", "HTTPS://evil.example",
    "http:/evil.example", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "evil.example",
    "@evil.example", ".evil.example", "", " ", " /users", "/users ", "/us ers", "?next=//evil.example", "#x",
    "mailto:a@evil.example", "/\u2028/x", "/\x00", "\u2044\u2044evil.example", "/\uff0fevil.example",
    "\uff0f\uff0fevil.example", "/" + "a" * 2000, "\\/evil.example", "/\x7f", "//evil.example@here", "////", "//",
    "/\\", "/\\/\\evil.example", "vbscript:x", "ftp://evil.example",
]  # fmt: skip


@pytest.mark.parametrize("text", LEADING_AWAY)
def test_an_address_that_may_lead_elsewhere_is_replaced(text: str) -> None:
    assert local_path(text, "/default") == "/default"


@pytest.mark.parametrize("text", ["/", "/users", "/users?a=b&c=d", "/x/mailbox/", "/a//b", "/%2f%2fevil", "/@x"])
def test_a_path_of_our_own_is_kept(text: str) -> None:
    assert local_path(text, "/default") == text


@given(st.text(alphabet="/\\@.:%?#\t\n aevil0\u2028／", max_size=12))
def test_no_text_leads_a_browser_to_another_host(text: str) -> None:
    path = local_path(text)
    # What browsers do before they look for a host: drop tabs and line ends, read a backslash as a slash.
    read = path.translate({ord(letter): None for letter in "\t\r\n"}).replace("\\", "/")
    assert read.startswith("/") and not read.startswith("//")


@pytest.mark.usefixtures("rosa")
@pytest.mark.parametrize("text", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(browser: StaffClient, text: str) -> None:
    assert sign_in(browser, next=text) == "303 /"


def test_strangers_are_led_to_the_sign_in_page(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"] == "/sign-in"
    scripted = client.get("/users", headers={"HX-Request": "true"})
    assert (scripted.status_code, scripted.headers["HX-Redirect"]) == (401, "/sign-in?next=/users")


def test_a_form_that_comes_after_the_session_is_told_to_be_lost(client: FlaskClient) -> None:
    assert client.post("/keys").headers["Location"] == "/sign-in?over=yes"
    assert "nothing was stored" in client.get("/sign-in?over=yes").text
    assert "nothing was stored" not in client.get("/sign-in").text
