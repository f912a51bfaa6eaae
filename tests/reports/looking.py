"""Looking at reports as a person does, and as another system does."""

import re
from collections.abc import Callable
from secrets import token_hex

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feedbackhub.loop.core import Core
from feedbackhub.office.keys import create_key

BUSY = 'aria-busy="true"'


def ready(client: FlaskClient, path: str) -> TestResponse:
    """Look again, as the page itself does, until the report is there."""
    for _ in range(40):
        answer = client.get(path)
        if BUSY not in answer.text:
            return answer
    raise AssertionError("the report never came")


def api(app: Flask, core: Core, scope: str = "reports:read") -> Callable[[str], TestResponse]:
    """Return what calls the API with a key of a scope, until the answer is there."""
    _, secret = create_key(core.store, core.clock, f"tests {token_hex(4)}", [scope], "tests")
    client = app.test_client()

    def call(path: str) -> TestResponse:
        for _ in range(20):
            answer = client.get("/api/v1" + path, headers={"Authorization": f"Bearer {secret}"})
            if answer.status_code != 202:
                return answer
        raise AssertionError("the report never came")

    return call


def figures(page: str) -> list[list[str]]:
    """Return the texts of each figure of a page."""
    found = re.findall(r'<li class="figure[^"]*">(.*?)</li>', page, re.DOTALL)
    return [[part.strip() for part in re.split(r"<[^>]+>", each) if part.strip()] for each in found]
