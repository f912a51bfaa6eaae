"""What the floors below refuse is said in the reader's language."""

import pytest

from feedbackhub.machinery.i18n import I18n
from feedbackhub.web.refusal_words import refusal_text

INDONESIAN = I18n().translator("staff", "id")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("is empty", "masih kosong"),
        ("needs at least 10 characters", "perlu minimal 10 karakter"),
        ("there is a key named a {b} already", "sudah ada kunci bernama a {b}"),
        ("something that a plugin says", "something that a plugin says"),
    ],
)
def test_a_reason_keeps_its_particulars_and_an_unknown_one_stays_as_it_is(reason: str, said: str) -> None:
    assert refusal_text(INDONESIAN, reason) == said
