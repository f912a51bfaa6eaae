"""Open links: one address for everybody who sees it, in a signature, on a receipt, on a poster, in a macro.

An answer makes its own contact and invitation; from then on it is an answer like any other, changed by the personal
link that it got. Looking never writes, so that a link that nobody answers leaves nothing behind.

Who answers twice: within a day a visitor is known again by a hash of address, browser and link, salted with a salt
that is forgotten when the day is over. The same page sent twice (a slip of the finger, the way back) is one answer. Two
pages are two answers, for two people behind one address must not overwrite each other; but the second one does not
count until somebody accepts it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import Conflict
from ..machinery.i18n import negotiate
from ..machinery.links import new_public_id
from ..machinery.settings import AskEntry
from ..store.queries import contacts, invitations
from ..store.queries import open_links as rows
from ..store.queries.locks import lock_keys
from ..store.tables import DIMENSIONS
from ..store.types import AnyRow
from ..surveys.answers import check_answers
from .claims import NO_CHANNEL, claim_in, missing_from
from .collect import Given, NotOpen, Sighting, Submitted, noted, take
from .compose import Facts
from .core import Core
from .deliver import brand_record
from .erased import is_erased, latest_known
from .page import PageView, nothing_there, page_view
from .shelf import Version
from .tell import publish

__all__ = ["PURPOSE", "SOURCE", "Visitor", "answer_open", "look_up_open", "open_address"]

#: For what these links are signed; a personal link is no open one and the other way round.
PURPOSE = "open"
#: Where contacts come from that an answer to an open link makes.
SOURCE = "open-link"
RULE = "open_link"
_REASON = "The customer came by an open link."
_SPANS = AskEntry(name=RULE)
_DIGEST = 16


@dataclass(frozen=True)
class Visitor:
    """What tells one visitor from another for a day; nothing of it is stored but a hash.

    Args:
        address: Where the visitor comes from.
        browser: What the browser says it is.
    """

    address: str
    browser: str


def open_address(core: Core, public_id: str, brand: str = "") -> str:
    """Return the address of an open link."""
    return f"{core.settings.base_url(brand or None)}/o/{core.links.token(public_id, PURPOSE)}"


def look_up_open(core: Core, token: str, chosen: str = "", accepted: str = "") -> PageView:
    """Return what is behind an open link; a forged one is refused without touching the database.

    Args:
        core: The instance.
        token: The link's last part, whatever it holds.
        chosen: The language chosen on the page.
        accepted: The browser's Accept-Language.
    """
    public_id = core.links.read(token, PURPOSE)
    if public_id is None:
        return nothing_there(core)
    with core.store.read() as connection:
        row = rows.by_public_id(connection, public_id)
        version = core.shelf.newest(connection, row.survey) if row is not None else None
    if row is None or version is None:
        return nothing_there(core)
    return _view(core, row, version, chosen, accepted)


def _view(core: Core, row: AnyRow, version: Version, chosen: str, accepted: str) -> PageView:
    survey, timezone = version.survey, core.settings.timezone
    wish = chosen if chosen in survey.languages else row.language or negotiate(accepted, survey.languages, "")
    language = survey.language_for(wish or core.settings.default_language)
    brand = brand_record(core, row.brand or "default")
    facts = Facts(core.clock.now(), timezone)
    kind = "open" if row.revoked_at is None else "revoked"
    return PageView(kind, row.public_id, survey, language, timezone, brand, facts, "", {}, False, None)  # type: ignore[arg-type]


def answer_open(
    core: Core, link: str, raw: Mapping[str, Any], sighting: Sighting, visitor: Visitor, ticket: str, language: str
) -> tuple[Submitted, PageView | None]:
    """Store an answer to an open link, with the contact and the invitation that it makes.

    Args:
        core: The instance.
        link: The open link's public id.
        raw: Answers by question as they came.
        sighting: What the page's door saw.
        visitor: Who answers.
        ticket: The ticket that the address names, whatever it holds.
        language: Language in which was answered.

    Returns:
        What became of it, and the page of the invitation made; None when there was nothing to store.

    Raises:
        NotOpen: The link takes no answers any more.
        Unavailable: The storage cannot take it now; nothing was written.
    """
    now = core.clock.now()
    given = Given(raw, "page", sighting, language, now)
    with core.store.read() as connection:
        row = rows.by_public_id(connection, link)
        version = core.shelf.newest(connection, row.survey) if row is not None else None
    if row is None or version is None:
        raise NotOpen("unknown")
    entry = _Entry(core, row, version, claim_in(ticket), visitor, given)
    checked = check_answers(version.survey, raw)
    if not checked.values:
        return Submitted("", 0, False, False, checked.problems, checked.missing, False, {}), None
    submitted, page = core.store.write(entry.store)
    noted(core, page.invitation, submitted, "page")
    return submitted, page


@dataclass(frozen=True)
class _Entry:
    """One answer on its way into the database."""

    core: Core
    link: AnyRow
    version: Version
    claimed: str
    visitor: Visitor
    given: Given

    def store(self, connection: Connection) -> tuple[Submitted, PageView]:
        """Find the answer that this page has made before, or make its contact and invitation; then take it."""
        link = rows.by_public_id(connection, self.link.public_id)
        if link is None or link.revoked_at is not None:
            raise NotOpen("revoked")
        visitor, page = self._marks(connection)
        ticket = [f"contact:{link.source}:{self.claimed}"] if self.claimed else []
        lock_keys(connection, [f"open:{visitor}", *ticket])
        earlier = rows.visits_of(connection, visitor)
        public_id = next((each.public_id for each in earlier if page and each.page == page), None)
        if public_id is None:
            public_id, invitation_id = self._invite(connection, link, bool(earlier))
            rows.add_visit(connection, visitor, page, invitation_id, self._day)
        submitted = take(connection, self.core, public_id, self.given)
        made = invitations.by_public_id(connection, public_id)
        if made is None:
            raise Conflict("the invitation disappeared while answering")
        if made.claimed_contact_id is not None:
            customer_id = rows.contact_row(connection, made.claimed_contact_id).customer_id
            rows.own_response(connection, made.response_id, customer_id)
        return submitted, page_view(self.core, made, self.given.language)

    @property
    def _day(self) -> str:
        return f"{self.given.now:%Y-%m-%d}"

    def _marks(self, connection: Connection) -> tuple[str, str]:
        """Return hashes of the visitor and of the page; without the day's salt nobody can make them again."""
        salt = _salt(connection, self._day)
        sighting = self.given.sighting
        proof = sighting.proof if sighting is not None else ""
        shown = self.core.links.proof_age(self.link.public_id, proof, self.given.now) is not None
        told = (self.visitor.address, self.visitor.browser, self.link.public_id, self.claimed)
        return digest(salt, *told), digest(salt, proof) if shown else ""

    def _invite(self, connection: Connection, link: AnyRow, repeated: bool) -> tuple[str, int]:
        now, claimed = self.given.now, self._claimed_contact(connection, link)
        frozen: dict[str, Any] = {name: link._mapping.get(name, "") for name in DIMENSIONS}
        said = {"brand": link.brand or "default", "channel": link.channel or NO_CHANNEL, "agent_id": link.agent_id}
        frozen |= said
        if claimed is not None:
            frozen |= missing_from(frozen, claimed)
        contact_id = _record(connection, frozen, now)
        public_id = new_public_id()
        invitation_id = invitations.add_invitation(connection, {
            "public_id": public_id, "contact_id": contact_id, "survey_version_id": self.version.id,
            "survey": self.version.survey.name, "survey_type": self.version.survey.type, "state": "sent",
            "ladder": [], "edit_window": int(_SPANS.edit_window.total_seconds()), "contact_at": now,
            "created_at": now, "due_at": now, "expires_at": now + _SPANS.expires_after, **frozen,
        })  # fmt: skip
        rows.add_answer(connection, {
            "invitation_id": invitation_id, "open_link_id": link.id, "claimed": self.claimed,
            "claimed_source": link.source if self.claimed else "", "repeated": repeated,
            "claimed_contact_id": claimed.id if claimed is not None else None,
        })  # fmt: skip
        publish(connection, "invitation.created", now, {"invitation": invitation_id, "contact": contact_id})
        return public_id, invitation_id

    def _claimed_contact(self, connection: Connection, link: AnyRow) -> AnyRow | None:
        if not self.claimed or not link.source:
            return None
        found = latest_known(connection, self.core.links, link.source, self.claimed)
        return None if found is None or is_erased(found.external_id) else found


