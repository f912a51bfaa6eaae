"""Asking the company's system for one customer's orders, and keeping the answer for a moment."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from feedbackhub import Customer, FeedbackhubError, Http, HttpAnswer

from .reading import Order, Unreadable, read_orders
from .settings import PLACEHOLDER, Settings

__all__ = ["Found", "Lookup", "names_sent"]

#: Most customers whose orders are kept at the same time.
MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found.

    Args:
        orders: The newest orders first.
        trouble: Why there are none to show: ``refused``, ``failed`` or ``unreadable``; empty when all went well.
        detail: The status or the option that says more.
    """

    orders: tuple[Order, ...] = ()
    trouble: str = ""
    detail: str = ""


class Lookup:
    """Looks orders up; may be used by many agents at once.

    Args:
        settings: Where, and how the answer is read.
        http: The guarded client.
        now: Tells the time, for how long answers are kept.
    """

    def __init__(self, settings: Settings, http: Http, now: Callable[[], datetime]) -> None:
        self.settings, self._http, self._now = settings, http, now
        self._kept: OrderedDict[str, tuple[datetime, Found]] = OrderedDict()
        self._lock = threading.Lock()

    def orders_of(self, customer: Customer) -> Found | None:
        """Return a customer's orders; None when nothing is known by which the other system knows the customer."""
        facts = facts_of(customer, self.settings)
        if not all(facts.get(name) for name in PLACEHOLDER.findall(self.settings.used)):
            return None
        # Nothing personal is kept as a key, so that nothing outlives the customer's row here.
        key = hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()
        now = self._now()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and now - kept[0] < timedelta(seconds=self.settings.keep_seconds):
            return kept[1]
        found = self._ask(facts)
        if not found.trouble:
            self._keep(key, now, found)
        return found

    def _keep(self, key: str, now: datetime, found: Found) -> None:
        with self._lock:
            self._kept[key] = (now, found)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _ask(self, facts: dict[str, str]) -> Found:
        try:
            answer = self._call(facts)
        except FeedbackhubError:
            return Found(trouble="failed")
        if answer.status == 404:
            return Found()
        if not answer.ok:
            return Found(trouble="refused", detail=str(answer.status))
        try:
            return Found(read_orders(answer.json(), self.settings))
        except Unreadable as wrong:
            return Found(trouble="unreadable", detail=wrong.option)
        except ValueError:
            return Found(trouble="unreadable", detail="url")

    def _call(self, facts: dict[str, str]) -> HttpAnswer:
        chosen = self.settings
        url = filled(chosen.url, {name: quote(value, safe="") for name, value in facts.items()})
        accept = {"Accept": "application/json"}
        if chosen.method == "GET":
            return self._http.get(url, headers=accept, token=chosen.token)
        body = {name: filled(template, facts) for name, template in chosen.body.items()}
        return self._http.post(url, json=body, headers=accept, token=chosen.token)


def filled(template: str, facts: dict[str, str]) -> str:
    """Return a template with its placeholders filled in."""
    return PLACEHOLDER.sub(lambda found: facts[found[1]], template)


def facts_of(customer: Customer, settings: Settings) -> dict[str, str]:
    """Return what placeholders stand for; what is not known is left out."""
    known = {each.kind: each.value for each in reversed(customer.identifiers)}
    facts = {"id": known.get(f"id:{settings.system}", ""), "email": known.get("email", "")}
    facts["phone"] = known.get("phone", "")
    key = settings.hash_key.get_secret_value().encode() if settings.hash_key else b""
    for name in ("email", "phone"):
        facts[f"{name}_hash"] = hashed(facts[name], key) if facts[name] else ""
    return {name: value for name, value in facts.items() if value}


def hashed(address: str, key: bytes) -> str:
    """Return the hash of an address, as 64 hexadecimal digits."""
    plain = address.strip().lower().encode()
    return hmac.new(key, plain, hashlib.sha256).hexdigest() if key else hashlib.sha256(plain).hexdigest()


def names_sent(settings: Settings) -> Sequence[str]:
    """Return which kinds of personal data a look-up sends."""
    kinds = {"id": "customer number", "email": "address", "phone": "phone number"}
    used = PLACEHOLDER.findall(settings.used)
    return tuple(dict.fromkeys(kinds.get(name, f"hash of the {name.removesuffix('_hash')}") for name in used))
