"""One mail through a real SMTP conversation, and everything that can go wrong with it."""

import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path

import pytest

from feedbackhub import Identifier, PermanentFailure, Receipt, TemporaryFailure
from tests.mail.conftest import Connect, Serve
from tests.mail.messages import message
from tests.mail.smtp_server import DROP, HANG, OK_QUEUED

SECRET = "correct horse"


def message_ids(raws: list[bytes]) -> list[str]:
    return [str(message_from_bytes(raw)["Message-ID"]) for raw in raws]


def test_a_mail_arrives_and_the_servers_words_become_the_receipt(serve: Serve, connect: Connect) -> None:
    server = serve()
    server.say["DATA"].append(OK_QUEUED)
    receipt = connect(server).deliver(message())
    assert receipt == Receipt("4F1C2A0033", "2.0.0 Ok: queued as 4F1C2A0033")
    [taken] = server.taken
    assert (taken.sender, taken.recipients) == ("hello@acme.example", ["siti@example.org"])


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_wants_every_command_alone_gets_it_so(serve: Serve, connect: Connect, step: str) -> None:
    server = serve()
    server.offers = ()
    channel = connect(server)
    server.say[step].append("550 5.7.1 not now")
    with pytest.raises((PermanentFailure, TemporaryFailure), match="550 5.7.1 not now"):
        channel.deliver(message())
    for _ in range(3):
        channel.deliver(message())
    assert (len(server.taken), server.connections) == (3, 1)


def test_lines_that_begin_with_a_dot_arrive_with_it(serve: Serve, connect: Connect) -> None:
    server = serve()
    connect(server).deliver(message(text=".\n..\n.x\n", html=""))
    assert message_from_bytes(server.taken[0].raw).get_payload() == ".\r\n..\r\n.x\r\n"


def test_bounces_go_where_the_operator_says(serve: Serve, connect: Connect) -> None:
    server = serve()
    connect(server, bounces_to="bounces@acme.example").deliver(message())
    assert server.taken[0].sender == "bounces@acme.example"


def test_starttls_and_signing_in(serve: Serve, connect: Connect, tls: ssl.SSLContext, certificate: Path) -> None:
    server = serve(secret=SECRET, tls=tls)
    channel = connect(server, security="starttls", ca_file=certificate, username="shop", password=SECRET)
    channel.deliver(message())
    assert (server.taken[0].secure, server.taken[0].user) == (True, b"shop")
    assert channel.check() == f"reached 127.0.0.1:{server.port}, signed in"


