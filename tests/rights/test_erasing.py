"""Erasing: nothing of a person is found any more, and every number comes out as before."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from feedbackhub import Identifier
from feedbackhub.contract.errors import Conflict, NotFound
from feedbackhub.loop import tallies
from feedbackhub.loop.collect import NotOpen, submit
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.office.audit import entries
from feedbackhub.office.erasing import erase_person
from feedbackhub.store import tables
from feedbackhub.store.queries.tallies import whole_tally
from tests.rights.placed import EMAIL, OTHER_EMAIL, PHONE, SECRETS, Placed, all_rows, event, table_rows, traces

NOBODY = Identifier("email", "nobody@example.org")
CARL_EMAIL = Identifier("email", "carl@example.org")
SHARED = Identifier("email", "info@example.org")


def files(core: Core) -> list[Path]:
    """Return the folders in which anything of an instance is written."""
    url = make_url(core.settings.database_url)
    return [core.settings.data_dir, *([Path(url.database or "").parent] if core.store.is_sqlite else [])]


def test_berta_is_really_everywhere(placed: Placed) -> None:
    """Otherwise the next test would prove nothing."""
    assert set(SECRETS) - traces(placed.core, SECRETS, *files(placed.core)) == set()


@pytest.mark.parametrize("named", ["email", "the merged one's email", "both", "id", "the merged one's id"])
def test_nothing_of_an_erased_person_is_found_anywhere(placed: Placed, named: str) -> None:
    whom = {
        "email": (EMAIL,), "the merged one's email": (OTHER_EMAIL,), "both": (EMAIL, PHONE), "id": placed.customer,
        "the merged one's id": placed.second,
    }[named]  # fmt: skip
    core = placed.core
    done = erase_person(core, whom, "ana@example.com")
    assert "[phone] and [e-mail] went wrong" in (core.settings.data_dir / "hub.log").read_text()
    assert traces(core, SECRETS, *files(core)) == set()
    assert (done.customers, done.failed, done.purged) == ((placed.customer, placed.second), {}, True)
    assert {name: n for name, n in done.plugins.items() if n} == {"mailbox": 1, "recovery": 1}
    assert dict(done.counts) == {
        "contacts": 4, "idempotency_keys": 1, "invitations": 3, "cancelled": 1, "deliveries": 5, "responses": 1,
        "answers": 2, "gestures": 1, "messages_received": 3, "identifiers": 5,
    }  # fmt: skip


def test_scores_choices_and_dimensions_stay_and_every_number_with_them(placed: Placed) -> None:
    core = placed.core
    with core.store.read() as connection:
        before = whole_tally(connection)
    [response] = [row for row in table_rows(core, tables.response) if row.score == 25]
    erase_person(core, (EMAIL,), "tests")
    Engine(core).drain()
    with core.store.read() as connection:
        assert whole_tally(connection) == before
        assert {cell: n for cell, n in tallies.recount(connection).items() if n} == before
    [after] = [row for row in table_rows(core, tables.response) if row.id == response.id]
    assert (after.score, after.headline, after.low, after.solved) == (25, 2, True, False)
    assert after.answers == {"satisfaction": 2, "solved": "no", "contacts": "3+", "call_back": "yes",
                             "call_back_time": "evening"}  # fmt: skip
    left = {row.question for row in table_rows(core, tables.answer) if row.response_id == after.id}
    assert left == set(after.answers)
    kept = [row for row in table_rows(core, tables.contact) if row.customer_id == after.customer_id]
    assert {(row.topic, row.team, row.segment, row.country) for row in kept} == {
        ("delivery", "north", "gold", "DE"), ("bill", "north", "gold", "DE"),
    }  # fmt: skip
    [gesture] = [row for row in table_rows(core, tables.gesture) if row.kind == "compensation"]
    assert (gesture.cost_cents, gesture.nth, gesture.note, gesture.value) == (500, 1, "", "")


def test_nobody_can_be_called_any_more_who_wished_it(placed: Placed) -> None:
    erase_person(placed.core, (EMAIL,), "tests")
    [row] = [row for row in table_rows(placed.core, tables.response) if row.wants_call]
    assert row.call_settled_at == placed.clock.now()


def test_others_lose_nothing(placed: Placed) -> None:
    core = placed.core
    before = all_rows(core)
    erase_person(core, (EMAIL,), "tests")
    after = all_rows(core)
    with core.store.read() as connection:
        [carl] = connection.scalars(text("SELECT id FROM customer WHERE public_id = :id"), {"id": placed.carl})
    for name in ("customer", "identifier", "contact", "invitation", "response", "gesture"):
        column = "id" if name == "customer" else "customer_id"
        own = [[row for row in rows[name] if row._mapping[column] == carl] for rows in (before, after)]
        assert (name, own[0]) == (name, own[1]) != (name, [])
    for name in ("agent", "staff_user", "survey_version", "tally", "tallied"):
        assert before[name] == after[name]
    replies = [[row for row in rows["inbox"] if row.key == "r4"] for rows in (before, after)]
    assert replies[0] == replies[1] != []


def test_erasing_again_is_harmless(placed: Placed) -> None:
    core = placed.core
    erase_person(core, (EMAIL,), "tests")
    before = all_rows(core)
    again = erase_person(core, placed.customer, "tests")
    assert (again.counts["answers"], again.counts["identifiers"], set(again.plugins.values())) == (0, 0, {0})
    after = all_rows(core)
    assert {name for name in after if before[name] != after[name]} == set()
    with pytest.raises(NotFound):
        erase_person(core, (EMAIL,), "tests")


def test_whom_nobody_knows_cannot_be_erased(placed: Placed) -> None:
    before = all_rows(placed.core)
    for whom in ((NOBODY,), "AAAAAAAAAAAA", "", ()):
        with pytest.raises(NotFound):
            erase_person(placed.core, whom, "tests")
    assert all_rows(placed.core) == before


def test_identifiers_of_different_persons_erase_nobody(placed: Placed) -> None:
    before = all_rows(placed.core)
    with pytest.raises(Conflict):
        erase_person(placed.core, (EMAIL, CARL_EMAIL), "tests")
    assert all_rows(placed.core) == before


def test_an_identifier_that_nobody_has_hinders_nothing(placed: Placed) -> None:
    assert erase_person(placed.core, (EMAIL, NOBODY), "tests").customers == (placed.customer, placed.second)


def test_who_shares_an_address_must_be_named_by_id(placed: Placed) -> None:
    core = placed.core
    for number in ("1", "2"):
        record_contact(core, event(f"S-{number}", {"email": SHARED.value, "ids": {"desk": number}, "name": "Shared"}))
    with pytest.raises(Conflict, match="2 persons share"):
        erase_person(core, (SHARED,), "tests")
    first, second = (row for row in table_rows(core, tables.customer) if row.name == "Shared")
    assert erase_person(core, first.public_id, "tests").customers == (first.public_id,)
    assert erase_person(core, (SHARED,), "tests").customers == (second.public_id,)


def test_the_deed_is_noted_without_naming_anybody(placed: Placed) -> None:
    erase_person(placed.core, (EMAIL,), "ana@example.com")
    noted = [entry for entry in entries(placed.core.store) if entry.action == "customer.erased"]
    assert sorted((entry.actor, entry.subject) for entry in noted) == sorted(
        ("ana@example.com", f"customer:{each}") for each in (placed.customer, placed.second)
    )
    [event] = [row for row in table_rows(placed.core, tables.event) if row.type == "customer.erased"]
    assert list(event.payload) == ["customers"]


def test_their_links_are_closed(placed: Placed) -> None:
    erase_person(placed.core, (EMAIL,), "tests")
    for invitation in placed.invitations:
        with pytest.raises(NotOpen):
            submit(placed.core, invitation, {"satisfaction": "1", "comment": "again"}, via="api")
