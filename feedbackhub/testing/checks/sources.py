"""Checks of sources and rules: strangers are refused, nonsense is refused by field, the same input says the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from ...contract.errors import NotGenuine, Refused
from ...contract.inbound import Ignored, Incoming, Reopened, Source
from ...contract.intake import ContactEvent
from ...contract.objects import Rule
from ...contract.records import Ask, Contact, Customer, DontAsk, History, Identifier
from ..makers import START, make_incoming
from .finding import CANARY, Case, Finding, bad, good

__all__ = ["check_rules", "check_sources"]

BODIES = (
    b"", b"{}", b"[]", b"null", b"0", b'"text"', b"\xff\xfe", b"{", b"a=b&c=d", b"<xml/>", b"[" * 2000,
    b'{"id": null}', b'{"id": {"id": {}}}', b'{"id": "' + b"x" * 10_000 + b'"}', b'{"id": "\\ud800"}', b"[[], {}, 1]",
    json.dumps({"id": 1, "status": "closed", "email": "not an address"}).encode(),
)  # fmt: skip


def check_sources(case: Case) -> Iterator[Finding]:
    """Check every source of a plugin."""
    for source in case.objects("feedbackhub_sources"):
        what = f"source {source.name}"
        yield _strangers(source, what)
        case.other_side.told.clear()
        yield from _nonsense(source, what)
        check = f"{what}: parse calls no other system"
        yield bad(check, "it called; do that in enrich") if case.other_side.told else good(check)


def _strangers(source: Source, what: str) -> Finding:
    check = f"{what}: a request without signature or secret is refused"
    try:
        source.verify(make_incoming(b"{}"))
    except NotGenuine:
        return good(check)
    except Exception as error:  # whatever it raises is what the check is about
        return bad(check, f"verify raised {type(error).__name__}, not NotGenuine")
    return bad(check, "verify let it pass; anybody could report contacts")


def _nonsense(source: Source, what: str) -> Iterator[Finding]:
    check = f"{what}: nonsense is refused with a reason, not with a crash"
    wrong = [said for body in BODIES if (said := _read(source, make_incoming(body)))]
    yield bad(check, "; ".join(sorted(set(wrong))[:3])) if wrong else good(check)


def _read(source: Source, incoming: Incoming) -> str:
    """Return what is wrong with how a source reads a request, empty for nothing."""
    shown = incoming.body[:20].decode("utf-8", "replace")
    try:
        first, second = source.parse(incoming), source.parse(incoming)
    except Refused as refused:
        return "" if refused.problems else f"{shown!r}: Refused without a reason"
    except Exception as error:  # whatever it raises is what the check is about
        return f"{shown!r}: raised {type(error).__name__}"
    if any(not isinstance(each, ContactEvent | Reopened | Ignored) for each in first):
        return f"{shown!r}: returned what is no ContactEvent, Reopened or Ignored"
    return "" if list(first) == list(second) else f"{shown!r}: read twice, it said something else"


def check_rules(case: Case) -> Iterator[Finding]:
    """Check every rule of a plugin."""
    for rule in case.objects("feedbackhub_rules"):
        case.other_side.told.clear()
        yield _decides(rule)
        check = f"rule {rule.name}: calls no other system"
        yield bad(check, "it called; a rule is pure") if case.other_side.told else good(check)


def _decides(rule: Rule) -> Finding:
    check = f"rule {rule.name}: says the same twice about any contact"
    for contact in _contacts():
        try:
            first, second = rule.decide(contact, HISTORY, ASK), rule.decide(contact, HISTORY, ASK)
        except Exception as error:  # whatever it raises is what the check is about
            return bad(check, f"raised {type(error).__name__} about {contact}")
        answer: object = first
        if not isinstance(answer, Ask | DontAsk):
            return bad(check, f"returned {type(answer).__name__}, not an Ask or DontAsk")
        if first != second:
            return bad(check, f"said {first}, then {second}")
    return good(check)


HISTORY = History(START)
ASK = Ask(
    policy="default", survey="post-contact", survey_type="csat", channels=("outbox",), due_at=START,
    reminder_after=timedelta(days=3), reminders=1, expires_after=timedelta(days=14), edit_window=timedelta(days=1),
    throttle=timedelta(days=30),
)  # fmt: skip


def _contacts() -> Iterator[Contact]:
    plain = Contact("AAAAAAAAAAAA", "tests", "1", 1, "chat", START)
    known = Customer("BBBBBBBBBBBB", CANARY["name"], identifiers=(Identifier("email", CANARY["email"]),))
    yield plain
    yield replace(plain, customer=known, segment="vip", tags=("spam", "نص", "🙂"), topic="x" * 200)
    yield replace(plain, direction="outbound", closed_by="bot", ask=False, test=True, attributes={"order": ""})
    yield replace(plain, started_at=START - timedelta(days=400), ended_at=START - timedelta(days=399))
