"""From an ended contact to a mail on a real SMTP server, and back from a real mailbox: nothing lost, nothing double."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from sqlalchemy import select

from feedbackhub import ContactEvent, CustomerData
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.returned import take_returned
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from feedbackhub.store import tables
from tests.mail.conftest import Serve
from tests.mail.smtp_server import DROP, OK, Server
from tests.mail.test_incoming import OURS, mail
from tests.services.mailboxes import Mailbox


@pytest.fixture
def server(serve: Serve) -> Server:
    return serve()


@pytest.fixture
def core(settings: Settings, clock: SetClock, server: Server, imap_server: Mailbox) -> Iterator[Core]:
    """An instance that sends and reads mails."""
    imap = {"host": "127.0.0.1", "port": imap_server.port, "security": "none", "username": imap_server.username,
            "password": imap_server.password}  # fmt: skip
    email = {"host": "127.0.0.1", "port": server.port, "security": "none", "sender": "shop@example.org", "imap": imap,
             "hostname": "test.example.org"}  # fmt: skip
    opened = open_core(settings.model_copy(update={"plugins": {"email": email}}), clock)
    yield opened
    opened.close()


def contact(core: Core, number: int = 1) -> None:
    customer = CustomerData(email=f"siti{number}@example.org", name="Siti", language="id")
    event = ContactEvent(source="helpdesk", external_id=str(number), customer=customer, ended_at=core.clock.now())
    assert record_contact(core, event).contact.decision.outcome == "ask"


def pass_time(core: Core, clock: SetClock, hours: int, every: timedelta = timedelta(minutes=30)) -> None:
    """Let the engine look now and then, as time goes by."""
    engine = Engine(core)
    for _ in range(timedelta(hours=hours) // every):
        clock.move(every)
        engine.drain()


def ids(server: Server) -> list[str]:
    return [str(message_from_bytes(taken.raw)["Message-ID"]) for taken in server.taken]


def rows(core: Core, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with core.store.read() as connection:
        found = connection.execute(select(*(table.c[name] for name in columns)).order_by(table.c.id))
        return [tuple(row) for row in found]


def test_what_the_server_puts_off_is_sent_once_it_takes_it(core: Core, clock: SetClock, server: Server) -> None:
    server.say["RCPT"].extend(["451 4.7.1 later", OK, "421 4.3.2 closing"])
    server.say["DATA"].extend([DROP, "452 4.2.2 full"])
    server.say["MAIL"].append("553 5.1.8 bad sender")
    for number in range(3):
        contact(core, number)
    pass_time(core, clock, 6)
    assert [state for (state,) in rows(core, tables.delivery, "state")].count("sent") == 3
    # The dropped connection came after the mail was taken: that one mail may come twice, under one Message-ID.
    assert (len(ids(server)), len(set(ids(server)))) == (4, 3)


def test_a_dead_address_is_not_written_to_again(core: Core, clock: SetClock, server: Server) -> None:
    server.say["RCPT"].append("550 5.1.1 <siti1@example.org>: no such user")
    contact(core)
    pass_time(core, clock, 3)
    assert server.taken == []
    assert rows(core, tables.delivery, "state", "error") == [("failed", "550 5.1.1 <…>: no such user")]
    assert rows(core, tables.suppression, "kind", "reason") == [("email", "bounce")]


def test_a_bounce_that_comes_back_suppresses_and_nothing_is_read_twice(
    core: Core, clock: SetClock, server: Server, imap_server: Mailbox
) -> None:
    contact(core)
    pass_time(core, clock, 2)
    [sent] = ids(server)
    ours = sent.strip("<>").encode()
    imap_server.put(mail("postfix").replace(OURS.encode(), ours))
    imap_server.put(mail("reply").replace(OURS.encode(), ours))
    imap_server.put(mail("postfix").replace(b"MAILER", b"SOMEBODY"))
    for _ in range(2):
        take_returned(core)
    assert sorted(rows(core, tables.inbox, "kind")) == [("bounce",), ("bounce",), ("reply",)]
    assert rows(core, tables.delivery, "kind", "state") == [("first", "bounced"), ("reminder", "cancelled")]
    assert rows(core, tables.suppression, "kind", "reason") == [("email", "bounce")]
    pass_time(core, clock, 24 * 5, every=timedelta(hours=12))
    assert len(server.taken) == 1
