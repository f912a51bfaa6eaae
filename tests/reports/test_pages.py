"""From answers to a report in the staff area, as JSON and as CSV, on both databases."""

import re

import pytest
from flask import Flask

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from tests.app_fixtures import StaffClient
from tests.nps.votes import Vote, settings_for_votes
from tests.reports.looking import api, figures, ready


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked whether they would recommend the company."""
    return settings_for_votes(settings)


@pytest.fixture
def vote(core: Core, clock: SetClock) -> Vote:
    """Lets customers answer."""
    return Vote(core, clock)


def test_a_report_from_answers_to_page_json_and_csv(
    app: Flask, core: Core, manager_client: StaffClient, vote: Vote
) -> None:
    vote.all({10: 9, 8: 5, 3: 2}, team="Billing")
    vote.all({9: 12, 7: 3}, team="Returns")
    page = ready(manager_client, "/reports/nps?by=team")
    assert page.status_code == 200
    shown = figures(page.text)
    assert shown[0] == ["Net promoter score", "61", "95 % interval: 35 to 78", "31 answers"]
    assert shown[1] == ["Change from the days before", "–", "nothing to compare with"]
    assert shown[2][:2] == ["Response rate", "100%"]
    assert page.text.count("data-chart=") == 3
    answer = api(app, core)("/reports/nps?by=team").get_json()
    assert [round(figure["value"] or 0, 3) for figure in answer["figures"]] == [61.290, 0, 1, 0.677, 0.258, 0.065]
    assert [chart["title"] for chart in answer["charts"]] == ["Answers by score", "Score over time", "Score by group"]
    groups = answer["tables"][0]
    assert [row[:5] for row in groups["rows"]] == [["Billing", 44, 3, 71, 16], ["Returns", 80, 43, 93, 15]]
    (address,) = re.findall(r'href="(/reports/nps/table.csv[^"]*table=4)"', page.text)
    download = manager_client.get(address.replace("&amp;", "&"))
    assert download.content_type == "text/csv; charset=utf-8"
    assert download.text.splitlines()[1].startswith("Billing,44,")
    crossed = ready(manager_client, "/reports/nps?by=product&channel=chat")
    note = "This crossing is not counted along the way: it was counted from the answers themselves."
    assert (crossed.status_code, figures(crossed.text)[0], note in crossed.text) == (200, shown[0], True)
    refused = api(app, core)("/reports/nps?by=mood")
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
