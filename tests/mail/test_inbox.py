"""Reading the mailbox that answers arrive in, against a real IMAP server."""

import logging
from collections.abc import Generator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import cast

import pytest

from feedbackhub import Returned, TemporaryFailure
from feedbackhub.machinery.clock import SetClock
from feedbackhub_plugins.email import EmailChannel, Settings
from tests.mail.conftest import Serve
from tests.mail.test_incoming import mail
from tests.services.mailboxes import Mailbox


@pytest.fixture
def settings(imap_server: Mailbox) -> dict[str, object]:
    return {"host": imap_server.host, "port": imap_server.port, "security": "none", "username": imap_server.username,
            "password": imap_server.password, "timeout": 10}  # fmt: skip


def channel(clock: SetClock, imap: dict[str, object]) -> EmailChannel:
    given = {"host": "127.0.0.1", "sender": "shop@example.org", "imap": imap}
    return EmailChannel(Settings.model_validate(given), clock, logging.getLogger("test"))


def kinds(clock: SetClock, imap: dict[str, object]) -> list[str]:
    return [item.kind for item in channel(clock, imap).returned()]


def unseen(server: Mailbox) -> int:
    return len(server.messages(criterion="UNSEEN"))


def test_bounces_and_replies_are_read_once(clock: SetClock, imap_server: Mailbox, settings: dict[str, object]) -> None:
    for name in ("postfix", "reply", "absence", "complaint"):
        imap_server.put(mail(name))
    assert kinds(clock, settings) == ["bounce", "reply", "complaint"]
    assert (kinds(clock, settings), unseen(imap_server), len(imap_server.messages())) == ([], 0, 4)
    imap_server.put(mail("gmail"))
    assert kinds(clock, settings) == ["bounce"]


def test_a_mail_whose_item_was_not_stored_comes_again(
    clock: SetClock, imap_server: Mailbox, settings: dict[str, object]
) -> None:
    imap_server.put(mail("postfix"))
    imap_server.put(mail("reply"))
    with closing(cast(Generator[Returned, None, None], channel(clock, settings).returned())) as reading:
        assert [item.kind for item in islice(reading, 2)] == ["bounce", "reply"]
    assert unseen(imap_server) == 1
    assert kinds(clock, settings) == ["reply"]


def test_read_mails_move_to_a_folder_of_their_own(
    clock: SetClock, imap_server: Mailbox, settings: dict[str, object]
) -> None:
    imap_server.put(mail("postfix"))
    imap_server.put(mail("delayed"))
    assert kinds(clock, settings | {"done_folder": "Read by feedbackhub"}) == ["bounce"]
    assert imap_server.messages() == []
    assert len(imap_server.messages('"Read by feedbackhub"')) == 2


def test_reading_leaves_what_others_marked_for_deletion(
    clock: SetClock, imap_server: Mailbox, settings: dict[str, object]
) -> None:
    imap_server.put(mail("reply"))
    with imap_server.connection() as connection:
        connection.select()
        connection.store("1", "+FLAGS", r"(\Deleted)")
    kinds(clock, settings)
    assert len(imap_server.messages()) == 1


def test_a_huge_mail_is_cut_and_still_understood(
    clock: SetClock, imap_server: Mailbox, settings: dict[str, object]
) -> None:
    imap_server.put(mail("reply") + b"x" * 100_000)
    [item] = channel(clock, settings | {"largest": 10_000}).returned()
    assert (item.kind, len(item.raw)) == ("reply", 10_000)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_the_mailbox_is_reached_with_tls(
    clock: SetClock, imap_server: Mailbox, settings: dict[str, object], security: str
) -> None:
    imap_server.put(mail("reply"))
    port = imap_server.tls_port if security == "tls" else imap_server.port
    trusted: dict[str, object] = {"security": security, "port": port, "ca_file": Path(imap_server.certificate)}
    assert kinds(clock, settings | trusted) == ["reply"]


def test_a_wrong_password_is_named_without_being_shown(clock: SetClock, settings: dict[str, object]) -> None:
    with pytest.raises(TemporaryFailure, match="cannot be read") as failure:
        kinds(clock, settings | {"password": "wrong-secret"})
    assert "wrong-secret" not in failure.value.reason


def test_a_server_that_is_away_is_temporary(clock: SetClock, settings: dict[str, object]) -> None:
    with pytest.raises(TemporaryFailure, match="127.0.0.1:1 cannot be read"):
        kinds(clock, settings | {"port": 1})


def test_looking_whether_it_works_reads_nothing(
    clock: SetClock, serve: Serve, imap_server: Mailbox, settings: dict[str, object]
) -> None:
    imap_server.put(mail("reply"))
    server = serve()
    given = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "shop@example.org",
             "hostname": "test.example.org", "imap": settings}  # fmt: skip
    looking = EmailChannel(Settings.model_validate(given), clock, logging.getLogger("test"))
    assert looking.check() == f"reached 127.0.0.1:{server.port}; 1 unread in the mailbox"
    looking.close()
    assert unseen(imap_server) == 1


def test_without_a_mailbox_nothing_comes_back(clock: SetClock) -> None:
    given = {"host": "127.0.0.1", "sender": "shop@example.org"}
    assert list(EmailChannel(Settings.model_validate(given), clock, logging.getLogger("test")).returned()) == []
