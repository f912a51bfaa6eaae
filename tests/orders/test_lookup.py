"""Looking orders up: what is sent, what is read, what is kept, and what goes wrong."""

import hashlib
import hmac
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from feedbackhub import Customer
from feedbackhub.machinery.clock import SetClock
from feedbackhub.testing.peer import Peer
from feedbackhub_plugins.orders.lookup import names_sent
from feedbackhub_plugins.orders.reading import Order, Unreadable, at_path, read_orders
from feedbackhub_plugins.orders.settings import Settings
from tests.orders.conftest import ANA, ORDERS, MakeLookup

HASH = hashlib.sha256(b"ana@example.com").hexdigest()


def test_orders_come_newest_first_with_words_for_their_statuses(lookup: MakeLookup) -> None:
    found = lookup().orders_of(ANA)
    assert found is not None
    link = "https://shop.example/orders/"
    assert found.orders == (
        Order("A-3", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01", Decimal("1234.50"), "1234.50", "EUR", "Returned",
              True, f"{link}A-3"),
        Order("A-2", datetime(2026, 2, 10, tzinfo=UTC), "1770681600", Decimal(7), "7", "IDR", "new", False,
              f"{link}A-2"),
        Order("A-1", datetime(2026, 2, 1, 3, tzinfo=UTC), "2026-02-01T10:00:00+07:00", Decimal("12.5"), "12.5", "EUR",
              "Shipped", False, f"{link}A-1"),
    )  # fmt: skip
    assert (found.trouble, found.detail) == ("", "")


