"""No step of the loop walks through a table that grows: what is fast today is fast after years."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from feedbackhub.app import create_app
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact, reopen_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import write_key
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.office.keys import SCOPES, create_key
from feedbackhub.office.open_links import create_link, wanted
from feedbackhub.store.tables import contact, customer, metadata, response
from tests.app_fixtures import MakeClient
from tests.services.databases import SQLiteDatabases

#: Tables with a line for each survey, key, subscriber, process or member of staff, and what is kept for days only.
SMALL = {
    "survey_version", "api_key", "subscriber", "staff_user", "staff_session", "inbox", "idempotency", "open_link",
    "open_visit", "day_salt", "export_schedule", "engine_pulse", "meter", "lane", "job", "snapshot",
}  # fmt: skip
GROWING = set(metadata.tables) - SMALL
SCAN = re.compile(r"SCAN (\w+)$")


@pytest.fixture
def core(
    tmp_path: Path, clock: SetClock, sqlite_databases: SQLiteDatabases, filled: Callable[[str], None]
) -> Iterator[Core]:
    """An instance on SQLite, which plans without statistics, so that few rows show what many would."""
    write_key(tmp_path / "instance.key")
    ask = (AskEntry(name="all", channels=("mailbox",), delay=timedelta(0), reminder_after=timedelta(days=1)),)
    opened = open_core(Settings(data_dir=tmp_path, database=sqlite_databases.new(filled), ask=ask), clock)
    yield opened
    opened.close()


@pytest.fixture
def seen(core: Core) -> Iterator[dict[str, Any]]:
    """Every statement that reaches the database, with its values."""
    found: dict[str, Any] = {}

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.split()[0] in ("SELECT", "WITH", "UPDATE", "DELETE", "INSERT"):
            found.setdefault(statement, parameters)

    event.listen(core.store.engine, "before_cursor_execute", note)
    yield found
    event.remove(core.store.engine, "before_cursor_execute", note)


def go_round(core: Core, clock: SetClock) -> None:
    """Take two customers through everything that happens again and again."""
    _, key = create_key(core.store, clock, "plans", SCOPES, "tests")
    client, headers = create_app(core).test_client(), {"Authorization": f"Bearer {key}"}
    engine = Engine(core)
    for number in (1, 2):
        who = {"email": f"ann{number}@example.org", "phone": f"+1202555014{number}", "ids": {"crm": f"C{number}"}}
        body = {"source": "helpdesk", "external_id": str(number), "customer": who, "agent": {"id": "7", "name": "Bo"}}
        recorded = record_contact(core, ContactEvent.model_validate(body))
        assert recorded.contact.invitation is not None
        engine.drain()
        clock.move(timedelta(days=2))
        engine.drain()
        path = recorded.contact.invitation.link.partition("://")[2].partition("/")[2]
        assert client.get(f"/{path}").status_code == 200
        for rating in ("1", "2"):
            answer = {"satisfaction": rating, "solved": "no", "comment": "Late.", "call_back": "yes"}
            assert client.post(f"/{path}", data=answer).status_code in (200, 303, 422)
        engine.drain()
        looked = client.post(
            "/api/v1/customers/lookup", headers=headers,
            json={"email": who["email"], "agent": {"source": "helpdesk", "id": "7"}},
        )  # fmt: skip
        assert looked.status_code == 200
        address = (looked.json or {})["address"]
        assert client.get("/" + address.partition("://")[2].partition("/")[2]).status_code == 200
        come_by_an_open_link(core, client, str(number))
        given = {"kind": "apology", "customer": who["email"]}
        client.post("/api/v1/gestures", headers=headers, json=given)
        reopen_contact(core, "helpdesk", str(number))
        assert client.post(f"/{path}/stop").status_code == 200
        clock.move(timedelta(days=60))
        engine.drain()


def come_by_an_open_link(core: Core, client: FlaskClient, ticket: str) -> None:
    """Answer an open link about a ticket that is known, and one about a ticket that will be."""
    link = create_link(core, wanted(source="helpdesk"), "tests").link
    path = link.partition("://")[2].partition("/")[2]
    for claimed in (ticket, str(int(ticket) + 1)):
        assert client.get(f"/{path}?ticket={claimed}").status_code == 200
        answer = client.post(f"/{path}?ticket={claimed}", data={"satisfaction": "4"})
        assert answer.status_code == 303
        assert client.get(answer.location).status_code == 200


def look_at_everything(core: Core, staff: FlaskClient) -> None:
    """Open the pages about one customer, contact and answer."""
    with core.store.read() as connection:
        paths = [
            f"/{page}/{connection.scalars(select(table.c.public_id)).first()}"
            for page, table in (("desk", customer), ("contacts", contact), ("answers", response))
        ]
    for path in paths:
        assert staff.get(path).status_code == 200, path


def test_no_statement_of_the_loop_walks_through_a_table_that_grows(
    core: Core, clock: SetClock, seen: dict[str, Any], client_of: MakeClient
) -> None:
    go_round(core, clock)
    staff = client_of("admin")
    prepared = set(seen)
    look_at_everything(core, staff)
    statements = dict(seen)
    assert len(set(statements) - prepared) > 5
    walks = {}
    with core.store.engine.connect() as connection:
        for statement, parameters in statements.items():
            if isinstance(parameters, list):
                parameters = parameters[0]
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            walked = {found[1] for row in plan if (found := SCAN.search(row[3]))} & GROWING
            if walked:
                walks[" ".join(statement.split())] = walked
    assert len(statements) > 60
    assert walks == {}


@pytest.mark.parametrize(
    ("page", "index"),
    [
        ("answers?from=2024-05-01&to=2024-05-07", "ix_response_created"),
        ("answers?basis=contact&from=2024-05-01&to=2024-05-07", "ix_invitation_contact_at"),
        ("answers?state=suspect", "ix_response_suspect"),
        ("answers?state=accepted", "ix_response_judged"),
        ("answers?call=1", "ix_response_call"),
        ("contacts?source=helpdesk", "ix_contact_ended"),
    ],
)
def test_lists_are_read_off_an_index_in_their_order_and_what_they_offer_is_read_once(
    core: Core, seen: dict[str, Any], client_of: MakeClient, page: str, index: str
) -> None:
    assert client_of("admin").get(f"/{page}").status_code == 200
    offering = [each for each in seen if each.startswith("WITH recent")]
    [listing] = [each for each in seen if "LEFT OUTER JOIN customer" in each]
    with core.store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {listing}", seen[listing]).all()
    steps = [row[3] for row in plan]
    assert steps[0].partition("USING INDEX ")[2].split()[0] == index
    assert not [each for each in steps if "TEMP B-TREE" in each]
    assert len(offering) == 1
