"""What a call costs in statements, counted literally: who adds one notices."""

from typing import Any

import pytest

from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import get_contact, record_contact
from tests.api.conftest import ANN, Caller
from tests.api.statements import counted
from tests.loop.story import event

BO = {"id": "7", "name": "Bo"}
BEN = {"email": "ben@example.org"}


@pytest.mark.parametrize(
    ("again", "on_sqlite", "on_postgres"),
    [
        ({"number": "2", "customer": BEN}, 22, 23),  # the key, four to foresee; one more to lock
        ({"number": "2", "customer": ANN}, 31, 37),  # the person is looked at before and once more when held
    ],
)
def test_recording_a_contact_takes_few_statements(
    again: dict[str, Any], on_sqlite: int, on_postgres: int, caller: Caller, core: Core
) -> None:
    caller.contact("1", agent=BO)
    with counted(core.store.engine) as statements:
        caller.contact(**again, agent=BO)
    assert len(statements) == (on_sqlite if core.store.is_sqlite else on_postgres), statements


def test_a_repeated_contact_is_known_by_reading_alone(caller: Caller, core: Core) -> None:
    caller.contact("1")
    with counted(core.store.engine) as statements:
        answer = caller.post("/contacts", {"source": "helpdesk", "external_id": "1", "customer": ANN})
    assert (answer.status_code, len(statements)) == (200, 5)
    assert {each.split()[0] for each in statements} == {"SELECT"}


def test_what_is_answered_is_what_is_stored(core: Core) -> None:
    customer = {"email": "ann@example.org", "name": "\u00c4nn", "country": "de", "attributes": {"plan": "a"}}
    for number in ("1", "2"):
        recorded = record_contact(core, event(number, customer, agent=BO, tags=["a", "b"], team="Billing"))
        assert recorded.contact == get_contact(core, recorded.contact.id)
