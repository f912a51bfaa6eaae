"""Two adjacent releases beside each other: the older one works on while the newer one's schema is there already."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from feedbackhub.app import create_app
from feedbackhub.contract.errors import Unavailable
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.collect import submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.settings import AskEntry, Settings
from feedbackhub.store.migrate import SchemaTooNew, current, head, misfit, upgrade
from feedbackhub.store.store import Store

#: As a next release would write it: a column, an index, a table; nothing that is there changes.
NEXT = '''
"""What the next release needs."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9001", "{head}", None, None
works_with = "{works_with}"


def upgrade():
    for table in ("contact", "invitation", "response", "task", "event", "delivery", "customer"):
        op.add_column(table, sa.Column("mood", sa.String(20), server_default="calm", nullable=False))
    op.create_index("ix_response_mood", "response", ["mood"])
    op.create_table("mood", sa.Column("id", sa.Integer, primary_key=True))
'''


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that ask everybody."""
    return settings.model_copy(update={"ask": (AskEntry(name="all", channels=("mailbox",)),)})


@pytest.fixture
def next_release(tmp_path: Path) -> Path:
    """Return the folder of a revision that this release can work on."""
    return written(tmp_path / "next", works_with=head())


def written(folder: Path, works_with: str) -> Path:
    folder.mkdir()
    (folder / "9001_next.py").write_text(NEXT.format(head=head(), works_with=works_with), encoding="utf-8")
    return folder


def test_this_release_goes_on_through_the_upgrade_to_the_next(core: Core, next_release: Path) -> None:
    engine = Engine(core)
    before = asked(core, "1")
    engine.drain()
    assert upgrade(core.store, [next_release]) == (head(), "9001")
    after = asked(core, "2")
    assert [submit(core, each, {"satisfaction": "5"}).stored for each in (before, after)] == [True, True]
    engine.drain()
    with core.store.read() as connection:
        assert connection.execute(text("SELECT DISTINCT mood FROM response")).scalars().all() == ["calm"]
        assert connection.execute(text("SELECT count(*) FROM tally")).scalar_one() > 0


def asked(core: Core, number: str) -> str:
    event = ContactEvent.model_validate(
        {"source": "helpdesk", "external_id": number, "customer": {"email": f"ann{number}@example.org"}}
    )
    invitation = record_contact(core, event).contact.invitation
    assert invitation is not None
    return invitation.id


def test_this_release_starts_on_the_next_ones_schema(core: Core, next_release: Path) -> None:
    upgrade(core.store, [next_release])
    assert misfit(core.store) == ""
    answer = create_app(core).test_client().get("/readyz")
    assert (answer.status_code, answer.json["broken"]) == (200, [])  # type: ignore[index]


def test_a_schema_that_leaves_this_release_behind_is_refused(core: Core, tmp_path: Path) -> None:
    upgrade(core.store, [written(tmp_path / "far", works_with="9001")])
    assert misfit(core.store).startswith("has schema 9001 of a newer release")
    answer = create_app(core).test_client().get("/readyz")
    assert answer.status_code == 503


def test_this_release_does_not_migrate_what_the_next_one_has_made(store: Store, next_release: Path) -> None:
    upgrade(store, [next_release])
    with pytest.raises(SchemaTooNew, match="no way back to an older schema but a backup"):
        upgrade(store)
    assert current(store) == "9001"


def test_a_table_in_use_is_waited_for_without_making_others_wait(
    store: Store, next_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.is_sqlite:
        return  # one writer: the upgrade simply waits for its turn
    monkeypatch.setattr("feedbackhub.store.migrate._PAUSES", (0.0,))
    with store.engine.connect() as long:
        long.execute(text("SELECT count(*) FROM contact"))
        long.execute(text("LOCK TABLE contact IN ACCESS SHARE MODE"))
        with pytest.raises(Unavailable, match="is in use"):
            upgrade(store, [next_release])
        assert current(store) == head()
    assert upgrade(store, [next_release]) == (head(), "9001")
    with store.read() as connection:
        assert inspect(connection).has_table("mood")
