"""From another system's JSON to orders: what cannot be read is shown as it came, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from .settings import Settings

__all__ = ["Order", "Unreadable", "read_orders"]

LONGEST = 80
MOST_READ = 1000
#: Seconds since 1970 lie below this, milliseconds above.
MILLISECONDS = 10**11
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
CURRENCY = re.compile(r"[A-Za-z]{3}")


class Unreadable(Exception):
    """The answer does not look as the settings say.

    Args:
        option: The option that does not fit.
    """

    def __init__(self, option: str) -> None:
        super().__init__(option)
        self.option = option


@dataclass(frozen=True, slots=True)
class Order:
    """One order as it is shown.

    Args:
        number: Its number.
        at: Its date, None when it could not be read.
        date: The date as it came, for that case.
        amount: Its amount, None when it could not be read.
        price: The amount as it came, for that case.
        currency: Its currency's code, may be empty.
        status: Its status in words.
        bad: Whether the status should be noticed.
        url: Where it stands in the company's system, may be empty.
    """

    number: str
    at: datetime | None
    date: str
    amount: Decimal | None
    price: str
    currency: str
    status: str
    bad: bool
    url: str


def read_orders(answer: Any, settings: Settings) -> tuple[Order, ...]:
    """Return the newest orders of an answer.

    Args:
        answer: The JSON.
        settings: Where it holds what.

    Raises:
        Unreadable: There is no list of orders where it should be.
    """
    found = at_path(answer, settings.mapping.orders)
    if found is None and settings.mapping.orders:
        raise Unreadable("mapping.orders")
    if not isinstance(found, list):
        raise Unreadable("mapping.orders")
    orders = [read_order(each, settings) for each in found[:MOST_READ] if isinstance(each, dict)]
    if found and not any(order.number for order in orders):
        raise Unreadable("mapping.number")
    # Orders without a date keep their places among themselves, behind the others.
    orders.sort(key=lambda order: order.at.timestamp() if order.at else float("-inf"), reverse=True)
    return tuple(orders[: settings.most])


def read_order(raw: dict[str, Any], settings: Settings) -> Order:
    """Return one order."""
    at = settings.mapping
    number, status = words_of(at_path(raw, at.number)), words_of(at_path(raw, at.status))
    date, price = at_path(raw, at.date), at_path(raw, at.amount)
    amount, currency = amount_of(price), words_of(at_path(raw, at.currency)).upper()
    if amount is not None and settings.minor_units:
        amount = amount / 100
    return Order(
        number=number,
        at=moment_of(date),
        date=words_of(date),
        amount=amount,
        price=words_of(price),
        currency=currency if CURRENCY.fullmatch(currency) else settings.currency,
        status=settings.statuses.get(status, status),
        bad=status in settings.bad_statuses,
        url=settings.link.replace("{number}", quote(number, safe="")) if settings.link and number else "",
    )


def at_path(value: Any, path: str) -> Any:
    """Return what lies at a path, None when there is nothing."""
    for part in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isascii() and part.isdecimal() and int(part[:6]) < len(value):
            value = value[int(part[:6])]
        else:
            return None
    return value


def words_of(value: Any) -> str:
    """Return a plain value as a short text; nothing for lists and maps."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def amount_of(value: Any) -> Decimal | None:
    """Return an amount written as a number or as its text; anything else is not understood."""
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return None


def moment_of(value: Any) -> datetime | None:
    """Return a moment written in ISO 8601 or as seconds or milliseconds since 1970; UTC where no zone is given."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip())
            return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > MILLISECONDS else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
