"""The API keeps every word of its OpenAPI document, whatever is sent to it, with each kind of key and with none."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from feedbackhub.loop.core import Core
from feedbackhub.office.keys import scopes_of
from tests.api.conftest import MakeCaller
from tests.api.door.fuzzing import Outcome, ask_less, document_of, register_formats, run, serving

EXAMPLES = int(os.environ.get("API_EXAMPLES", "30" if os.environ.get("CI") else "15"))
#: How often an operation is called by a key that may call some: what it does was seen with a key that may call all.
SOME = max(5, EXAMPLES // 3)
#: How often an operation is called that a key may not call: it is refused before anything of the request is read.
REFUSALS = max(3, EXAMPLES // 8)
READS = (":read", ":lookup")
#: Operations that take nothing cannot be called in many ways.
WITHOUT_INPUT = (
    "GET /api/v1/surveys",
    "GET /api/v1/plugins",
    "GET /api/v1/open-links",
    "GET /api/v1/reports",
    "GET /api/v1/sources",
    "GET /api/v1/x/webhooks/endpoints",
    "GET /api/v1/x/causes/themes",
    "POST /api/v1/x/causes/undo",
    "POST /api/v1/x/causes/restore",
    "GET /api/v1/x/digest/digests",
    "GET /api/v1/x/inaction/assumptions",
    "GET /api/v1/x/recovery/assumptions",
    "GET /api/v1/x/recovery/texts",
    "GET /api/v1/x/apology/experiments",
    "GET /api/v1/exports",
    "GET /api/v1/export-formats",
    "GET /api/v1/export-schedules",
    "GET /api/v1/export-columns/{records}",
)


@pytest.fixture
def address(app: Flask, caller_with: MakeCaller) -> Iterator[str]:
    """Where an instance is served in which something has happened already."""
    register_formats()
    caller_with(name="history").answer("before")
    with serving(app) as address:
        yield address


def test_a_key_with_every_scope_finds_no_broken_promise(address: str, core: Core, caller_with: MakeCaller) -> None:
    outcome = run(document_of(address, caller_with(scopes_of(core.plugins)).secret, EXAMPLES))
    assert outcome.failures == []
    # What was deleted is hardly tried again, so deletions are called less often here; the other keys make up for it.
    assert [label for label in called_rarely(outcome) if not label.startswith("DELETE ")] == []


@pytest.mark.parametrize("kind", ["reading", "writing", "no key"])
def test_a_key_with_fewer_scopes_finds_no_broken_promise(
    address: str, core: Core, caller_with: MakeCaller, kind: str
) -> None:
    scopes = [each for each in scopes_of(core.plugins) if kind == ("reading" if each.endswith(READS) else "writing")]
    document = document_of(address, caller_with(scopes).secret, EXAMPLES)
    document.config.phases.coverage.enabled = False
    document.config.phases.stateful.enabled = False
    document.config.phases.fuzzing.extra_data_sources.responses = False
    allowed = {operation for operation, scope in granted(document) if scope in scopes}
    refused = {operation for operation, _ in granted(document)} - allowed
    deletions = {label for label in allowed if label.startswith("DELETE ")}
    ask_less(document, allowed - deletions, SOME)
    ask_less(document, refused, REFUSALS)
    outcome = run(document)
    assert outcome.failures == []
    assert [label for label in called_rarely(outcome) if label in deletions] == []
    assert [label for label in called_rarely(outcome, SOME) if label in allowed] == []
    assert called_rarely(outcome, REFUSALS) == []
    done = {label for label, status in outcome.statuses if 200 <= status < 300}
    assert done <= allowed


def called_rarely(outcome: Outcome, examples: int = EXAMPLES) -> list[str]:
    """Return the operations that got fewer requests than examples were asked for."""
    return [label for label, calls in outcome.calls.items() if calls < examples and label not in WITHOUT_INPUT]


def granted(document: Any) -> list[tuple[str, str]]:
    """Return every operation with the scope that it needs."""
    return [
        (f"{method.upper()} {path}", operation["security"][0]["key"][0])
        for path, operations in document.raw_schema["paths"].items()
        for method, operation in operations.items()
    ]
