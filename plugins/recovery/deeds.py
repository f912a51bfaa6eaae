"""What people and helpdesks do with cases; each deed stands in the history, and others learn of it by an event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from feedbackhub import Conflict, Effects, Fact, Hub, Problem, Refused
from feedbackhub.reporting import N_

from .book import MEANWHILE, Cases
from .case import FLAGS, Case
from .moves import Moves, moves_of
from .opening import fact_of, new_case, rows_of
from .rules import by_hand
from .settings import Settings

__all__ = ["LONGEST_TAG", "LONGEST_TEXT", "MOST_TAGS", "TAG", "Carrier", "Deeds"]

LONGEST_TEXT, MOST_TAGS, LONGEST_TAG = 4000, 20, 40
#: Within this time the same words of the same person are one note.
TWICE = timedelta(minutes=10)
_NO_TAG = r",\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069"
#: A tag: one trimmed line in any script; commas stand between tags.
TAG = rf"^[^{_NO_TAG}\s]([^{_NO_TAG}]*[^{_NO_TAG}\s])?$"
_TAG = re.compile(TAG)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_WEB = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Which case of another system carries one of ours.

    Args:
        reference: Its number there, empty for none.
        url: Its address there, empty for none.
        quiet: Whether that system reminds people, so that this one need not.
    """

    reference: str
    url: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a change: its name in the history, what becomes of which column, and what belongs to it."""

    kind: str
    values: Mapping[str, Any]
    detail: Mapping[str, Any]


class Deeds:
    """What can be done with the cases of one instance.

    Each takes the case as it was seen: when somebody else has changed it since, it raises Conflict and nothing is done.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings
        self.cases = Cases(hub)

    @property
    def moves(self) -> Moves:
        """The moves that a case can make now."""
        return moves_of(self._hub, self._settings)

    def seen(self, id_: str, version: int | None) -> Case:
        """Return a case as it was seen; raises NotFound, and Conflict when it was changed since.

        Args:
            id_: The case.
            version: Its version as it was seen, None for whatever it is.
        """
        case = self.cases.get(id_)
        if version is not None and version != case.version:
            raise Conflict(MEANWHILE)
        return case

    def open(self, response: str, by: str, text: str = "") -> Case:
        """Open a case by hand for an answer.

        Args:
            response: The answer.
            by: Who opens it.
            text: Why, in their words.

        Raises:
            NotFound: There is no such answer.
            Conflict: It has a case already.
            Refused: It is a test's, or does not count.
        """
        found = self._hub.read.response(response)
        if not found.counted:
            raise Refused(Problem("response", N_("is a test, was discarded, or may be a machine's")))
        case = new_case(self._hub, self._settings, found, by_hand(self._settings, found), self._hub.clock.now())
        opened = self.cases.step(case.id, "opened", by, checked_text(text), {"reasons": list(case.reasons)})
        try:
            if self.cases.find(response) is not None:
                raise Conflict(N_("this answer has a case already"))
            self._hub.apply(Effects([*rows_of(self._hub, case), opened], events=[fact_of(case)]))
        except IntegrityError:
            raise Conflict(N_("this answer has a case already")) from None
        return self.cases.get(case.id)

    def note(self, case: Case, by: str, text: str) -> Case:
        """Write a note; one is never in the way of what somebody else does meanwhile; raises Refused."""
        if not text.strip():
            raise Refused(Problem("text", N_("must not be empty")))
        written = self.cases.note(case.id, by, checked_text(text), TWICE)
        with suppress(Conflict):  # a form that was sent twice says nothing new
            self._hub.apply(Effects([written], events=[_fact("noted", case, {})]), if_touched=True)
        return self.cases.get(case.id)

    def acknowledge(self, case: Case, by: str, text: str = "") -> Case:
        """Take a new case on; one without an owner becomes theirs who does, when that is a person."""
        values = self.moves.acknowledge(case)
        if not case.owner and _ADDRESS.fullmatch(by):
            # What is taken back is nobody's again.
            values |= {"owner": by.lower(), "before": {**values["before"], "owner": case.owner}}
        return self._do(case, values, "acknowledged", by, text)

    def wait(self, case: Case, by: str, until: datetime, text: str = "") -> Case:
        """Let a case wait until a moment, at which it comes back by itself; raises Conflict and Refused."""
        return self._do(case, self.moves.wait(case, until), "waiting", by, text, {"until": until.isoformat()})

    def close(self, case: Case, by: str, outcome: str, text: str = "") -> Case:
        """Close a case; raises Conflict and Refused."""
        return self._do(case, self.moves.close(case, outcome), "closed", by, text, {"outcome": outcome})

    def reopen(self, case: Case, by: str, text: str = "") -> Case:
        """Open a closed case again; raises Conflict."""
        return self._do(case, self.moves.reopen(case), "reopened", by, text)

    def undo(self, case: Case, by: str) -> Case:
        """Take the last step back; raises Conflict when something came after it."""
        values = self.moves.undo(case)
        facts, is_closed = list[Fact](), values["state"] == "closed"
        if case.is_closed != is_closed:
            what = {"outcome": values["outcome"]} if is_closed else {}
            facts.append(_fact("closed" if is_closed else "reopened", case, what))
        done = ("undone", by, "", {"from": case.state, "to": values["state"]})
        return self.cases.change(case, values, done, facts=facts)

    def change(
        self, case: Case, by: str, *, owner: str | None = None, tags: Iterable[str] | None = None,
        flags: Iterable[str] | None = None, carrier: Carrier | None = None,
    ) -> Case:  # fmt: skip
        """Change whose a case is, its tags and flags, and what carries it: all that is given, or nothing.

        Args:
            case: The case as it was seen.
            by: Who does it.
            owner: Whose it shall be, empty for everybody's; None for no change, as below.
            tags, flags: All that it shall have.
            carrier: Which case of another system carries it.

        Raises:
            Conflict: Somebody else changed it meanwhile, or nothing is named that would do the reminding.
            Refused: Something of it is wrong, with the field.
        """
        parts = (
            None if owner is None else self._owned(case, owner.strip().lower()),
            None if tags is None else _tagged(case, tags),
            None if flags is None else _flagged(case, flags),
            None if carrier is None else _carried(case, carrier),
        )
        changed = [each for each in parts if each is not None]
        if not changed:
            return case
        values = {name: value for each in changed for name, value in each.values.items()}
        done = [(each.kind, by, "", each.detail) for each in changed]
        fact = _fact("changed", case, {"what": [each.kind for each in changed]})
        return self.cases.change(case, values, *done, facts=[fact])

    def _owned(self, case: Case, owner: str) -> Part | None:
        if owner and not (_ADDRESS.fullmatch(owner) and len(owner) <= 320):
            raise Refused(Problem("owner", N_("must be a mail address, or empty for everybody")))
        if owner == case.owner:
            return None
        # Mails go there: only staff, and whom the settings name.
        if owner and owner not in self._settings.named | {each.email.lower() for each in self._hub.read.staff()}:
            unknown = N_("is nobody's address here: staff may own cases, and whom the settings name")
            raise Refused(Problem("owner", unknown))
        # A new owner learns of it with the next mails, as of a new case.
        told = {} if case.is_closed or not owner else {"watch_at": self._hub.clock.now()}
        # Taking an earlier step back takes no owner away who was named after it.
        before = {name: value for name, value in (case.before or {}).items() if name != "owner"} or None
        return Part("owner", {"owner": owner, "before": before, **told}, {"from": case.owner, "to": owner})

    def _do(
        self, case: Case, values: Mapping[str, Any], kind: str, by: str, text: str,
        detail: Mapping[str, Any] | None = None,
    ) -> Case:  # fmt: skip
        done, fact = (kind, by, checked_text(text), detail or {}), _fact(kind, case, detail or {})
        return self.cases.change(case, values, done, facts=[fact])


