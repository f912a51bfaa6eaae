"""A change is shown with its sign, and one that rounds to nothing without; how sure an interval is."""

import pytest

from feedbackhub.machinery.i18n import I18n
from feedbackhub.web.report_shown import cell_shown, decimals_of, moved, percent_of


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (0.234, "", "+0.23"), (-0.234, "", "-0.23"), (0.004, "", "0"), (6.6, "points", "+7"), (0.4, "points", "0"),
        (0.1234, "share", "+12 percentage points"), (0.004, "share", "0 percentage points"),
        (-0.1234, "share", "-12 percentage points"),
    ],
)  # fmt: skip
def test_changes_have_their_sign(number: float, unit: str, text: str) -> None:
    assert moved(I18n().translator("staff", "en"), number, unit) == text


@pytest.mark.parametrize(
    ("level", "text"), [(0.5, "50"), (0.95, "95"), (0.999, "99.9"), (0.9999, "99.99"), (1, "100"), (0, "0")]
)
def test_how_sure_an_interval_is_is_told_whatever_a_plugin_says_of_it(level: float, text: str) -> None:
    assert percent_of(level) == text


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        ([-0.001, 1.5], ["0.00", "1.50"]), ([-0.0, 3.0], ["0", "3"]), ([-0.25, 1234.5], ["-0.25", "1,234.5"]),
        ([0, 7], ["0", "7"]),
    ],
)  # fmt: skip
def test_a_cell_that_rounds_to_nothing_has_no_sign(column: list[float], texts: list[str]) -> None:
    t = I18n().translator("staff", "en")
    assert [cell_shown(t, cell, decimals_of(column)) for cell in column] == texts
