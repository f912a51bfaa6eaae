"""The book of cases: found, listed by pages, changed by one person at a time."""

from datetime import timedelta

import pytest

from feedbackhub import Conflict, NotFound
from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub_plugins.recovery.book import Cases, Wanted

from .rows import START, hub_of, put


def test_cases_are_found_and_listed_from_the_oldest_on(core: Core, clock: SetClock) -> None:
    hub = hub_of(core)
    cases = Cases(hub)
    for n in range(5):
        put(hub, f"case-{n:07d}", response=f"resp-{n:07d}", opened_at=START + timedelta(hours=n // 2))
    first = cases.listing(Wanted(), size=3)
    rest = cases.listing(Wanted(), size=3, after=first[-1].id)
    assert [each.id for each in [*first, *rest]] == [f"case-{n:07d}" for n in range(5)]
    assert cases.find("resp-0000003") == cases.get("case-0000003")
    assert cases.find("resp-0000009") is None
    with pytest.raises(NotFound):
        cases.get("case-0000009")


def test_a_case_changed_meanwhile_keeps_what_the_other_did_and_nothing_of_mine(core: Core) -> None:
    hub = hub_of(core)
    cases = Cases(hub)
    seen = put(hub, "case-0000001")
    mine = cases.change(seen, {"owner": "a@example.com"}, ("owner", "b@example.com", "", {"to": "a@example.com"}))
    assert (mine.owner, mine.version) == ("a@example.com", 2)
    with pytest.raises(Conflict):
        cases.change(seen, {"owner": "c@example.com"}, ("owner", "c@example.com", "", {}))
    assert cases.get(seen.id) == mine
    assert [(each.kind, each.by, each.detail) for each in cases.history(seen.id)] == [
        ("owner", "b@example.com", {"to": "a@example.com"})
    ]