def _salt(connection: Connection, day: str) -> bytes:
    """Return the day's salt; the first answer of a day makes it and lets the day before be forgotten."""
    salt = rows.salt_of(connection, day)
    if salt is not None:
        return salt
    lock_keys(connection, ["open-day"])
    salt = rows.salt_of(connection, day)
    if salt is None:
        salt = secrets.token_bytes(32)
        rows.begin_day(connection, day, salt)
    return salt


def digest(salt: bytes, *parts: str) -> str:
    """Return a salted hash of some texts."""
    told = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, key=salt, digest_size=_DIGEST).hexdigest()


def _record(connection: Connection, frozen: Mapping[str, Any], now: datetime) -> int:
    """Store the contact that an answer tells of, with the one decision on it."""
    public_id = new_public_id()
    contact_id = contacts.add_contact(connection, {
        "public_id": public_id, "source": SOURCE, "external_id": public_id, "resolution": 1, **frozen, "tags": [],
        "direction": "inbound", "closed_by": "customer", "ended_at": now, "url": "", "ask": True, "test": False,
        "imported": False, "attributes": {}, "recorded_at": now,
    })  # fmt: skip
    said = {"outcome": "ask", "rule": RULE, "reason": _REASON, "policy": "", "facts": {}}
    contacts.add_decision(connection, {"contact_id": contact_id, **said, "decided_at": now})
    publish(connection, "contact.recorded", now, {"contact": contact_id, "resolution": 1, "asked": True})
    return contact_id
