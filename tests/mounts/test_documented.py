"""What the pages on screens, orders and patterns show works as it stands there."""

import json
import tomllib
import types
from typing import Any

import pytest
from flask.testing import FlaskClient

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub_plugins.orders import settings as orders
from feedbackhub_plugins.orders.reading import read_orders
from feedbackhub_plugins.patterns import settings as patterns
from tests.api.conftest import Caller
from tests.app_fixtures import StaffClient
from tests.docs.blocks import blocks
from tests.gates.sources import ROOT
from tests.mounts.conftest import Package
from tests.web.conftest import databases

__all__ = ["databases"]


@pytest.fixture
def modules(package: Package) -> dict[str, Any]:
    """The plugin of the page, with its template."""
    (source,), (template,) = blocks("docs/screens.md", "python"), blocks("docs/screens.md", "html")
    module = types.ModuleType("cases")
    exec(compile(source.text, "docs/screens.md", "exec"), vars(module))  # noqa: S102
    module.__path__ = [str(package("cases", {"templates/cases.html": template.text, "static/cases.css": ""}))]
    return {"cases": module}


def test_the_example_shows_a_page_and_keeps_what_is_sent(agent_client: StaffClient) -> None:
    assert "<li>1: A parcel came too late</li>" in agent_client.get("/x/cases/").text
    assert agent_client.submit("/x/cases/", {"title": "A call was cut off"}).status_code == 303
    page = agent_client.get("/x/cases/").text
    assert ("<li>2: A call was cut off</li>" in page, "Kept." in page) == (True, True)
    assert "<p dir=\"auto\">2 open</p>" in agent_client.get("/desk").text


def test_the_example_answers_over_the_api(client: FlaskClient, core: Core, clock: SetClock) -> None:
    secret = create_key(core.store, clock, "x", ["x:cases:read"], "tests", scopes_of(core.plugins))[1]
    caller = Caller(client, secret)
    assert caller.get("/x/cases/cases/1").get_json() == {"number": "1", "title": "A parcel came too late"}
    assert caller.get("/x/cases/cases/9").status_code == 404


def test_the_tables_of_orders_are_taken_and_read_the_answer_shown() -> None:
    first, second = (tomllib.loads(block.text)["plugins"]["orders"] for block in blocks("docs/orders.md", "toml"))
    settings = orders.Settings.model_validate(first)
    orders.Settings.model_validate(second)
    (answer,) = blocks("docs/orders.md", "json")
    (order,) = read_orders(json.loads(answer.text), settings)
    assert (order.number, str(order.amount), order.currency, order.status) == ("A-1001", "49.90", "EUR", "Shipped")


def test_the_table_of_patterns_is_taken_and_every_field_is_named() -> None:
    (table,) = (tomllib.loads(block.text)["plugins"]["patterns"] for block in blocks("docs/patterns.md", "toml"))
    assert [entry.name for entry in patterns.Settings.model_validate(table).never] == ["wholesale", "north-trial"]
    page = (ROOT / "docs/patterns.md").read_text(encoding="utf-8")
    assert [field for field in patterns.FIELDS if f"`{field}`" not in page] == []
