"""Checks of channels: each failure is told apart, the same message stays the same, nobody waits for anybody."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from ...contract.errors import DeliveryFailure, PermanentFailure, TemporaryFailure
from ...contract.objects import Channel
from ...contract.records import Identifier, Message, Receipt
from ..makers import make_message
from .finding import CANARY, Case, Finding, bad, good, skipped

__all__ = ["check_channels"]

AT_ONCE = 8
ADDRESSES = {"email": CANARY["email"], "phone": CANARY["phone"]}


def check_channels(case: Case) -> Iterator[Finding]:
    """Check every channel of a plugin."""
    for channel in case.objects("feedbackhub_channels"):
        yield from _check(case, channel)


def _check(case: Case, channel: Channel) -> Iterator[Finding]:
    what = f"channel {channel.name}"
    case.other_side.told.clear()
    yield _receipt(channel, what)
    if case.other_side.told:
        yield _repeated(case, channel, what)
        yield from _failures(case, channel, what)
    else:
        yield skipped(f"{what}: failures are told apart", "it makes no call through hub.http")
    case.other_side.answer(200, b'{"id": "1"}')
    yield _together(channel, what)


def _message(channel: Channel, number: int = 1) -> Message:
    kind = channel.reaches[0] if channel.reaches else ""
    return make_message(Identifier(kind, ADDRESSES.get(kind, "kanarie")), id=f"AAAAAAAAAAAA.{number}@example.com")


def _try(channel: Channel, message: Message) -> Receipt | DeliveryFailure | str:
    """Return what became of a message; a text for what the contract does not know."""
    try:
        found: object = channel.deliver(message)
    except DeliveryFailure as failure:
        return failure
    except Exception as error:  # whatever it raises is what the check is about
        return f"raised {type(error).__name__}: {error}"
    return found if isinstance(found, Receipt) else f"returned {type(found).__name__}"


def _receipt(channel: Channel, what: str) -> Finding:
    check = f"{what}: deliver returns a Receipt or raises a DeliveryFailure"
    found = _try(channel, _message(channel))
    return bad(check, found) if isinstance(found, str) else good(check)


def _repeated(case: Case, channel: Channel, what: str) -> Finding:
    check = f"{what}: the same message is the same request, so that the other side can tell"
    case.other_side.told.clear()
    _try(channel, _message(channel, 2))
    first = list(case.other_side.told)
    case.other_side.told.clear()
    _try(channel, _message(channel, 2))
    return good(check) if case.other_side.told == first else bad(check, f"first {first}, then {case.other_side.told}")


def _failures(case: Case, channel: Channel, what: str) -> Iterator[Finding]:
    for status, wanted in ((500, TemporaryFailure), (503, TemporaryFailure), (429, TemporaryFailure)):
        case.other_side.answer(status, b"", timedelta(seconds=30) if status == 429 else None)
        yield _wanted(channel, f"{what}: status {status} is a {wanted.__name__}", wanted)
    case.other_side.vanish()
    yield _wanted(channel, f"{what}: no answer is a TemporaryFailure", TemporaryFailure)
    for status in (400, 404, 410):
        case.other_side.answer(status)
        yield _wanted(channel, f"{what}: status {status} is a DeliveryFailure", DeliveryFailure)
    for body in (b"", b"<html>", b"[]", b"null"):
        case.other_side.answer(200, body)
        yield _receipt_or_failure(channel, f"{what}: success with the body {body.decode()!r} is no surprise")


def _wanted(channel: Channel, check: str, wanted: type[DeliveryFailure]) -> Finding:
    found = _try(channel, _message(channel, 3))
    if isinstance(found, wanted):
        return good(check)
    if isinstance(found, str):
        return bad(check, found)
    told = type(found).__name__ + (" (the address is dead)" if isinstance(found, PermanentFailure) else "")
    return bad(check, f"it was a {told}")


def _receipt_or_failure(channel: Channel, check: str) -> Finding:
    found = _try(channel, _message(channel, 4))
    return bad(check, found) if isinstance(found, str) else good(check)


def _together(channel: Channel, what: str) -> Finding:
    check = f"{what}: {AT_ONCE} messages at the same time"
    with ThreadPoolExecutor(AT_ONCE) as hands:
        found = list(hands.map(lambda number: _try(channel, _message(channel, number)), range(10, 10 + AT_ONCE)))
    wrong = [each for each in found if isinstance(each, str)]
    return bad(check, wrong[0]) if wrong else good(check)
