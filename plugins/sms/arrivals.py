"""Reads calls of a gateway that settings describe: receipts of our messages, and messages of customers."""

from __future__ import annotations

import hashlib
from typing import Any

from feedbackhub import Identifier, Incoming, Problem, Refused, Returned

from .outgoing import Outcome
from .paths import at_path, contents, text_at
from .settings import Arrivals

__all__ = ["read_arrivals"]


def read_arrivals(wanted: Arrivals, incoming: Incoming) -> list[Returned]:
    """Return every receipt and message that one call tells of.

    Raises:
        Refused: Nothing in it stands where the settings look for it.
    """
    told = contents(incoming)
    items = at_path(told, wanted.items) if wanted.items else told
    print_ = hashlib.sha256(incoming.body + repr(sorted(incoming.query.items())).encode()).hexdigest()
    found, named = [], incoming.query.get("m", "")
    for number, item in enumerate(items if isinstance(items, list) else [items]):
        found += _one(wanted, item, named, f"{print_}:{incoming.received_at.isoformat()}:{number}", incoming.body)
    return found


def _one(wanted: Arrivals, item: Any, named: str, fallback: str, raw: bytes) -> list[Returned]:
    state = text_at(item, wanted.status) if isinstance(item, dict) else ""
    receipt, reference = _under(item, wanted.receipt), _under(item, wanted.reference) or named
    if state and (receipt or reference):
        kind = _outcome(wanted, state, _under(item, wanted.code))
        key = f"{receipt or reference}:{state}"
        return [Returned(kind, key, reference, None, state, receipt=receipt)] if kind else []
    sender, text, own = _under(item, wanted.sender), _under(item, wanted.text), _under(item, wanted.id)
    if not sender:
        raise Refused(
            Problem(wanted.sender, "holds no number, and nothing speaks of a message of ours; see incoming.sender")
        )
    number = Identifier("phone", sender)
    return [Returned("answer" if text.strip() else "reply", own or fallback, "", number, text, raw)]


def _under(item: Any, path: str) -> str:
    return text_at(item, path) if path and isinstance(item, dict) else ""


def _outcome(wanted: Arrivals, state: str, code: str) -> Outcome | None:
    said = {state.casefold(), code.casefold()} - {""}

    def among(codes: tuple[str, ...]) -> bool:
        return not said.isdisjoint(each.casefold() for each in codes)

    if among(wanted.suppress):
        return "opt_out"
    if among(wanted.dead):
        return "bounce"
    if among(wanted.delivered):
        return "delivered"
    return "soft_bounce" if among(wanted.failed) else None
