"""What looking and answering cost: statements, round trips and commits, counted."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from feedbackhub.app import create_app
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import AskEntry, Settings, Throttle, Web
from tests.api.statements import counted
from tests.services.databases import PostgresDatabases
from tests.services.listening import Listener, listened

PLENTY = "100000/second"
#: psycopg prepares a statement with the server when it is said for the sixth time, which takes a round trip once.
WARM = 8
ANSWER = {"satisfaction": "4", "solved": "yes", "comment": "quick"}


def settled(settings: Settings) -> Settings:
    """Ask everybody, through a channel that sends nothing soon."""
    web = Web(survey_limit=PLENTY)
    asks = (AskEntry(name="all", channels=("mailbox",)),)
    return settings.model_copy(update={"ask": asks, "web": web, "throttle": Throttle(days=0)})


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Ask everybody, as often as there are contacts."""
    return settled(settings)


_numbers = itertools.count()


def link(core: Core) -> str:
    """End a contact and return the path of its survey page."""
    number = next(_numbers)
    customer = {"email": f"c{number}@example.org", "language": "en"}
    event = {"source": "helpdesk", "external_id": f"C-{number}", "channel": "chat", "customer": customer}
    invitation = record_contact(core, ContactEvent.model_validate(event)).contact.invitation
    assert invitation is not None
    return urlsplit(invitation.link).path


def answered(client: FlaskClient, path: str, **more: str) -> None:
    """Answer the survey behind a link."""
    assert client.post(path, data={**ANSWER, **more}, headers={"Accept-Language": "en"}).status_code == 303


def test_looking_asks_one_question(core: Core, client: FlaskClient) -> None:
    path = link(core)
    client.get(path)
    with counted(core.store.engine) as statements:
        assert client.get(f"{path}?a=4").status_code == 200
    assert [each.split()[0] for each in statements] == ["SELECT"]


def test_answering_asks_twice_and_changes_each_table_once(core: Core, client: FlaskClient) -> None:
    path = link(core)
    client.get(path)
    with counted(core.store.engine) as statements:
        answered(client, path)
    said = [" ".join(each.split()[:3]) for each in statements]
    changes = [each for each in said if not each.startswith("SELECT")]
    asked = len(said) - len(changes)
    assert asked == (2 if core.store.is_sqlite else 3), "on PostgreSQL the row is locked by a statement of its own"
    assert changes == [
        "INSERT INTO response", "INSERT INTO answer", "INSERT INTO revision", "INSERT INTO event",
        "INSERT INTO event", "UPDATE invitation SET", "UPDATE task SET", "UPDATE delivery SET", "INSERT INTO task",
    ]  # fmt: skip


@pytest.fixture
def heard(
    tmp_path: Path, clock: SetClock, postgres_databases: PostgresDatabases, filled: Callable[[str], None]
) -> Iterator[tuple[Core, Listener]]:
    """An instance on PostgreSQL that is listened to."""
    write_key(tmp_path / KEY_FILE)
    # The path of a socket has little room.
    database = postgres_databases.new(filled)
    with tempfile.TemporaryDirectory() as short, listened(database, Path(short)) as (url, listener):
        opened = open_core(settled(Settings(data_dir=tmp_path, database=url)), clock)
        yield opened, listener
        opened.close()


def commits(core: Core) -> int:
    """Return a number that grows by one with each transaction that changes something."""
    with core.store.read() as connection:
        found = connection.execute(text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
        return int(found.scalar_one())


def test_an_answer_takes_three_round_trips_and_one_commit_on_postgresql(heard: tuple[Core, Listener]) -> None:
    core, listener = heard
    client = create_app(core).test_client()
    paths = [link(core) for _ in range(WARM + 3)]
    for path in paths[:WARM]:
        client.get(path)
        answered(client, path)
    trips = []
    before = commits(core)
    for path in paths[WARM:]:
        begun = listener.trips
        answered(client, path)
        trips.append(listener.trips - begun)
    assert trips == [3, 3, 3], "the page's question; BEGIN with the locked question; all changes with COMMIT"
    assert commits(core) - before == 3


def test_looking_takes_one_round_trip_on_postgresql(heard: tuple[Core, Listener]) -> None:
    core, listener = heard
    client = create_app(core).test_client()
    path = link(core)
    for _ in range(WARM):
        client.get(path)
    begun = listener.trips
    client.get(path)
    assert listener.trips - begun == 1
