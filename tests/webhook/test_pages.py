"""What the pages about sources show is true: settings load, bodies are read, placeholders lead to the desk."""

import json
import re
import tomllib
from typing import Any

import pytest

from feedbackhub_plugins.webhook.mapping import Reader
from feedbackhub_plugins.webhook.presets import preset_names
from feedbackhub_plugins.webhook.settings import Settings
from tests.gates.sources import ROOT

from .conftest import contact, request, told

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = ("docs/sources.md", *(f"docs/connect/{name}.md" for name in preset_names()))


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of a page in a language."""
    found = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [text for kind, text in found if kind == language]


def sources(page: str) -> dict[str, Any]:
    """Return the sources that a page's first block about them sets up."""
    tables = (tomllib.loads(text).get("plugins", {}) for text in blocks(page, "toml"))
    return dict(Settings.model_validate(next(each["webhook"] for each in tables if each)).sources)


@pytest.mark.parametrize("page", PAGES)
def test_every_table_of_a_page_can_be_used(page: str) -> None:
    for text in blocks(page, "toml"):
        tables = tomllib.loads(text)
        assert tables.keys() <= {"plugins", "web"}
        Settings.model_validate(tables.get("plugins", {}).get("webhook", {}))


@pytest.mark.parametrize("page", PAGES)
def test_the_body_of_a_page_becomes_the_contact_of_the_page(page: str) -> None:
    [body] = blocks(page, "json")
    [(name, settings)] = sources(page).items()
    event = contact(Reader(name, settings).read(request(json.loads(body))))
    assert event.source == name
    assert event.agent is None or event.agent.id
    if name != "intercom":
        assert told(event)["customer"]["email"] == "nadia@example.com"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_ends_with_the_card_beside_a_new_ticket(page: str) -> None:
    *_, last = (ROOT / page).read_text(encoding="utf-8").split("\n## ")
    [(name, _)] = sources(page).items()
    assert last.startswith("The card beside a new ticket\n")
    assert f"/desk/open?source={name}" in last


def test_the_full_example_reads_everything_it_names() -> None:
    [(name, settings)] = sources("docs/sources.md").items()
    [body] = blocks("docs/sources.md", "json")
    assert told(contact(Reader(name, settings).read(request(json.loads(body))))) == {
        "source": "backoffice",
        "external_id": "4711",
        "customer": {
            "email": "nadia@example.com", "ids": {"backoffice": "41"}, "name": "Nadia Putri", "language": "id",
        },
        "agent": {"id": "7", "name": "Tom Reyes"},
        "team": "Front office",
        "channel": "email",
        "tags": ["vip", "refund"],
        "started_at": "2026-03-01T08:00:00Z",
        "ended_at": "2026-03-01T09:30:00Z",
        "url": "https://backoffice.example.com/cases/4711",
        "attributes": {"order": "A-1001"},
    }  # fmt: skip
