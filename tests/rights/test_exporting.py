"""A person's copy: everything that is known of them, and nothing of anybody else."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from feedbackhub.contract.errors import Conflict, NotFound
from feedbackhub.office.audit import entries
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.rights import export_person
from tests.rights.placed import CRM, EMAIL, PHONE, SECRETS, Placed, all_rows, spellings
from tests.rights.test_erasing import CARL_EMAIL, NOBODY

#: What is stored under a word of the helpdesk's own, as a hash, or about a delivery that went on to succeed.
NOT_IN_A_COPY = {"key-of-berta"}
CARLS = ("carl@example.org", "Carl Bleibt", "+493055500000", "Carl sagt danke", "Carl's")


@pytest.fixture
def copy(placed: Placed) -> dict[str, Any]:
    """Berta's copy, as it is read back from JSON."""
    found: dict[str, Any] = json.loads(json.dumps(export_person(placed.core, (EMAIL,), "ana@example.com")))
    return found


def leaves(value: Any) -> Iterator[Any]:
    """Yield every plain value inside a JSON value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def test_the_copy_holds_everything_that_erasing_takes_away(copy: dict[str, Any]) -> None:
    text = json.dumps(copy, ensure_ascii=False).lower().encode()
    missing = {secret for secret in SECRETS if not any(form in text for form in spellings(secret))}
    assert missing == NOT_IN_A_COPY


def test_the_copy_holds_nothing_of_others(copy: dict[str, Any]) -> None:
    text = json.dumps(copy, ensure_ascii=False)
    assert [each for each in CARLS if each in text] == []


def test_the_copy_is_ordered_by_what_it_is_about(placed: Placed, copy: dict[str, Any]) -> None:
    assert [each["id"] for each in copy["customers"]] == [placed.customer, placed.second]
    assert [each["external_id"] for each in copy["contacts"]] == [f"TICKET-QUAST-471{n}" for n in (1, 2, 3, 4)]
    assert [each["id"] for each in copy["invitations"]] == placed.invitations
    response = copy["invitations"][0]["response"]
    assert (response["answers"]["comment"], response["scores"]["satisfaction"]) == ("Kätzchenstern", 25)
    comments = [each["answers"]["comment"] for each in response["revisions"]]
    assert comments == ["früheres-Wort-Mondkalb", "Kätzchenstern"]
    assert [each["response"] for each in copy["invitations"][1:]] == [None, None]
    assert [(each["kind"], each["value"]) for each in copy["gestures"]] == [("compensation", "Gutschein-Blau")]
    assert [each["kind"] for each in copy["messages_received"]] == ["reply", "soft_bounce", "reply"]
    assert sorted(each["state"] for each in copy["taken_for_one_person"]) == ["merged", "proposed"]
    plugins = {each["name"]: (each["sends"], each["keeps"]) for each in copy["plugins"]}
    assert list(plugins) == sorted(plugins)
    assert (plugins["mailbox"], plugins["webhook"]) == (([], ["name", "address"]), (["id"], []))


def test_the_copy_says_of_each_identifier_whether_it_is_suppressed(copy: dict[str, Any]) -> None:
    given = {(each["kind"], each["value"]): each["suppressed"] for c in copy["customers"] for each in c["identifiers"]}
    assert len(given) == 5
    assert {key for key, suppressed in given.items() if suppressed} == {(CRM.kind, CRM.value)}


def test_no_row_number_is_given_away(placed: Placed, copy: dict[str, Any]) -> None:
    named = [each["id"] for part in ("customers", "contacts", "invitations", "gestures") for each in copy[part]]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{12}", each) for each in named)
    assert not re.search(r'"\w+_id": \d', json.dumps(copy))


def test_who_asked_for_the_copy_is_noted_and_nothing_else_changes(placed: Placed) -> None:
    before = all_rows(placed.core)
    export_person(placed.core, placed.second, "ana@example.com")
    after = all_rows(placed.core)
    assert [name for name in after if before[name] != after[name]] == ["audit"]
    noted = [entry for entry in entries(placed.core.store) if entry.action == "customer.exported"]
    assert {(entry.actor, entry.subject) for entry in noted} == {
        ("ana@example.com", f"customer:{placed.customer}"), ("ana@example.com", f"customer:{placed.second}"),
    }  # fmt: skip
    again = export_person(placed.core, (EMAIL,), "ana@example.com")
    assert [each["action"] for each in again["looked_at"]] == ["customer.exported"] * 2


def test_the_copy_of_an_erased_person_says_only_that_they_were_there(placed: Placed) -> None:
    erase_person(placed.core, (EMAIL,), "tests")
    left = list(leaves(export_person(placed.core, placed.customer, "tests")))
    text = json.dumps(left, ensure_ascii=False).lower().encode()
    assert {secret for secret in SECRETS if any(form in text for form in spellings(secret))} == set()


def test_nobody_gets_the_copy_of_somebody_else(placed: Placed) -> None:
    with pytest.raises(NotFound):
        export_person(placed.core, (NOBODY,), "tests")
    with pytest.raises(Conflict):
        export_person(placed.core, (PHONE, CARL_EMAIL), "tests")
