"""Who may call the API, and how it refuses: always a problem+json, whatever went wrong."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator

from feedbackhub.app import create_app
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.keys import SCOPES, revoke_key
from feedbackhub.web.api.chapter import Operation
from feedbackhub.web.api.mounting import CHAPTERS
from feedbackhub.web.api.sharing import short
from tests.api.conftest import Caller, MakeCaller
from tests.app_fixtures import StaffClient

OPERATIONS = [operation for chapter in CHAPTERS for operation in chapter.operations]


#: A part of a rule, and what may stand there.
PART = re.compile(r"<(?:[^>:]*:)?(\w+)>")
EXAMPLES = {"id": "AAAAAAAAAAAA", "name": "nps", "records": "responses"}


def path_of(rule: str) -> str:
    return PART.sub(lambda part: EXAMPLES[part[1]], rule)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.rule}")
def test_an_operation_needs_a_key_with_its_own_scope(caller_with: MakeCaller, operation: Operation) -> None:
    path = path_of(operation.rule)
    stranger = caller_with([]).call(operation.method, path, {} if operation.body else None)
    assert (stranger.status_code, stranger.content_type) == (401, "application/problem+json")
    assert stranger.headers["WWW-Authenticate"].lower().startswith("bearer")
    others = [scope for scope in SCOPES if scope != operation.scope]
    lacking = caller_with(others).call(operation.method, path, {} if operation.body else None)
    assert (lacking.status_code, lacking.content_type) == (403, "application/problem+json")
    allowed = caller_with([operation.scope], "one").call(operation.method, path, {} if operation.body else None)
    assert allowed.status_code in (*operation.answers, 404, 422)


def test_every_scope_of_a_key_opens_something() -> None:
    beside_the_api = {"metrics:read"}  # tests/metrics
    assert {operation.scope for operation in OPERATIONS} == set(SCOPES) - beside_the_api


def test_a_revoked_key_is_refused(caller: Caller, core: Core, clock: SetClock) -> None:
    assert caller.get("/surveys").status_code == 200
    revoke_key(core.store, clock, "shop", "tests")
    assert caller.get("/surveys").status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer fh_" + "A" * 43, "Bearer é"])
def test_what_is_no_key_is_refused(app: Flask, header: str) -> None:
    answer = app.test_client().get("/api/v1/surveys", headers={"Authorization": header.encode().decode("latin-1")})
    assert answer.status_code == 401
    said = "This key is unknown" if header.startswith("Bearer ") else "Send an API key"
    assert answer.get_json()["detail"].startswith(said)


def test_a_session_of_staff_opens_nothing(admin_client: StaffClient) -> None:
    assert admin_client.get("/api/v1/surveys").status_code == 401


def test_an_unknown_address_is_a_problem(caller: Caller) -> None:
    for path in ("/nothing", "/contacts/short", "/contacts/AAAAAAAAAAAA/nothing", "/surveys/NPS"):
        answer = caller.get(path)
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json"), path
        assert (answer.get_json()["status"], answer.get_json()["title"]) == (404, "Not Found")


@pytest.mark.parametrize(("method", "path", "allowed"), [
    ("PUT", "/contacts", {"GET", "HEAD", "POST"}),
    ("GET", "/surveys/check", {"POST"}),
    ("OPTIONS", "/customers/lookup", {"POST"}),
    ("TRACE", "/surveys", {"GET", "HEAD", "POST"}),
])  # fmt: skip
def test_a_wrong_method_names_the_right_ones(caller: Caller, method: str, path: str, allowed: set[str]) -> None:
    answer = caller.call(method, path)
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == allowed


def test_the_document_is_open_to_all_and_lists_every_operation(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    document = answer.get_json()
    assert (answer.status_code, document["openapi"]) == (200, "3.1.0")
    listed = {(method.upper(), path) for path, operations in document["paths"].items() for method in operations}
    mounted = {
        (method, PART.sub(r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert listed == mounted
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert "#/$defs/" not in json.dumps(document)


def test_every_operation_documents_how_it_refuses(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            expected = {"401", "403", "422", "429", "503"}
            expected |= {"400", "413", "415"} if "requestBody" in operation else set()
            expected |= {"404"} if "{" in path else set()
            assert expected <= set(operation["responses"]), (method, path)


def test_two_applications_in_one_process_describe_themselves_alike(app: Flask, core: Core) -> None:
    other = create_app(core)
    documents = [each.test_client().get("/api/v1/openapi.json").text for each in (app, other, app)]
    assert documents[0] == documents[1] == documents[2]


def test_the_document_says_what_each_object_holds_and_every_default_is_one(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    schemas = document["components"]["schemas"]
    # APIFlask writes this for a model that cannot be described, and says nothing.
    assert [name for name, schema in schemas.items() if schema == {"type": "object"}] == []
    for schema in parts_of(document):
        assert not {"ge", "le", "gt", "lt"} & schema.keys(), schema
        if "default" in schema and "$ref" not in json.dumps(schema):
            assert Draft202012Validator(schema, validate_formats=True).is_valid(schema["default"]), schema


def parts_of(document: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in a document, the document first."""
    if isinstance(document, dict):
        yield document
    for each in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from parts_of(each)


def test_generated_clients_get_one_class_for_one_thing(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    alike = Counter((short(name), json.dumps(schema)) for name, schema in document["components"]["schemas"].items())
    assert [name for (name, _), times in alike.items() if times > 1] == []
    assert {"Contact", "ContactPage", "CustomerData"} <= document["components"]["schemas"].keys()
    identifiers = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert [each for each in identifiers if not re.fullmatch(r"[\w-]+", each)] == []
    assert len(set(identifiers)) == len(identifiers)