def test_the_address_is_posted_and_never_stands_in_the_path(
    shop: Peer, lookup: MakeLookup, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        lookup().orders_of(ANA)
    (seen,) = shop.seen
    assert (seen.method, seen.path, dict(seen.query), seen.json) == (
        "POST", "/orders", {}, {"email": "ana@example.com"},
    )  # fmt: skip
    assert seen.headers["authorization"] == "Bearer t0ken"
    assert [record for record in caplog.records if "ana@" in record.getMessage() or "t0ken" in str(vars(record))] == []


def test_an_address_may_hold_numbers_and_hashes(shop: Peer, lookup: MakeLookup) -> None:
    shop.answers("GET", "*", {"data": {"orders": []}})
    url = f"{shop.url}/of/{{id}}/{{email_hash}}?p={{phone_hash}}"
    found = lookup(method="GET", url=url, system="crm", hash_key="k").orders_of(ANA)
    keyed = [hmac.new(b"k", each, hashlib.sha256).hexdigest() for each in (b"ana@example.com", b"+6281")]
    assert found is not None
    assert (found.orders, found.trouble) == ((), "")
    assert (shop.seen[0].path, dict(shop.seen[0].query)) == (f"/of/C%207%2F%C3%A4/{keyed[0]}", {"p": keyed[1]})


def test_without_a_key_a_hash_is_that_of_the_address(shop: Peer, lookup: MakeLookup) -> None:
    lookup(body={"who": "sha256:{email_hash}"}).orders_of(ANA)
    assert shop.seen[0].json == {"who": f"sha256:{HASH}"}


def test_a_customer_whom_the_shop_cannot_know_is_not_asked_for(shop: Peer, lookup: MakeLookup) -> None:
    assert lookup().orders_of(replace(ANA, identifiers=ANA.identifiers[1:])) is None
    assert lookup(body={"id": "{id}"}, system="erp").orders_of(ANA) is None
    assert shop.seen == []


def test_an_answer_is_kept_for_a_moment(shop: Peer, lookup: MakeLookup, clock: SetClock) -> None:
    made = lookup(keep_seconds=60)
    first = made.orders_of(ANA)
    clock.move(timedelta(seconds=59))
    assert (made.orders_of(ANA) is first, len(shop.seen)) == (True, 1)
    clock.move(timedelta(seconds=1))
    made.orders_of(ANA)
    made.orders_of(Customer("other0000001", identifiers=(replace(ANA.identifiers[0], value="eve@example.com"),)))
    assert len(shop.seen) == 3


def test_no_more_customers_are_kept_than_two_hundred(shop: Peer, lookup: MakeLookup) -> None:
    made = lookup()
    for number in range(210):
        identifier = replace(ANA.identifiers[0], value=f"{number}@example.com")
        made.orders_of(Customer("x", identifiers=(identifier,)))
    assert len(made._kept) == 200


@pytest.mark.parametrize(
    ("answer", "trouble", "detail"),
    [
        ({"status": 500}, "refused", "500"),
        ({"status": 401}, "refused", "401"),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1/"}}, "refused", "302"),
        ({"status": 404}, "", ""),
        ({"body": b"<html>"}, "unreadable", "url"),
        ({"body": {"data": {}}}, "unreadable", "mapping.orders"),
        ({"body": {"data": {"orders": {"number": 1}}}}, "unreadable", "mapping.orders"),
        ({"body": {"data": {"orders": [{"no": 1}]}}}, "unreadable", "mapping.number"),
        ({"body": {"data": {"orders": []}}}, "", ""),
        ({"seconds": 0.8, "body": b"[]"}, "failed", ""),
    ],
)
def test_what_goes_wrong_is_said_and_not_kept(
    shop: Peer, lookup: MakeLookup, answer: dict[str, Any], trouble: str, detail: str
) -> None:
    shop.answers("POST", "/orders", times=1, **answer)
    made = lookup()
    found = made.orders_of(ANA)
    assert found is not None
    assert (found.trouble, found.detail, found.orders) == (trouble, detail, ())
    if trouble:
        again = made.orders_of(ANA)
        assert again is not None
        assert len(again.orders) == 3


def test_a_shop_that_is_not_there_has_failed(shop: Peer, lookup: MakeLookup) -> None:
    made = lookup()
    shop.close()
    found = made.orders_of(ANA)
    assert found is not None
    assert found.trouble == "failed"
    shop.__init__()  # type: ignore[misc]  # so that it can be closed again


def orders_of(raw: Any, **options: Any) -> tuple[Order, ...]:
    """Read an answer."""
    return read_orders(raw, Settings.model_validate({"url": "https://shop.example", **options}))


def test_amounts_may_be_in_cents_and_only_some_are_shown() -> None:
    many = [{"number": n, "amount": n * 100} for n in range(1, 9)]
    assert [(each.number, each.amount) for each in orders_of(many, minor_units=True, most=2)] == [
        ("1", Decimal(1)), ("2", Decimal(2)),
    ]  # fmt: skip


def test_what_cannot_be_read_is_shown_as_it_came() -> None:
    raw = [{"number": "1", "date": "last week", "amount": "€ 12,50", "currency": "Euro", "status": ["x"]}]
    assert orders_of(raw) == (Order("1", None, "last week", None, "€ 12,50", "", "", False, ""),)


def test_paths_lead_through_maps_and_lists() -> None:
    assert at_path({"a": [{"b": 1}, {"b": 2}]}, "a.1.b") == 2
    assert [at_path({"a": [1]}, path) for path in ("a.5", "a.x", "b", "a.0.c")] == [None] * 4
    mapping = {"orders": "0.list", "number": "head.id"}
    assert [each.number for each in orders_of([{"list": [{"head": {"id": 7}}]}], mapping=mapping)] == ["7"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["number", "date", "amount", "currency", "status"]), inner, max_size=5
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_answer_is_read_or_refused(answer: Any) -> None:
    try:
        found = orders_of(answer)
    except Unreadable as wrong:
        assert wrong.option in ("mapping.orders", "mapping.number")
    else:
        assert len(found) <= 5


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "https://shop.example/{email}"}, "url: {email} cannot stand here"),
        ({"body": {"x": "{name}"}}, "body.x: {name} cannot stand here"),
        ({"method": "GET"}, "neither url nor body says whose orders"),
        ({"body": {}}, "neither url nor body says whose orders"),
        ({"url": "https://shop.example/{id}"}, "system must say whose customer number"),
        ({"mapping": {"orders": "a..b"}}, "must be a path"),
        ({"currency": "euro"}, "should match pattern"),
        ({"method": "PUT"}, "'GET' or 'POST'"),
        ({"tokn": "x"}, "Extra inputs"),
    ],
)
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any], wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({**options, **wrong})
    assert said in str(caught.value)


def test_what_is_sent_is_declared(options: dict[str, Any]) -> None:
    def sent(**changes: Any) -> tuple[str, ...]:
        return tuple(names_sent(Settings.model_validate({**options, **changes})))

    assert sent() == ("address",)
    assert sent(body={"i": "{id}", "h": "{phone_hash}"}, system="crm") == ("customer number", "hash of the phone")


def test_the_orders_of_the_fixture_are_what_shops_send() -> None:
    assert len(orders_of(ORDERS)) == 3
