"""Berta, who has left her traces everywhere, and Carl, who must not lose any."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Table, select, text

from feedbackhub import (
    Ask,
    Channel,
    Contact,
    ContactEvent,
    DontAsk,
    History,
    Identifier,
    Message,
    Receipt,
    Returned,
    Rule,
    TemporaryFailure,
)
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.gestures import GestureNote, record_gesture
from feedbackhub.loop.intake import Once, Recorded, record_contact
from feedbackhub.loop.merging import merge
from feedbackhub.loop.returned import store_returned
from feedbackhub.loop.suppress import suppress_identifiers
from feedbackhub.machinery.clock import SetClock
from feedbackhub.store.queries import people
from feedbackhub.store.tables import metadata

EMAIL = Identifier("email", "berta.quast@privat.example")
OTHER_EMAIL = Identifier("email", "b.q.zweitpost@privat.example")
PHONE = Identifier("phone", "+493055512345")
CRM = Identifier("id:crm", "CRM-778899")

#: Every trace of hers, each in a place of its own.
SECRETS = (
    "berta.quast", "privat.example", "zweitpost", "3055512345", "CRM-778899", "Quastenflößer", "TICKET-QUAST-4711",
    "TICKET-QUAST-4712", "TICKET-QUAST-4713", "TICKET-QUAST-4714", "Vertrag-Geheim-9", "vip-quast", "QUAST4711",
    "Kätzchenstern", "früheres-Wort-Mondkalb", "1709998877", "Blumenstrauß-Notiz", "Gutschein-Blau", "key-of-berta",
    "Regel-über-Berta", "Anlass-Berta", "Zeile-aus-ihrer-Antwort", "Rückläufer-Wortlaut", "Beschwerde-Wortlaut",
    "Leitung-besetzt-für", "Quittung-für-Berta", "Liebe Frau Q.",
)  # fmt: skip

CARL = {"email": "carl@example.org", "name": "Carl Bleibt", "phone": "+493055500000", "attributes": {"plan": "carl"}}


class Careful(Rule):
    """A rule that says more than it should."""

    name = "careful"

    def decide(self, contact: Contact, history: History, ask: Ask) -> Ask | DontAsk:
        """Refuse to ask about bills, naming the customer."""
        if contact.topic != "bill":
            return ask
        return DontAsk("Regel-über-Berta", {"about": "Anlass-Berta"})


class Pager(Channel):
    """A channel that quotes whom it wrote to."""

    name = "pager"
    reaches = ("phone",)
    engaged = True
    broken = True

    def deliver(self, message: Message) -> Receipt:
        """Break once, fail as long as the line is engaged, then say too much."""
        if self.broken:
            self.broken = False
            raise RuntimeError(f"{message.to.value} and {EMAIL.value} went wrong")
        if self.engaged:
            raise TemporaryFailure(f"Leitung-besetzt-für {message.to.value}")
        return Receipt("", f"Quittung-für-Berta {message.to.value}")


@dataclass
class Placed:
    """Where Berta and Carl are found."""

    core: Core = field(repr=False)
    clock: SetClock
    pager: Pager
    customer: str = ""
    second: str = ""
    carl: str = ""
    invitations: list[str] = field(default_factory=list)
    message_id: str = ""
    carl_invitation: str = ""


def equipped(core: Core) -> tuple[Core, Pager]:
    """Return the instance with the careful rule and the pager."""
    pager = Pager()
    plugins = core.plugins.having("feedbackhub_rules", [*core.plugins.rules, ("tests", Careful())])
    plugins = plugins.having("feedbackhub_channels", [*core.plugins.channels.items(), ("pager", pager)])
    return replace(core, plugins=plugins), pager


def event(external_id: str, customer: dict[str, Any], **more: Any) -> ContactEvent:
    """Return an ended contact."""
    return ContactEvent.model_validate({
        "source": "desk", "external_id": external_id, "channel": "phone", "team": "north", "customer": customer, **more,
    })  # fmt: skip


def berta(**more: Any) -> dict[str, Any]:
    """Return Berta as a helpdesk knows her."""
    known = {"email": EMAIL.value, "phone": PHONE.value, "name": "Berta Quastenflößer", "language": "en"}
    return {**known, "segment": "gold", "country": "DE", "attributes": {"contract": "Vertrag-Geheim-9"}, **more}


def first_contact(core: Core) -> Recorded:
    """Deliver the event of Berta's first contact, as the helpdesk does as often as it likes."""
    more = {"topic": "delivery", "tags": ["vip-quast"], "url": "https://desk.example/t/QUAST4711"}
    told = event("TICKET-QUAST-4711", berta(), **more, attributes={"note": "Vertrag-Geheim-9"})
    return record_contact(core, told, Once("tests", "key-of-berta", b"1"))


def place(core: Core, clock: SetClock) -> Placed:
    """Let Berta and Carl be served, asked, answer, complain and be given something."""
    core, pager = equipped(replace(core, clock=clock))
    placed = Placed(core, clock, pager)
    engine = Engine(core)
    first = first_contact(core)
    carl = record_contact(core, event("C-1", CARL, topic="delivery"))
    assert first.contact.invitation and carl.contact.invitation
    placed.customer, placed.carl = first.contact.customer or "", carl.contact.customer or ""
    placed.invitations.append(first.contact.invitation.id)
    placed.carl_invitation = carl.contact.invitation.id
    clock.move(timedelta(hours=2))
    engine.drain()
    _answer(placed)
    _second_self(placed)
    _gestures(placed)
    clock.move(timedelta(days=40))
    pager.engaged = False
    record_contact(core, event("TICKET-QUAST-4713", berta(), topic="bill"))
    last = record_contact(core, event("TICKET-QUAST-4714", second_self(), source="shop", topic="delivery"))
    assert last.contact.invitation
    placed.invitations.append(last.contact.invitation.id)
    clock.move(timedelta(hours=2))
    engine.drain()
    first_contact(core)
    _come_back(placed)
    return placed


