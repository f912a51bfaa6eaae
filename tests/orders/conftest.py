"""A shop that knows orders, and the plugin looking them up there."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from feedbackhub import Customer, Identifier
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.http import Http
from feedbackhub.machinery.settings import HttpSettings
from feedbackhub.testing.peer import Peer
from feedbackhub_plugins.orders.lookup import Lookup
from feedbackhub_plugins.orders.settings import Settings

MakeLookup = Callable[..., Lookup]
ANA = Customer(
    "customer0001",
    identifiers=(Identifier("email", "ana@example.com"), Identifier("phone", "+6281"), Identifier("id:crm", "C 7/ä")),
)
ORDERS = [
    {"number": "A-1", "date": "2026-02-01T10:00:00+07:00", "amount": 12.5, "currency": "EUR", "status": "shp"},
    {"number": "A-3", "date": "2026-03-01", "amount": "1234.50", "currency": "eur", "status": "ret"},
    {"number": "A-2", "date": 1770681600, "amount": 7, "status": "new"},
]


@pytest.fixture
def shop() -> Iterator[Peer]:
    """The company's order system."""
    peer = Peer()
    peer.answers("POST", "/orders", {"data": {"orders": ORDERS}})
    yield peer
    peer.close()


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still until it is moved."""
    return SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.fixture
def options(shop: Peer) -> dict[str, Any]:
    """The plugin's table."""
    return {
        "url": f"{shop.url}/orders", "token": "t0ken", "mapping": {"orders": "data.orders"},
        "statuses": {"shp": "Shipped", "ret": "Returned"}, "bad_statuses": ["ret"],
        "link": "https://shop.example/orders/{number}", "currency": "IDR",
    }  # fmt: skip


@pytest.fixture
def lookup(shop: Peer, clock: SetClock, options: dict[str, Any]) -> MakeLookup:
    """Make a look-up with changed options."""

    def make(**changes: Any) -> Lookup:
        settings = Settings.model_validate({**options, **changes})
        return Lookup(settings, Http(HttpSettings(allow=(shop.place,), timeout_seconds=0.5)), clock.now)

    return make
