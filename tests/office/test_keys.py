"""API keys open what their scopes name, until they are revoked."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from feedbackhub.contract.errors import Conflict, NotFound, Refused
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.audit import entries
from feedbackhub.office.keys import SCOPES, check_key, create_key, list_keys, revoke_key
from feedbackhub.store.store import Store


def test_a_key_opens_with_its_secret_and_says_its_scopes_in_the_order_of_the_house(
    store: Store, clock: SetClock
) -> None:
    key, secret = create_key(store, clock, "helpdesk", ["customers:lookup", "contacts:write"], "ana@example.com")
    found = check_key(store, clock.now(), secret)
    assert found is not None
    assert found.scopes == key.scopes == ("contacts:write", "customers:lookup")
    assert (found.name, found.public_id, found.created_by) == ("helpdesk", key.public_id, "ana@example.com")


def test_the_secret_has_256_random_bits_and_is_not_stored(store: Store, clock: SetClock) -> None:
    _, secret = create_key(store, clock, "helpdesk", SCOPES, "cli")
    assert (secret[:3], len(secret)) == ("fh_", 46)
    with store.read() as connection:
        row = connection.exec_driver_sql("SELECT * FROM api_key").one()
    assert not any(secret[3:] in str(value) for value in row)


@pytest.mark.parametrize("forged", ["", "fh_", "fh_" + "A" * 43, "fh_" + "é" * 43, "x" * 100_000, "\ud800"])
def test_a_forged_secret_opens_nothing(forged: str, store: Store, clock: SetClock) -> None:
    create_key(store, clock, "helpdesk", SCOPES, "cli")
    assert check_key(store, clock.now(), forged) is None


def test_a_text_that_cannot_be_a_key_does_not_reach_the_database(store: Store, clock: SetClock) -> None:
    store.close()
    assert check_key(store, clock.now(), "Bearer of news") is None


def test_use_is_noted_once_an_hour_and_otherwise_costs_one_statement(store: Store, clock: SetClock) -> None:
    _, secret = create_key(store, clock, "helpdesk", SCOPES, "cli")
    first = clock.now()
    check_key(store, first, secret)
    statements: list[str] = []

    def note(_c: Connection, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement.partition(" ")[0])

    event.listen(store.engine, "before_cursor_execute", note)
    check_key(store, clock.move(timedelta(minutes=59)), secret)
    assert ([each for each in statements if each != "BEGIN"], list_keys(store)[0].last_used_at) == (["SELECT"], first)
    found = check_key(store, clock.move(timedelta(minutes=1)), secret)
    assert found == list_keys(store)[0]
    assert found.last_used_at == clock.now()


@pytest.mark.parametrize("by_name", [True, False])
def test_a_revoked_key_is_refused_at_once(by_name: bool, store: Store, clock: SetClock) -> None:
    key, secret = create_key(store, clock, "helpdesk", SCOPES, "cli")
    named = key.name if by_name else key.public_id
    revoke_key(store, clock, named, "cli")
    assert check_key(store, clock.now(), secret) is None
    assert list_keys(store)[0].revoked_at == clock.now()
    with pytest.raises(NotFound):
        revoke_key(store, clock, named, "cli")


def test_a_name_is_free_again_once_its_key_is_revoked(store: Store, clock: SetClock) -> None:
    create_key(store, clock, "helpdesk", SCOPES, "cli")
    with pytest.raises(Conflict):
        create_key(store, clock, "helpdesk", SCOPES, "cli")
    revoke_key(store, clock, "helpdesk", "cli")
    create_key(store, clock, "helpdesk", SCOPES, "cli")
    assert [key.revoked_at is None for key in list_keys(store)] == [True, False]


@pytest.mark.parametrize(("name", "scopes", "reason"), [
    ("a", ["contact:write"], "scopes: there is no scope contact:write; did you mean contacts:write?"),
    ("a", ["everything"], "scopes: there is no scope everything"),
    ("a", [], "scopes: name at least one scope"),
    (" ", ["contacts:write"], "name: needs 1 to 200 characters"),
    ("a\nb", ["contacts:write"], "name: must be a single line"),
])  # fmt: skip
def test_a_key_that_makes_no_sense_is_refused(
    name: str, scopes: list[str], reason: str, store: Store, clock: SetClock
) -> None:
    with pytest.raises(Refused) as refused:
        create_key(store, clock, name, scopes, "cli")
    assert (str(refused.value), list_keys(store)) == (reason, [])


def test_making_and_revoking_are_in_the_audit_log(store: Store, clock: SetClock) -> None:
    key, _ = create_key(store, clock, "helpdesk", ["contacts:write"], "cli")
    revoke_key(store, clock, "helpdesk", "ana@example.com")
    found = [(entry.actor, entry.action, entry.detail) for entry in entries(store, f"key:{key.public_id}")]
    assert found == [
        ("ana@example.com", "key.revoked", {"name": "helpdesk"}),
        ("cli", "key.created", {"name": "helpdesk", "scopes": ["contacts:write"]}),
    ]
