"""The report on both databases: from answers over the API to the report's JSON, a crossed one included."""

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from tests.reports.end_to_end import Company, asking_everything


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Everybody is asked everything."""
    return asking_everything(settings)


def test_from_answers_to_the_report(core: Core, clock: SetClock) -> None:
    company = Company(core, clock)
    company.answer("A", {"happy": [5] * 8 + [3, 1, 1, 4], "polite": [5] * 12, "felt": [4] * 9 + [1, 2, 3]})
    company.answer("B", {"happy": [2] * 6 + [5] * 4})
    found = company.report("satisfaction", "since=2026-03-01&until=2026-03-31&by=team&channel=chat")
    values = {each["label"]: each["value"] for each in found["figures"]}
    assert (values["Satisfied (4–5)"], values["Dissatisfied (1–2)"], values["Response rate"]) == (13 / 22, 8 / 22, 1)
    assert values["Mean (1–5)"] == pytest.approx((8 * 5 + 3 + 1 + 1 + 4 + 6 * 2 + 4 * 5) / 22)
    groups, aspects = found["tables"]
    assert [row[:2] for row in groups["rows"]] == [["A", 75], ["B", 40]]
    assert [(row[0], row[1], row[4]) for row in aspects["rows"]] == [
        ("Courtesy", 100, 12), ("Empathy", 75, 12), ("Solution", None, 0),
    ]  # fmt: skip
    refused = company.refused("satisfaction", "since=2026-03-01&until=2026-03-31&options=measure%3Dmood")
    assert [each["field"] for each in refused["errors"]] == ["options"]
