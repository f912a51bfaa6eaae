"""Searching at the desk leaves a trace: who was shown whom, and never what was typed."""

from feedbackhub.loop.core import Core
from feedbackhub.office.audit import entries
from tests.app_fixtures import StaffClient
from tests.pages.test_desk import Ask, ann

__all__ = ["ann"]


def searched(core: Core) -> list[tuple[str, list[str]]]:
    """Return who was shown whom, by the audit log."""
    found = [each for each in entries(core.store) if each.action == "customer.searched"]
    return [(each.actor, each.detail["customers"]) for each in found]


def test_a_search_notes_who_was_shown_whom_and_not_what_was_typed(
    agent_client: StaffClient, ask: Ask, ann: str, core: Core
) -> None:
    ask(email="anna@example.org", name="Anna Example")
    agent_client.submit("/desk", {"q": "example"})
    agent_client.submit("/desk", {"q": "ann@example.org"})
    (second, first) = searched(core)
    assert second == ("agent@example.com", [ann])
    assert (first[0], len(first[1]), ann in first[1]) == ("agent@example.com", 2, True)
    assert all("example" not in str(each.detail) for each in entries(core.store) if each.action.startswith("customer."))


def test_a_search_that_shows_nobody_is_not_noted(agent_client: StaffClient, ann: str, core: Core) -> None:
    agent_client.submit("/desk", {"q": "nobody of this name"})
    agent_client.get("/desk")
    assert searched(core) == []