def _tagged(case: Case, tags: Iterable[str]) -> Part | None:
    wanted = tuple(dict.fromkeys(each.strip() for each in tags if each.strip()))
    if len(wanted) > MOST_TAGS or any(len(each) > LONGEST_TAG or not _TAG.fullmatch(each) for each in wanted):
        why = N_("at most {n} tags, each one line of at most {size} characters without commas")
        raise Refused(Problem("tags", why, {"n": MOST_TAGS, "size": LONGEST_TAG}))
    return _set("tags", case.tags, wanted)


def _flagged(case: Case, flags: Iterable[str]) -> Part | None:
    given = set(flags)
    if given - set(FLAGS):
        raise Refused(Problem("flags", N_("must be one of {names}"), {"names": ", ".join(FLAGS)}))
    return _set("flags", case.flags, tuple(each for each in FLAGS if each in given))


def _set(what: str, old: Sequence[str], wanted: Sequence[str]) -> Part | None:
    if tuple(old) == tuple(wanted):
        return None
    change = {"added": [each for each in wanted if each not in old], "removed": [e for e in old if e not in wanted]}
    return Part(what, {what: list(wanted)}, change)


def _carried(case: Case, carrier: Carrier) -> Part | None:
    reference, url = carrier.reference.strip(), carrier.url.strip()
    if url and not (_WEB.fullmatch(url) and len(url) <= 2000):
        raise Refused(Problem("url", N_("must begin with http:// or https://")))
    if len(reference) > 200:
        raise Refused(Problem("reference", N_("must have at most {n} characters"), {"n": 200}))
    if carrier.quiet and not reference:
        raise Conflict(N_("only a case that has a reference elsewhere may be quiet here"))
    values: dict[str, Any] = {"reference": reference, "url": url, "quiet": carrier.quiet}
    if all(getattr(case, name) == value for name, value in values.items()):
        return None
    return Part("carried", values, {"is_carried": bool(reference), "quiet": carrier.quiet})


def _fact(kind: str, case: Case, detail: Mapping[str, Any]) -> Fact:
    return Fact(f"recovery.{kind}", {"case": case.id, **detail})


def checked_text(text: str) -> str:
    """Return words for the history; raises Refused when there are too many of them."""
    words = text.strip()
    if len(words) > LONGEST_TEXT:
        raise Refused(Problem("text", N_("must have at most {n} characters"), {"n": LONGEST_TEXT}))
    return words
