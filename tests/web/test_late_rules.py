"""Rules whose builders of links come late match and build what others do."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import BuildError, Map, Rule

from feedbackhub.web.late_rules import LateRule

RULES: tuple[Mapping[str, Any], ...] = (
    {"string": "/", "endpoint": "home"},
    {"string": "/staff/contacts", "endpoint": "list"},
    {"string": "/staff/contacts/<name>/answers/<int:number>", "endpoint": "one"},
    {"string": "/pages/", "endpoint": "pages", "defaults": {"page": 1}},
    {"string": "/pages/<int:page>", "endpoint": "pages"},
    {"string": "/files/<path:name>", "endpoint": "file"},
)
ASKED: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("home", {}),
    ("list", {"after": "a b", "word": ["x", "y&z"]}),
    ("one", {"name": "Müller/Söhne", "number": 7}),
    ("one", {"name": "x", "number": 7, "rule": "r", "self": "s", "values": "v", "build": "b"}),
    ("pages", {"page": 1}),
    ("pages", {"page": 2, "made": "m"}),
    ("file", {"name": "a/b c.txt"}),
)


def addresses(kind: type[Rule]) -> Any:
    return Map([kind(**each) for each in RULES]).bind("hub.example")


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
@pytest.mark.parametrize("append_unknown", [True, False])
def test_links_are_those_of_a_plain_rule(endpoint: str, values: Mapping[str, Any], append_unknown: bool) -> None:
    built = [addresses(kind).build(endpoint, values, append_unknown=append_unknown) for kind in (LateRule, Rule)]
    assert built[0] == built[1]


def test_the_second_link_is_the_first() -> None:
    late = addresses(LateRule)
    assert [late.build("one", {"name": "x", "number": n}) for n in (1, 2, 1)] == [
        "/staff/contacts/x/answers/1", "/staff/contacts/x/answers/2", "/staff/contacts/x/answers/1",
    ]  # fmt: skip


def test_a_link_that_lacks_a_part_cannot_be_built() -> None:
    with pytest.raises(BuildError):
        addresses(LateRule).build("one", {"name": "x"})


def test_the_application_compiles_no_link_that_nobody_asks_for(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    assert {type(rule) for rule in rules} == {LateRule}