def _answer(placed: Placed) -> None:
    core, [invitation] = placed.core, placed.invitations
    words = {"satisfaction": "2", "solved": "no", "contacts": "3+", "call_back": "yes"}
    phone = {"call_back_phone": "0170 9998877 / 1709998877", "call_back_time": "evening"}
    submit(core, invitation, {**words, "comment": "früheres-Wort-Mondkalb"}, via="api", language="en")
    submit(core, invitation, {**words, **phone, "comment": "Kätzchenstern"}, via="api", language="en")
    submit(core, placed.carl_invitation, {"satisfaction": "5", "comment": "Carl sagt danke"}, via="api", language="en")


def _come_back(placed: Placed) -> None:
    core = placed.core
    with core.store.read() as connection:
        found = connection.execute(text("SELECT message_id, address FROM delivery ORDER BY id")).all()
    placed.message_id = next(each.message_id for each in found if each.address == EMAIL.value)
    carls = next(each.message_id for each in found if each.address == CARL["email"])
    said = "Zeile-aus-ihrer-Antwort"
    for item in (
        Returned("reply", "r1", placed.message_id, EMAIL, f"Re: {said}", said.encode()),
        Returned("soft_bounce", "r2", "", EMAIL, "", "Rückläufer-Wortlaut".encode()),
        Returned("reply", "r3", "", None, "", f"Beschwerde-Wortlaut of {EMAIL.value}".encode()),
        Returned("reply", "r4", carls, None, "Re: from Carl", b"Carl's reply"),
    ):
        store_returned(core, "email", item)


def _second_self(placed: Placed) -> None:
    """Berta under another name, first a stranger, then merged by hand; and a stranger with her phone, proposed."""
    core, clock = placed.core, placed.clock
    other = record_contact(core, event("TICKET-QUAST-4712", second_self(), source="shop"))
    placed.second = other.contact.customer or ""
    assert other.contact.invitation
    placed.invitations.append(other.contact.invitation.id)
    for _ in range(3):  # until the pager's failures have used up every attempt
        clock.move(timedelta(days=1))
        Engine(core).drain()
    with core.store.read() as connection:
        one = people.customer_by_public_id(connection, placed.second)
        two = people.customer_by_public_id(connection, placed.customer)
        carl = people.customer_by_public_id(connection, placed.carl)
    assert one and two and carl
    merge(core, one.person_id, two.person_id, "staff@example.com")
    now = clock.now()

    def more(connection: Any) -> None:
        people.add_link(connection, two.person_id, carl.person_id, "proposed", "both write to berta.quast", "hub", now)
        suppress_identifiers(connection, core.links, [CRM], "bounce", "Beschwerde-Wortlaut", "tests", now)

    core.store.write(more)


def second_self() -> dict[str, Any]:
    """Return Berta as the shop knows her."""
    ids = {"crm": CRM.value}
    return {"email": OTHER_EMAIL.value, "phone": "+493055500011", "ids": ids, "name": "B. Quastenflößer"}


def _gestures(placed: Placed) -> None:
    said = {"note": "Blumenstrauß-Notiz", "value": "Gutschein-Blau", "words": "Liebe Frau Q.", "cost_cents": 500}
    record_gesture(placed.core, GestureNote("compensation", placed.customer, "ana@example.com", **said))
    record_gesture(placed.core, GestureNote("apology", placed.carl, "ana@example.com", note="Carl's note"))


def traces(core: Core, secrets: tuple[str, ...], *folders: Path) -> set[str]:
    """Return which secrets are found in the database's rows or, byte by byte, in any file of these folders."""
    haystacks = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    haystacks += list(rows_of(core))
    lowered = [hay.lower() for hay in haystacks]
    return {secret for secret in secrets if any(form in hay for form in spellings(secret) for hay in lowered)}


def spellings(secret: str) -> set[bytes]:
    """Return a text as it may stand in a file: UTF-8, UTF-16, escaped as JSON or for an address, in hexadecimal."""
    utf8 = secret.encode()
    forms = [utf8, secret.encode("utf-16-le"), secret.encode("utf-16-be"), json.dumps(secret)[1:-1].encode()]
    forms += [quote(secret, safe="").encode(), utf8.hex().encode(), secret.lower().encode()]
    return {form.lower() for form in forms}


def rows_of(core: Core) -> Iterator[bytes]:
    """Yield every row of every table, whatever the table, as text."""
    with core.store.read() as connection:
        for table in tables_of(core):
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    readable = json.dumps(value, default=str, ensure_ascii=False).encode()
                    yield value if isinstance(value, bytes) else readable


def tables_of(core: Core) -> list[str]:
    """Return the names of all tables that are there, ours and others'."""
    where = "sqlite_master WHERE type = 'table'" if core.store.is_sqlite else "pg_tables WHERE schemaname = 'public'"
    name = "name" if core.store.is_sqlite else "tablename"
    with core.store.read() as connection:
        return list(connection.scalars(text(f"SELECT {name} FROM {where}")))


def table_rows(core: Core, table: Table) -> list[Any]:
    """Return all rows of a table, in one order."""
    with core.store.read() as connection:
        return sorted(connection.execute(select(table)).all(), key=repr)


def all_rows(core: Core) -> dict[str, list[Any]]:
    """Return everything that is stored."""
    return {table.name: table_rows(core, table) for table in metadata.sorted_tables}
