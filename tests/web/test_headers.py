"""What every answer carries, errors included, and whose word about hosts and addresses is taken."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.machinery.settings import Settings, Web
from tests.app_fixtures import StaffClient

Rebuilt = Callable[..., Flask]
PATHS = ("/", "/sign-in", "/users", "/nothing", "/api/v1/nothing", "/healthz", "/readyz", "/static/css/feedbackhub.css")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def rebuilt(core: Core) -> Rebuilt:
    """Build the application again with other settings."""

    def build(**options: Any) -> Flask:
        settings = Settings.model_validate({**core.settings.model_dump(exclude={"plugins"}), **options})
        return create_app(Core(**{**vars(core), "settings": settings}))

    return build


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_strict_headers(admin_client: StaffClient, path: str) -> None:
    headers = admin_client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith("/static")])
def test_nothing_but_static_files_is_kept_by_caches(admin_client: StaffClient, path: str) -> None:
    headers = admin_client.get(path).headers
    assert (headers["Cache-Control"], "Cookie" in headers["Vary"]) == ("no-store", True)


def test_static_files_are_kept_under_their_versioned_address(client: FlaskClient) -> None:
    page = client.get("/sign-in").text
    start = page.index("/static/css/feedbackhub.css?v=")
    versioned = client.get(page[start : page.index('"', start)])
    assert versioned.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in versioned.headers
    plain = client.get("/static/css/feedbackhub.css")
    assert plain.headers["Cache-Control"] == "public, max-age=300"
    known = {"If-None-Match": plain.headers["ETag"]}
    assert client.get("/static/css/feedbackhub.css", headers=known).status_code == 304


@pytest.mark.parametrize("name", ["../app.py", "%2e%2e/base.html", "css/../../base.html", "/etc/passwd", "css"])
def test_only_static_files_are_served_as_such(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_browsers_are_held_to_https_when_the_public_address_is(rebuilt: Rebuilt) -> None:
    client = rebuilt(public_url="https://feedback.example.com").test_client()
    for path in PATHS:
        answer = client.get(path, base_url="https://feedback.example.com")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_logos_of_brands_may_be_loaded_from_where_they_are(rebuilt: Rebuilt) -> None:
    client = rebuilt(brands={"default": {"logo_url": "https://cdn.example.com/a/logo.png"}}).test_client()
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "img-src 'self' data: https://cdn.example.com;" in policy


def test_the_host_header_appears_in_no_answer(admin_client: StaffClient) -> None:
    poison = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for path in (*PATHS, "//users", "/users/", "/x/mailbox", "/keys"):
        answer = admin_client.get(path, headers=poison)
        assert ("evil" in answer.text, "evil" in str(answer.headers)) == (False, False), path


def test_a_one_time_address_is_made_from_the_public_address(admin_client: StaffClient) -> None:
    admin_client.csrf()
    headers = {"X-CSRFToken": admin_client.csrf(), "X-Forwarded-Host": "evil.example"}
    answer = admin_client.post("/users", data={"email": "new@example.com", "role": "agent"}, headers=headers)
    assert 'value="http://127.0.0.1:8000/welcome/' in answer.text
    assert "evil" not in answer.text


def test_below_a_path_all_addresses_carry_it_whether_or_not_the_proxy_strips_it(rebuilt: Rebuilt) -> None:
    client = rebuilt(public_url="https://example.com/feedback").test_client()
    for path in ("/users", "/feedback/users"):
        answer = client.get(path, base_url="https://example.com")
        assert answer.headers["Location"] == "/feedback/sign-in?next=/users"
    page = client.get("/feedback/sign-in", base_url="https://example.com").text
    assert 'action="/feedback/sign-in"' in page
    assert 'href="/feedback/static/css/feedbackhub.css?v=' in page


def tries(app: Flask, count: int, forwarded: Callable[[int], str]) -> list[int]:
    """Try to sign in again and again, each time claiming another address."""
    browser = StaffClient(app, app.response_class, use_cookies=True)
    token = browser.csrf()
    return [
        browser.post(
            "/sign-in", data={"email": "a@example.com", "password": "x"},
            headers={"X-CSRFToken": token, "X-Forwarded-For": forwarded(number)},
        ).status_code
        for number in range(count)
    ]  # fmt: skip


def test_the_sign_in_limit_is_not_evaded_by_claiming_other_addresses(rebuilt: Rebuilt) -> None:
    app = rebuilt(web=Web(sign_in_limit="3/minute"))
    assert tries(app, 5, lambda number: f"198.51.100.{number}") == [422, 422, 422, 429, 429]


def test_behind_a_trusted_proxy_the_last_address_counts(rebuilt: Rebuilt) -> None:
    app = rebuilt(web=Web(sign_in_limit="2/minute"), trusted_proxies=1)
    assert tries(app, 4, lambda number: f"198.51.100.{number}, 203.0.113.7") == [422, 422, 429, 429]
    assert tries(app, 3, lambda number: f"203.0.113.{number}") == [422, 422, 422]


def test_addresses_of_one_ipv6_site_count_together(rebuilt: Rebuilt) -> None:
    app = rebuilt(web=Web(sign_in_limit="2/minute"), trusted_proxies=1)
    assert tries(app, 4, lambda number: f"2001:db8:1:2::{number}") == [422, 422, 429, 429]


def test_who_is_too_fast_is_told_when_to_come_back(rebuilt: Rebuilt) -> None:
    app = rebuilt(web=Web(sign_in_limit="1/minute"))
    browser = StaffClient(app, app.response_class, use_cookies=True)
    browser.submit("/sign-in")
    answer = browser.submit("/sign-in")
    assert (answer.status_code, 1 <= int(answer.headers["Retry-After"]) <= 61) == (429, True)
    assert "A little too fast" in answer.text


def test_reading_the_sign_in_page_uses_no_attempt_up(rebuilt: Rebuilt) -> None:
    client = rebuilt(web=Web(sign_in_limit="1/minute")).test_client()
    assert [client.get("/sign-in").status_code for _ in range(4)] == [200] * 4


def test_a_body_larger_than_the_settings_allow_is_refused(rebuilt: Rebuilt) -> None:
    app = rebuilt(web=Web(max_body_kb=16))
    browser = StaffClient(app, app.response_class, use_cookies=True)
    assert browser.submit("/sign-in", {"email": "x" * 20_000}).status_code == 413
    assert app.test_client().post("/sign-in", data=b"x" * 20_000).status_code == 413
