"""When a team's number tells an agent nothing of single colleagues."""

import pytest

from feedbackhub_plugins.fairness.lots import Lot
from feedbackhub_plugins.fairness.own import hides_everybody


@pytest.mark.parametrize(
    ("others", "hides"),
    [
        ({}, False),
        ({"ann": 20}, False),
        ({"ann": 20, "": 20}, False),  # one colleague beside answers of nobody named
        ({"ann": 20, "bo": 5}, True),
        ({"ann": 20, "bo": 4}, False),  # more than 80 of 100 are one colleague's
        ({"ann": 20, "bo": 4, "cy": 4}, True),
    ],
)
def test_a_teams_number_is_shown_only_where_two_others_share_it(others: dict[str, int], hides: bool) -> None:
    team = [Lot("me", "Desk", (), 1, 30), *(Lot(name, "Desk", (), 1, n) for name, n in others.items())]
    assert hides_everybody(team, "me") == hides
