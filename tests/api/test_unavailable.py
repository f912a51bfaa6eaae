"""While somebody else holds the database, callers are told when to come back, and nothing is half-written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from feedbackhub.loop.core import Core
from tests.api.conftest import ANN, Caller


@contextmanager
def held(core: Core) -> Iterator[None]:
    """Hold the database against every writer."""
    engine = create_engine(core.store.url)
    with engine.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE" if core.store.is_sqlite else "LOCK TABLE contact IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


def test_a_held_database_is_503_and_the_same_request_succeeds_later(caller: Caller, core: Core) -> None:
    caller.get("/surveys")
    event = {"source": "helpdesk", "external_id": "1", "customer": ANN}
    with held(core):
        refused = caller.post("/contacts", event)
        assert (refused.status_code, refused.content_type) == (503, "application/problem+json")
        assert int(refused.headers["Retry-After"]) >= 1
        assert caller.get("/surveys").status_code == 200
    assert caller.get("/suppressions").get_json()["items"] == []
    assert caller.post("/contacts", event).status_code == 201
    assert len(caller.get("/contacts").get_json()["items"]) == 1
