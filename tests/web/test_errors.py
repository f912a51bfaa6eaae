"""Errors: problem+json for machines, a page that says what to do next for people, nothing about the inside."""

import logging
import re
from datetime import timedelta

import pytest
from flask import Blueprint, Flask
from werkzeug.exceptions import MethodNotAllowed, default_exceptions

from feedbackhub import app as application
from feedbackhub.contract.errors import Conflict, NotFound, Problem, Refused, Unavailable
from feedbackhub.loop.core import Core
from feedbackhub.web.permission import permission

FAULTS: dict[str, Exception] = {
    "refused": Refused(Problem("contact.ended", "must be a date"), Problem("", "says nothing")),
    "missing": NotFound("there is no such contact"),
    "conflict": Conflict("this key was used with another body"),
    "unavailable": Unavailable("the database does not answer", timedelta(seconds=7)),
    "bug": RuntimeError("secret-in-message"),
    "method": MethodNotAllowed(valid_methods=["GET"]),
}


@pytest.fixture
def faulty(core: Core, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with an address for each kind of fault, below ``/api/v1/`` and outside."""

    def faults(_core: Core) -> Blueprint:
        pages = Blueprint("faults", __name__)

        @pages.get("/api/v1/fault/<name>")
        @pages.get("/fault/<name>")
        @permission("link")
        def fail(name: str) -> str:
            raise FAULTS[name]

        return pages

    monkeypatch.setattr(application, "BLUEPRINTS", (*application.BLUEPRINTS, faults))
    return application.create_app(core)


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("refused", 422, {
            "title": "Unprocessable Content", "detail": "The input was refused; nothing was stored.",
            "errors": [
                {"field": "contact.ended", "reason": "must be a date"}, {"field": "", "reason": "says nothing"},
            ],
        }),
        ("missing", 404, {"title": "Not Found", "detail": "there is no such contact"}),
        ("conflict", 409, {"title": "Conflict", "detail": "this key was used with another body"}),
        ("unavailable", 503, {"title": "Service Unavailable", "detail": "The storage cannot take the request now."}),
        ("method", 405, {"title": "Method Not Allowed", "detail": MethodNotAllowed.description}),
    ],
)  # fmt: skip
def test_the_api_answers_a_problem_document(faulty: Flask, name: str, status: int, body: dict[str, object]) -> None:
    answer = faulty.test_client().get(f"/api/v1/fault/{name}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    found = answer.get_json()
    assert found.pop("type") == "about:blank"
    assert found.pop("status") == status
    assert found.pop("title") in (body.pop("title"), "Unprocessable Entity")
    assert found == body


def test_an_unknown_address_of_the_api_is_a_problem_document_too(faulty: Flask) -> None:
    answer = faulty.test_client().get("/api/v1/nothing")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_unavailable_says_when_to_try_again(faulty: Flask) -> None:
    for path in ("/fault/unavailable", "/api/v1/fault/unavailable"):
        assert faulty.test_client().get(path).headers["Retry-After"] == "7"


def test_which_methods_are_allowed_is_told(faulty: Flask) -> None:
    assert faulty.test_client().get("/fault/method").headers["Allow"] == "GET"


@pytest.mark.parametrize("path", ["/fault/bug", "/api/v1/fault/bug"])
def test_a_fault_of_ours_is_a_number_that_is_in_the_log(
    faulty: Flask, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR, "feedbackhub.web"):
        answer = faulty.test_client().get(path)
    number = re.search(r"(?:Number of this error: |\"number\": \")([0-9a-f]{8})", answer.text)
    assert answer.status_code == 500
    assert number is not None
    assert ("secret-in-message" in answer.text, "Traceback" in answer.text) == (False, False)
    assert [record.getMessage().split()[:2] for record in caplog.records] == [["error", number[1]]]
    assert "RuntimeError: secret-in-message" in caplog.text


@pytest.mark.parametrize(("name", "status"), [("refused", 422), ("missing", 404), ("unavailable", 503), ("bug", 500)])
def test_people_get_a_page_that_sets_no_cookie(faulty: Flask, name: str, status: int) -> None:
    answer = faulty.test_client().get(f"/fault/{name}")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "Set-Cookie" not in answer.headers
    assert "<h1>" in answer.text


def test_an_error_page_speaks_the_language_of_the_browser(faulty: Flask) -> None:
    answer = faulty.test_client().get("/fault/missing", headers={"Accept-Language": "ar"})
    known = faulty.extensions["feedbackhub"].i18n.languages("customer")
    assert ('dir="rtl"' in answer.text) is ("ar" in known)


def test_an_html_answer_escapes_what_was_refused(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    def hostile(_core: Core) -> Blueprint:
        pages = Blueprint("hostile", __name__)

        @pages.get("/hostile")
        @permission("link")
        def fail() -> str:
            raise Refused(Problem("<b>field", "<script>alert(1)</script>"))

        return pages

    monkeypatch.setattr(application, "BLUEPRINTS", (*application.BLUEPRINTS, hostile))
    text = application.create_app(core).test_client().get("/hostile").text
    assert ("<script>alert" in text, "&lt;script&gt;alert(1)" in text) == (False, True)


@pytest.mark.parametrize("code", sorted(set(default_exceptions)))
def test_every_refusal_of_flask_has_an_answer(faulty: Flask, code: int) -> None:
    with faulty.test_request_context("/api/v1/nothing"):
        answer = faulty.make_response(faulty.handle_user_exception(default_exceptions[code]()))
    assert (answer.status_code, answer.content_type) == (code if code < 500 else 500, "application/problem+json")
