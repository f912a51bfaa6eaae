"""Letters: messages of plugins' own, sent through a channel like every other message."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ..contract.errors import DeliveryFailure, NotFound, Problem, Refused, Suppressed, TemporaryFailure
from ..contract.records import Identifier, Letter, Message
from ..machinery.addresses import normalise
from ..machinery.containment import GivenUp, PluginFault
from ..machinery.i18n import direction
from ..machinery.links import new_public_id
from ..store.queries import once, outbox, people
from ..store.queries import plugin_tasks as rows
from ..store.queries.plugin_tasks import LETTER
from .contained import hand_over
from .core import Core
from .deliver import brand_record
from .fence import Claim, fenced
from .invite import message_domain
from .journal import letter_ended
from .letter_ends import call_off_for_good, tell_failed, tell_sent
from .letter_parts import check_pictures, check_stop_link, kept_pictures, pictures_in
from .plain import plain
from .plugin_queue import LONGEST_KEY, MOST_BYTES
from .retry import backoff
from .situation import suppressed_among

__all__ = ["LETTER", "add_letter", "deliver_letter", "letter_references", "queue_letter"]

#: After first asks, before reminders.
PRIORITY = 5
LONGEST_WAIT = timedelta(days=1)
_TEXTS = ("channel", "subject", "text", "html", "language", "key", "brand", "stop_link", "about")
#: An id, and not a person's name or address: events hold it.
_ABOUT = re.compile(r"[A-Za-z0-9_.:-]{0,64}")
log = logging.getLogger(__name__)


def queue_letter(core: Core, plugin: str, letter: object) -> None:
    """Queue a letter; one whose key was used before is left out.

    Raises:
        Refused: A field is wrong.
        NotFound: There is no such channel.
    """
    checked = _checked(core, letter)
    now = core.clock.now()
    core.store.write(lambda connection: add_letter(connection, core, plugin, checked, now))
    core.bell.ring()


def add_letter(connection: Connection, core: Core, plugin: str, letter: Letter, now: datetime) -> bool:
    """Queue a checked letter inside a write and tell whether its key was not used before.

    Args:
        connection: Inside a write.
        core: The instance.
        plugin: Who writes, or ``core``.
        letter: The letter, its address in the one spelling.
        now: The present moment.
    """
    if letter.key:
        digests = core.links.fingerprints(LETTER, letter.key)
        if not once.first_time(connection, plugin, digests, now):
            return False
    message_id = f"{new_public_id()}@{message_domain(core.settings.public_url)}"
    outbox.add_task(
        connection,
        kind=LETTER,
        lane=letter.channel,
        reference=core.links.fingerprint(letter.to.kind, letter.to.value),
        dedup_key=f"{LETTER}:{new_public_id()}",
        due_at=now,
        now=now,
        priority=PRIORITY,
        payload={**_written(letter), "plugin": plugin, "message_id": message_id},
    )
    return True


def _written(letter: Letter) -> dict[str, Any]:
    # Without the pictures, so that no bytes are copied on the way.
    return {**asdict(replace(letter, pictures=())), "pictures": kept_pictures(letter.pictures)}


def letter_references(core: Core, to: Identifier) -> tuple[str, ...]:
    """Return what the tasks of letters to an address may be found by."""
    return core.links.fingerprints(to.kind, to.value)


def _checked(core: Core, letter: object) -> Letter:
    if not isinstance(letter, Letter):
        raise Refused(Problem("letter", f"{type(letter).__name__} is no Letter"))
    for name in _TEXTS:
        if not isinstance(getattr(letter, name), str):
            raise Refused(Problem(name, "must be a text"))
    if sum(len(getattr(letter, name)) for name in _TEXTS) > MOST_BYTES * 8:
        raise Refused(Problem("text", "is too long"))
    if len(letter.key) > LONGEST_KEY:
        raise Refused(Problem("key", f"must be a text of at most {LONGEST_KEY} characters"))
    if not _ABOUT.fullmatch(letter.about):
        raise Refused(Problem("about", "must be at most 64 letters, digits, dots, colons, hyphens and underscores"))
    channel = core.plugins.channels.get(letter.channel)
    if channel is None:
        raise NotFound(f"there is no channel {letter.channel}")
    to: object = letter.to
    if not isinstance(to, Identifier) or to.kind not in channel.reaches:
        kinds = ", ".join(channel.reaches) or "nobody by address"
        raise Refused(Problem("to", f"the channel {letter.channel} reaches {kinds}"))
    address = normalise(to.kind, to.value, core.settings.default_region)
    return replace(
        letter,
        to=Identifier(to.kind, address),
        to_staff=bool(letter.to_staff),
        stop_link=check_stop_link(letter.stop_link, core.settings.public_url),
        pictures=check_pictures(letter.pictures, letter.html),
    )


def deliver_letter(core: Core, claim: Claim, reference: str) -> None:
    """Hand one letter over, outside any transaction, unless its reader has become suppressed meanwhile.

    Args:
        core: The instance.
        claim: The task's claim.
        reference: The keyed hash of its address.
    """
    with core.store.read() as connection:
        row = rows.by_number(connection, claim.task_id)
        if row is None or row.attempt != claim.attempt or not row.payload:
            return
        letter = row.payload
        base = int(letter.get("base", 0))
        tries = claim.tries - (base if base < claim.tries else 0)
        to = Identifier(letter["to"]["kind"], letter["to"]["value"])
        unwanted = not letter["to_staff"] and _is_suppressed(connection, core, to)
    if unwanted:
        fenced(core, claim, lambda c, now: _drop(c, claim, now))
        letter_ended(core, letter["channel"], letter["plugin"], tries, "dropped")
        return
    channel = core.plugins.channels.get(letter["channel"])
    if channel is None:
        _again(core, claim, letter, tries, f"The channel {letter['channel']} is not active.", None)
        return
    try:
        hand_over(core, channel, _message(core, letter, to))
    except GivenUp:
        log.warning("a letter of plugin %s was still under way when the server stopped", letter["plugin"])
    except TemporaryFailure as error:
        _again(core, claim, letter, tries, error.reason, error.retry_after)
    except Suppressed:
        fenced(core, claim, lambda c, now: _drop(c, claim, now))
        letter_ended(core, letter["channel"], letter["plugin"], tries, "dropped")
    except DeliveryFailure as error:
        reason = plain(error.reason)
        fenced(core, claim, lambda c, now: _park(c, claim, now, letter, reason))
        letter_ended(core, letter["channel"], letter["plugin"], tries, "parked")
    except PluginFault as fault:
        _again(core, claim, letter, tries, f"the channel failed: {fault.reason}", None)
    else:
        fenced(core, claim, lambda c, now: _finish(c, claim, now, letter))
        letter_ended(core, letter["channel"], letter["plugin"], tries, "sent")


def _is_suppressed(connection: Connection, core: Core, to: Identifier) -> bool:
    """Tell whether an address must not be written to, or the one person it belongs to wants nothing more."""
    known = [to]
    persons = {row.person_id for row in people.customers_with(connection, [to])}
    if len(persons) == 1:
        kin = people.family_customers(connection, people.root_of(connection, persons.pop()))
        known += [each for _, each in people.identifiers_of(connection, kin)]
    found = suppressed_among(connection, core.links, list(dict.fromkeys(known)))
    return to in found or any(reason != "bounce" for reason in found.values())


def _message(core: Core, letter: Mapping[str, Any], to: Identifier) -> Message:
    language = letter["language"] or core.settings.default_language
    return Message(
        id=letter["message_id"],
        kind=LETTER,
        to=to,
        name="",
        language=language,
        direction=direction(language),
        subject=letter["subject"],
        text=letter["text"],
        html=letter["html"],
        link="",
        stop_link=letter.get("stop_link", ""),
        choices=(),
        brand=brand_record(core, letter["brand"]),
        pictures=pictures_in(letter),
    )


def _again(
    core: Core, claim: Claim, letter: Mapping[str, Any], tries: int, reason: str, wait: timedelta | None
) -> None:
    later = min(wait, LONGEST_WAIT) if isinstance(wait, timedelta) else timedelta(0)

    def change(connection: Connection, now: datetime) -> None:
        if tries >= core.settings.engine.max_attempts:
            _park(connection, claim, now, letter, plain(reason))
        else:
            due_at = now + max(later, backoff(core, tries))
            outbox.postpone(connection, claim.task_id, claim.attempt, due_at, plain(reason))

    fenced(core, claim, change)
    outcome = "parked" if tries >= core.settings.engine.max_attempts else "deferred"
    letter_ended(core, letter["channel"], letter["plugin"], tries, outcome)


def _park(connection: Connection, claim: Claim, now: datetime, letter: Mapping[str, Any], reason: str) -> None:
    outbox.park(connection, claim.task_id, claim.attempt, now, reason)
    tell_failed(connection, letter, now)


def _finish(connection: Connection, claim: Claim, now: datetime, letter: Mapping[str, Any]) -> None:
    outbox.finish(connection, claim.task_id, claim.attempt, now)
    tell_sent(connection, letter, now)


def _drop(connection: Connection, claim: Claim, now: datetime) -> None:
    call_off_for_good(connection, [claim.task_id], now)
