"""What the words of many servers mean."""

import pytest

from feedbackhub import PermanentFailure, TemporaryFailure
from feedbackhub_plugins.email.verdict import Reply, failure


@pytest.mark.parametrize(("code", "text"), [
    (550, "5.1.1 <siti@example.org>: Recipient address rejected: User unknown in virtual mailbox table"),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    (550, "5.2.1 The email account that you tried to reach is disabled."),
    (550, "Requested action not taken: mailbox unavailable"),
    (551, "User not local; please try somewhere else"),
    (553, "sorry, no mailbox here by that name"),
])  # fmt: skip
def test_these_say_that_the_address_is_dead(code: int, text: str) -> None:
    said = failure(Reply("recipient", code, text))
    assert isinstance(said, PermanentFailure)
    assert said.address_is_dead


@pytest.mark.parametrize(("code", "text"), [
    (550, "5.7.1 Message rejected due to local policy"),
    (550, "5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy"),
    (550, "relay not permitted"),
    (554, "Service unavailable; client host blocked using a block list"),
    (552, "5.2.2 mailbox full"),
    (552, "5.3.4 message too big"),
    (550, "Your message looks like spam"),
])  # fmt: skip
def test_these_are_final_but_say_nothing_about_the_address(code: int, text: str) -> None:
    said = failure(Reply("recipient", code, text))
    assert isinstance(said, PermanentFailure)
    assert not said.address_is_dead


@pytest.mark.parametrize(("step", "code", "text"), [
    ("recipient", 450, "4.2.0 greylisted"),
    ("recipient", 550, "5.1.8 Sender address rejected: domain not found"),
    ("sender", 550, "5.7.1 not allowed"),
    ("content", 421, "4.7.0 too many mails"),
    ("content", 299, "what?"),
    ("recipient", 600, "no such class of answers"),
])  # fmt: skip
def test_these_are_worth_another_try(step: str, code: int, text: str) -> None:
    assert isinstance(failure(Reply(step, code, text)), TemporaryFailure)  # type: ignore[arg-type]
