"""Erasing and exporting a person takes what other systems told of them along."""

import json
from urllib.parse import urlencode

import pytest

from feedbackhub import Identifier
from feedbackhub.contract.errors import Conflict
from feedbackhub.office.erasing import erase_person
from feedbackhub.office.requests import retry
from feedbackhub.office.rights import export_person
from feedbackhub.store.types import AnyRow
from tests.inbound.conftest import DONE, Door

ANN = (Identifier("email", "ann@example.org"),)
UNREAD = {
    "as it is": b'{"from": "Ann <Ann@Example.org>", ',
    "in a form": urlencode({"from": "ann@example.org"}).encode(),
    "among bytes that are no text": b"\xff\x00 ann@example.org \xfe",
}


def emptied(row: AnyRow) -> bool:
    """Tell whether nothing of a request is left but that it came."""
    return (row.body, row.headers, row.query, row.problems) == (b"", {}, {}, [])


def test_the_body_that_led_to_a_contact_of_an_erased_person_is_emptied(door: Door) -> None:
    door.call(at="/in/helpdesk?brand=acme", X_Kind="closed")
    door.call(DONE | {"ticket": 8, "customer": 42, "email": "bo@example.org"})
    door.run()
    done = erase_person(door.core, ANN, "tests")
    assert done.counts["requests_received"] == 1
    ann, bo = door.rows
    assert emptied(ann)
    assert (ann.state, json.loads(bo.body)["email"]) == ("done", "bo@example.org")


@pytest.mark.parametrize("body", UNREAD.values(), ids=UNREAD)
def test_a_request_that_could_not_be_read_and_names_an_erased_person_is_emptied(door: Door, body: bytes) -> None:
    door.call()
    door.call(body)
    door.call(b"about somebody else")
    door.run()
    erase_person(door.core, ANN, "tests")
    _, unread, other = door.rows
    assert emptied(unread)
    assert (unread.state, other.state, other.body) == ("discarded", "failed", b"about somebody else")
    with pytest.raises(Conflict):
        retry(door.core, unread.public_id, "tests")


def test_a_request_that_waits_while_its_person_is_erased_is_never_read(door: Door) -> None:
    door.call()
    door.run()
    door.call()
    erase_person(door.core, ANN, "tests")
    door.run()
    assert [row.state for row in door.rows] == ["done", "discarded"]
    assert all(map(emptied, door.rows))


def test_a_person_gets_a_copy_of_what_other_systems_told(door: Door) -> None:
    door.call(X_Kind="closed")
    door.run()
    [found] = export_person(door.core, ANN, "tests")["requests_received"]
    assert (found["source"], found["state"], found["headers"]) == ("helpdesk", "done", {"x-kind": "closed"})
    assert json.loads(found["body"]) == DONE
