"""What an operator may write into `[plugins.email]`."""

import pytest
from pydantic import ValidationError

from feedbackhub_plugins.email import Settings

LEAST = {"host": "mail.example.org", "sender": "Shop <shop@example.org>"}


@pytest.mark.parametrize(("security", "smtp", "imap"), [("none", 25, 143), ("starttls", 587, 143), ("tls", 465, 993)])
def test_the_usual_port_follows_the_security(security: str, smtp: int, imap: int) -> None:
    settings = Settings.model_validate(
        LEAST | {"security": security, "imap": {"host": "mail.example.org", "security": security}}
    )
    assert settings.imap is not None
    assert (settings.at_port, settings.imap.at_port) == (smtp, imap)


@pytest.mark.parametrize(("field", "value"), [
    ("sender", "nobody"), ("sender", "Shop <shop@example.org>\r\nBcc: x@example.org"), ("host", ""), ("host", "a b"),
    ("port", 0), ("security", "ssl"), ("bounces_to", "nowhere"), ("hostname", "a\r\nb"), ("timeout", 0),
    ("passwort", "x"), ("imap", {"hosts": "x"}),
])  # fmt: skip
def test_nonsense_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(LEAST | {field: value})


def test_a_password_is_never_sent_in_the_clear() -> None:
    with pytest.raises(ValidationError, match="show the password"):
        Settings.model_validate(LEAST | {"security": "none", "username": "shop", "password": "secret"})


def test_a_password_that_no_sign_in_carries_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="must be ASCII") as error:
        Settings.model_validate(LEAST | {"username": "shop", "password": "pässword"})
    assert "pässword" not in str(error.value)


def test_the_password_is_not_shown() -> None:
    settings = Settings.model_validate(LEAST | {"username": "shop", "password": "correct horse"})
    assert "correct horse" not in repr(settings)
    assert settings.hide("server says: bad correct horse\r\n") == "server says: bad …"
