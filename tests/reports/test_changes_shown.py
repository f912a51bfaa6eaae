"""A change is shown with its sign, and one that rounds to nothing without."""

import pytest

from feedbackhub.machinery.i18n import I18n
from feedbackhub.web.report_shown import moved


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