def test_tls_from_the_first_byte(serve: Serve, connect: Connect, tls: ssl.SSLContext, certificate: Path) -> None:
    server = serve(tls=tls, implicit_tls=True)
    connect(server, security="tls", ca_file=certificate).deliver(message())
    assert len(server.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(serve: Serve, connect: Connect, tls: ssl.SSLContext) -> None:
    server = serve(secret=SECRET, tls=tls)
    with pytest.raises(TemporaryFailure, match="certificate verify failed"):
        connect(server, security="starttls", username="shop", password=SECRET).deliver(message())
    assert server.taken == []


def test_a_server_without_starttls_gets_nothing(serve: Serve, connect: Connect) -> None:
    server = serve()
    with pytest.raises(TemporaryFailure, match="STARTTLS"):
        connect(server, security="starttls").deliver(message())
    assert server.taken == []


def test_a_wrong_password_loses_nothing_and_is_not_repeated(
    serve: Serve, connect: Connect, tls: ssl.SSLContext, certificate: Path
) -> None:
    server = serve(secret=SECRET, tls=tls)
    channel = connect(server, security="starttls", ca_file=certificate, username="shop", password="wrong-secret")
    with pytest.raises(TemporaryFailure, match="refuses the sign-in: 535") as failure:
        channel.deliver(message())
    assert "wrong-secret" not in failure.value.reason
    with pytest.raises(TemporaryFailure, match="refuses the sign-in"):
        channel.check()


def test_nobody_listening_is_temporary(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server, port=1)
    with pytest.raises(TemporaryFailure, match="127.0.0.1:1 cannot be used: .*refused"):
        channel.deliver(message())


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("reply", ["451 4.7.1 try again later", "421 4.3.2 shutting down", "452 4.2.2 mailbox full"])
def test_a_temporary_refusal_and_then_success(serve: Serve, connect: Connect, step: str, reply: str) -> None:
    server = serve()
    channel = connect(server)
    server.say[step].append(reply)
    with pytest.raises(TemporaryFailure) as failure:
        channel.deliver(message())
    assert failure.value.reason == reply
    channel.deliver(message())
    assert message_ids([taken.raw for taken in server.taken]) == ["<AbCdEfGhIjKl.1@feedback.example.org>"]


@pytest.mark.parametrize(("step", "reply", "dead"), [
    ("RCPT", "550 5.1.1 no such user", True),
    ("RCPT", "550 no such user here", True),
    ("RCPT", "550 5.7.1 blocked by policy", False),
    ("RCPT", "552 5.2.2 mailbox full", False),
    ("DATA", "554 5.6.0 content refused", False),
    ("DATA", "550 5.1.1 no such user", True),
])  # fmt: skip
def test_a_permanent_refusal_says_whether_the_address_is_dead(
    serve: Serve, connect: Connect, step: str, reply: str, dead: bool
) -> None:
    server = serve()
    server.say[step].append(reply)
    channel = connect(server)
    with pytest.raises(PermanentFailure) as failure:
        channel.deliver(message())
    assert (failure.value.reason, failure.value.address_is_dead, server.taken) == (reply, dead, [])
    channel.deliver(message())
    assert (len(server.taken), server.connections) == (1, 1)


def test_what_the_server_says_is_kept_without_the_address(serve: Serve, connect: Connect) -> None:
    server = serve()
    server.say["RCPT"].append("550 5.1.1 <Siti@Example.org>: no such user")
    with pytest.raises(PermanentFailure) as failure:
        connect(server).deliver(message())
    assert failure.value.reason == "550 5.1.1 <…>: no such user"


def test_a_refused_sender_is_ours_to_set_right(serve: Serve, connect: Connect) -> None:
    server = serve()
    server.say["MAIL"].append("553 5.7.1 sender not allowed")
    with pytest.raises(TemporaryFailure, match="the server refuses the sender: 553"):
        connect(server).deliver(message())


@pytest.mark.parametrize(("step", "taken"), [("MAIL", 0), ("RCPT", 0), ("DATA", 1)])
def test_a_dropped_connection_is_temporary_and_the_retry_bears_the_same_id(
    serve: Serve, connect: Connect, step: str, taken: int
) -> None:
    server = serve()
    channel = connect(server)
    server.say[step].append(DROP)
    with pytest.raises(TemporaryFailure, match="the connection to the mail server was lost"):
        channel.deliver(message())
    assert len(server.taken) == taken
    channel.deliver(message())
    assert set(message_ids([each.raw for each in server.taken])) == {"<AbCdEfGhIjKl.1@feedback.example.org>"}


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_is_left_in_time(serve: Serve, connect: Connect, step: str) -> None:
    server = serve()
    server.say[step].append(HANG)
    began = time.monotonic()
    with pytest.raises(TemporaryFailure, match="the connection to the mail server was lost"):
        connect(server, timeout=25, patience=0.4).deliver(message())
    assert time.monotonic() - began < 20


def test_the_connection_is_kept_for_the_next_mail(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server)
    for number in range(5):
        channel.deliver(message(id=f"m{number}@example.org"))
    assert (len(server.taken), server.connections) == (5, 1)


def test_a_connection_lost_in_between_is_opened_again(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server)
    channel.deliver(message())
    server.drop_all()
    channel.deliver(message())
    assert (len(server.taken), server.connections) == (2, 2)


def test_a_connection_is_changed_after_so_many_mails(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server, mails_per_connection=2)
    for _ in range(5):
        channel.deliver(message())
    assert (len(server.taken), server.connections) == (5, 3)


def test_an_unused_connection_is_closed(serve: Serve, connect: Connect) -> None:
    server = serve()
    closed = server.closed
    connect(server, idle=0.1).deliver(message())
    deadline = time.monotonic() + 5
    while server.closed == closed and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.closed == closed + 1


def test_a_closed_channel_keeps_no_connection(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server)
    channel.close()
    channel.deliver(message())
    channel.deliver(message())
    assert server.connections == 2


def test_many_threads_send_every_mail_once(serve: Serve, connect: Connect) -> None:
    server = serve()
    channel = connect(server)
    messages = [message(id=f"m{number}@example.org") for number in range(60)]
    with ThreadPoolExecutor(6) as threads:
        receipts = list(threads.map(channel.deliver, messages))
    assert receipts == [Receipt("", "2.0.0 fine")] * 60
    assert sorted(message_ids([taken.raw for taken in server.taken])) == sorted(f"<{each.id}>" for each in messages)
    assert server.connections <= 6


@pytest.mark.parametrize("address", [
    "siti@example.org\r\nRCPT TO:<other@example.org>",
    "siti@example.org>\r\nDATA\r\n",
    "siti@example.org, other@example.org",
    "Siti <siti@example.org>",
    "siti",
    "",
    "a@b\x00.example",
    "siti@example.org\udcff",
])  # fmt: skip
def test_an_address_that_is_none_never_reaches_the_server(serve: Serve, connect: Connect, address: str) -> None:
    server = serve()
    with pytest.raises(PermanentFailure) as failure:
        connect(server).deliver(message(to=Identifier("email", address)))
    assert (failure.value.address_is_dead, server.connections) == (True, 0)


def test_an_internationalised_domain_is_sent_in_ascii(serve: Serve, connect: Connect) -> None:
    server = serve()
    connect(server).deliver(message(to=Identifier("email", "siti@bücher.example")))
    assert server.taken[0].recipients == ["siti@xn--bcher-kva.example"]


def test_letters_before_the_at_that_smtp_does_not_know_are_refused_kindly(serve: Serve, connect: Connect) -> None:
    server = serve()
    with pytest.raises(PermanentFailure) as failure:
        connect(server).deliver(message(to=Identifier("email", "सिति@example.org")))
    assert (failure.value.address_is_dead, server.connections) == (False, 0)
