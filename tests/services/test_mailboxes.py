"""The test mailbox itself."""

from imaplib import IMAP4_SSL

from tests.services.mailboxes import Mailbox


def test_a_message_put_in_is_there_unread(imap_server: Mailbox) -> None:
    imap_server.put(b"Subject: hello\n\nbody\n")
    assert imap_server.messages() == [b"Subject: hello\r\n\r\nbody\r\n"]
    assert len(imap_server.messages(criterion="UNSEEN")) == 1


def test_every_test_has_an_empty_mailbox_of_its_own(imap_server: Mailbox) -> None:
    assert imap_server.messages() == []


def test_tls_works_for_who_trusts_the_certificate(imap_server: Mailbox) -> None:
    with IMAP4_SSL(imap_server.host, imap_server.tls_port, ssl_context=imap_server.trust()) as connection:
        connection.login(imap_server.username, imap_server.password)
        assert connection.select("INBOX")[0] == "OK"
