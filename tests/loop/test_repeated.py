"""A contact that is reported again: what is said otherwise is named and ignored, without repeating personal data."""

from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.store import tables
from tests.loop.story import ANN, event, rows

ANNA = {**ANN, "language": "id", "segment": "gold", "country": "ID"}


def ignored(core: Core, customer: dict[str, str]) -> list[tuple[str, str, str]]:
    """Report the contact again and return what was ignored."""
    again = record_contact(core, event("1", customer))
    assert again.created is False
    return [(each.field, each.stored, each.given) for each in again.ignored]


def test_what_is_said_otherwise_of_the_customer_is_named_and_ignored(core: Core) -> None:
    record_contact(core, event("1", ANNA))
    assert ignored(core, ANNA) == []
    assert ignored(core, {**ANN, "language": "ar", "segment": "silver", "country": "in"}) == [
        ("customer.language", "id", "ar"), ("customer.segment", "gold", "silver"), ("customer.country", "ID", "IN"),
    ]  # fmt: skip
    (stored,) = rows(core, tables.customer)
    assert (stored.language, stored.segment, stored.country) == ("id", "gold", "ID")


def test_a_field_left_out_differs_in_nothing(core: Core) -> None:
    record_contact(core, event("1", ANNA))
    assert ignored(core, {"email": "ann@example.org"}) == []


def test_another_name_is_noticed_and_neither_name_is_repeated(core: Core) -> None:
    record_contact(core, event("1"))
    assert ignored(core, {**ANN, "name": "Berta"}) == [
        ("customer.name", "another name", "a name not known of this customer")
    ]
    assert rows(core, tables.customer)[0].name == "Ann"
