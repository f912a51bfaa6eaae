"""The overview: first numbers of each analysis for the same filters, each when it is there, and what fails by name."""

import html
import re

import pytest

from feedbackhub import Query
from feedbackhub.loop.core import Core
from feedbackhub.web import overview
from tests.app_fixtures import MakeClient, StaffClient
from tests.reports.conftest import ODD
from tests.reports.looking import BUSY, ready


@pytest.fixture
def core(instance: Core) -> Core:
    """The instance of this module."""
    return instance


@pytest.fixture
def manager(request: pytest.FixtureRequest, client_of: MakeClient) -> StaffClient:
    """A browser in which a manager of the test is signed in."""
    return client_of("manager", f"{request.node.name[-40:]}@example.com")


def cards(page: str) -> dict[str, str]:
    """Return what stands on each card, by the name of its analysis."""
    found = re.findall(r'<article class="analysis".*?</article>', page, re.DOTALL)
    return {re.findall(r'<h2><a href="/reports/([\w-]+)', each)[0]: each for each in found}


def words(card: str) -> list[str]:
    """Return the texts of a card."""
    return [html.unescape(part.strip()) for part in re.split(r"<[^>]+>", card) if part.strip()]


def test_a_card_has_the_first_number_and_leads_to_its_report(manager: StaffClient) -> None:
    card = ready(manager, "/reports/fine/card?period=7d&team=A+%26+B").text
    assert words(card) == ["Odd", "Mean", "3.25", "95 % interval: 2.5 to 4", "40 answers"]
    assert '<h2><a href="/reports/fine?period=7d&amp;team=A+%26+B">' in card
    assert 'aria-label="3.25, Mean: what is behind it"' in card


def test_what_is_not_there_yet_asks_for_itself_and_only_a_few_are_begun(
    manager: StaffClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def never(name: str, query: Query, patience: float) -> None:
        begun.append(name)
        monkeypatch.setattr(overview, "GLANCE", 0.0)

    monkeypatch.setattr(core.analyst, "report", never)
    monkeypatch.setattr(overview.time, "monotonic", iter([0.0, 0.1, 0.2] + [9.0] * 99).__next__)
    page = manager.get("/reports?period=7d&survey=nps&by=team").text
    found = cards(page)
    assert begun == list(found)[:2]
    asks = 'hx-trigger="load delay:300ms" hx-sync="closest .overview:queue all"'
    assert all(asks in card and BUSY in card for card in found.values())
    assert 'hx-get="/reports/fine/card?period=7d&amp;survey=nps"' in found["fine"]
    assert '<noscript><meta http-equiv="refresh"' in page


def test_what_is_kept_is_shown_also_when_there_is_no_time_left(
    manager: StaffClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/reports?team=Kept"
    shown = ready(manager, "/reports/kept/card?team=Kept").text
    monkeypatch.setattr(overview, "GLANCE", 0.0)
    found = cards(manager.get(path).text)
    assert words(found["kept"]) == words(shown)
    assert ("hx-get" in found["kept"], BUSY in found["kept"], BUSY in found["fine"]) == (True, False, True)


def test_failures_and_refusals_are_said_on_their_own_card(manager: StaffClient) -> None:
    said = {name: words(ready(manager, f"/reports/{name}/card").text)[1:] for name in ("raises", "refuses", "dict")}
    lines = ODD.read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if "raise ValueError" in text)
    assert said == {
        "raises": [f"The plugin odd could not make this report: raised ValueError in odd.py, line {line}"],
        "refuses": ["is not counted"],
        "dict": ["The plugin odd could not make this report: returned dict, which is no Report"],
    }


def test_filters_that_mean_nothing_are_said(manager: StaffClient) -> None:
    page = manager.get("/reports?period=own&from=2026-02-30")
    assert (page.status_code, cards(page.text)) == (422, {})
    assert 'id="e-from">must be a day such as 2026-03-31<' in page.text


def test_the_change_leads_to_its_cause_with_the_same_filters(manager: StaffClient) -> None:
    card = ready(manager, "/reports/changes/card?period=7d&team=A").text
    assert words(card)[4:] == ["100 answers", "Change", "+12 percentage points", "no difference shown"]
    assert 'href="/reports/charts?period=7d&amp;team=A&amp;by=topic" aria-label="+12 percentage points, Change' in card
    nothing = ready(manager, "/reports/changes/card?survey=x").text
    assert words(nothing) == ["Odd", "Now", "–", "no data"]
