"""A hostile mail server and a killed sender, in small."""

import pytest

from bench.soak.smtp import send_all


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_everybody_gets_their_mail_or_somebody_is_told_why_not(kind: str) -> None:
    found = send_all(kind, invitations=30, kills=1, patience=60)
    assert {what: n for what, n in found.problems.items() if n} == {}
    assert sum(found.states.values()) == 30
