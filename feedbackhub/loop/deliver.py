"""Deliver: hand one message to a channel, and record what became of it before anything else is sent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from ..contract.errors import PermanentFailure, Suppressed, TemporaryFailure
from ..contract.objects import Channel
from ..contract.records import Brand, Identifier, Message, Receipt
from ..machinery.containment import GivenUp, PluginFault
from ..store.queries import invitations, outbox, people
from ..store.types import AnyRow
from .compose import Facts, Parts, compose
from .contained import hand_over, plugin_of
from .core import Core
from .fence import Claim, fenced
from .invite import plan_delivery
from .journal import delivery_ended
from .plain import plain
from .postpone import free_moment
from .retry import backoff
from .sent import note_sent
from .situation import suppressed_among
from .suppress import suppress_identifiers
from .tell import publish
from .views import survey_link
from .wanted import BOUNCED, outlook

log = logging.getLogger(__name__)
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_RECEIPT = 400  # what comes back is looked up by it


def deliver(core: Core, claim: Claim, delivery_id: int) -> None:
    """Make one delivery.

    Checks again whether it is still wanted, hands the message over outside any transaction, and
    stores the outcome fenced by the attempt: a worker whose lease ran out changes nothing.

    Args:
        core: The instance.
        claim: The task's claim.
        delivery_id: Row number of the delivery.
    """
    if not _held(core, claim):
        return
    with core.store.read() as connection:
        found = outlook(connection, core, delivery_id, claim.tries)
    row, reason = found.row, found.reason
    if row is not None and reason == BOUNCED and row.kind != "reminder":
        _failed(core, claim, row, "Messages to this address came back.")
        return
    if row is None or reason:
        _drop(core, claim, row, reason)
        return
    if found.not_before is not None:
        _put_off(core, claim, row, found.not_before)
        return
    if claim.tries > core.settings.engine.max_attempts:
        # Whoever tried before died of it, or of something else at the time: no further try without a person.
        _again(core, claim, row, row.error or "no attempt came to an end", None)
        return
    channel = core.plugins.channels.get(row.channel)
    if channel is None:
        # Perhaps only until the next start: a slip in the settings must not use up everybody's ask.
        _again(core, claim, row, f"The channel {row.channel} is not active.", None)
        return
    _send(core, claim, row, channel, found.remind_at)


def _held(core: Core, claim: Claim) -> bool:
    """Tell whether this worker may still begin; a claim that has waited in a queue is renewed first."""
    now, lease = core.clock.now(), timedelta(seconds=core.settings.engine.lease_seconds)
    if claim.lease_until is None or claim.lease_until - now > lease / 2:
        return True
    return core.store.write(lambda connection: outbox.renew(connection, claim.task_id, claim.attempt, now + lease))


def _put_off(core: Core, claim: Claim, row: AnyRow, moment: datetime) -> None:
    def change(connection: Connection, _: datetime) -> None:
        outbox.put_off(connection, claim.task_id, claim.attempt, moment)
        invitations.change_delivery(connection, row.id, due_at=moment)

    fenced(core, claim, change)


def _send(core: Core, claim: Claim, row: AnyRow, channel: Channel, remind_at: datetime | None) -> None:
    message = _message(core, row, channel.takes_answers)
    try:
        receipt = hand_over(core, channel, message)
    except TemporaryFailure as error:
        _again(core, claim, row, error.reason, error.retry_after)
    except PermanentFailure as error:
        # A test goes to another address than the customer's, which says nothing about the latter.
        dead = Identifier(row.address_kind, row.address) if error.address_is_dead and not row.test else None
        _failed(core, claim, row, error.reason, suppress=dead, suppress_reason="bounce")
    except Suppressed as error:
        person = None if row.test else Identifier(row.address_kind, row.address)
        _failed(core, claim, row, error.reason, suppress=person, suppress_reason="opt_out")
    except GivenUp:
        # Nothing is known of what was done: the task comes back when its lease runs out, with the same Message-ID.
        log.warning("delivery %s was still under way when the server stopped", row.public_id)
    except PluginFault as fault:
        _again(core, claim, row, f"the channel failed: {fault.reason}", None)
    else:
        note_sent(core, claim, row, _said(core, row, receipt), remind_at)


def _message(core: Core, row: AnyRow, takes_answers: bool) -> Message:
    settings, base = core.settings, core.settings.base_url(row.brand)
    link = survey_link(core.links, base, row.invitation_public_id)
    to = Identifier(row.address_kind, row.address)
    if row.test and settings.test_address:
        to = Identifier("email", settings.test_address)
    facts = Facts(
        ended_at=row.contact_at,
        timezone=row.timezone or settings.timezone,
        channel=row.contact_channel or "",
        topic=row.topic,
        product=row.product,
        team=row.team,
        reference=row.reference or "",
        agent_name=(row.agent_name or "") if settings.web.show_agent_names else "",
    )
    parts = Parts(
        message_id=row.message_id,
        kind=row.kind,
        to=to,
        customer_name=row.customer_name or "",
        language=row.language or settings.default_language,
        brand=brand_record(core, row.brand),
        survey=core.shelf.version(row.survey_version_id).survey,
        facts=facts,
        link=link,
        stop_link=f"{link}/stop",
        expires_at=row.expires_at,
        in_reply_to=row.follows or "",
        test=row.test,
        takes_answers=takes_answers,
    )
    return compose(parts, core.renderer)


def brand_record(core: Core, key: str) -> Brand:
    """Return a brand as plugins and templates see it, the default one for an unknown key."""
    brand = core.settings.brand(key)
    return Brand(
        key=key,
        name=brand.name,
        color=brand.color,
        logo_url=brand.logo_url,
        sender=brand.sender,
        reply_to=brand.reply_to,
    )


def _said(core: Core, row: AnyRow, receipt: object) -> str:
    """Return what is kept of a receipt; without a proper one the message is out all the same."""
    if isinstance(receipt, Receipt):
        return plain(receipt.id or receipt.detail, _LONGEST_RECEIPT)
    plugin = plugin_of(core, core.plugins.channels[row.channel])
    core.containment.blame(plugin, f"deliver {row.channel}", f"returned {type(receipt).__name__}, no Receipt")
    return ""


def _again(core: Core, claim: Claim, row: AnyRow, reason: str, wait: timedelta | None) -> None:
    """Try a delivery again later; after the last attempt it is parked for a person to look at."""
    reason = plain(reason)
    later = min(wait, _LONGEST_WAIT) if isinstance(wait, timedelta) else timedelta(0)

    def change(connection: Connection, now: datetime) -> None:
        if claim.tries >= core.settings.engine.max_attempts:
            outbox.park(connection, claim.task_id, claim.attempt, now, reason)
            invitations.change_delivery(connection, row.id, state="failed", error=reason)
            publish(connection, "delivery.parked", now, {"delivery": row.id, "invitation": row.invitation_id})
            return
        due_at = now + max(later, backoff(core, claim.tries))
        outbox.postpone(connection, claim.task_id, claim.attempt, due_at, reason)
        invitations.change_delivery(connection, row.id, error=reason, due_at=due_at)

    fenced(core, claim, change)
    delivery_ended(core, row, claim, "parked" if claim.tries >= core.settings.engine.max_attempts else "deferred")


def _failed(
    core: Core,
    claim: Claim,
    row: AnyRow,
    reason: str,
    suppress: Identifier | None = None,
    suppress_reason: str = "",
) -> None:
    """Give a delivery up and take the next channel of the ladder."""
    reason = plain(reason)

    def change(connection: Connection, now: datetime) -> None:
        outbox.finish(connection, claim.task_id, claim.attempt, now)
        invitations.by_public_id(connection, row.invitation_public_id, lock=True)
        invitations.change_delivery(connection, row.id, state="failed", error=reason)
        publish(connection, "delivery.failed", now, {"delivery": row.id, "invitation": row.invitation_id})
        if suppress is not None:
            suppress_identifiers(connection, core.links, [suppress], suppress_reason, reason, row.channel, now)
        if row.kind != "reminder":
            fall_back(connection, core, row.invitation_public_id, reason, now)

    fenced(core, claim, change)
    delivery_ended(core, row, claim, "failed")


def fall_back(connection: Connection, core: Core, invitation_public_id: str, reason: str, now: datetime) -> bool:
    """Go on with the next channel of an invitation's ladder and tell whether there was one.

    Args:
        connection: Inside a write.
        core: The instance.
        invitation_public_id: The invitation.
        reason: Why the channel before failed.
        now: The present moment.
    """
    current = invitations.by_public_id(connection, invitation_public_id, lock=True)
    if current is None or current.state not in ("due", "sent"):
        return False
    kin = people.kin_of(connection, current.customer_id) if current.customer_id is not None else []
    known = [each for _, each in people.identifiers_of(connection, kin)]
    suppressed = suppressed_among(connection, core.links, known)
    for step in range(current.step + 1, len(current.ladder)):
        channel = core.plugins.channels.get(current.ladder[step])
        if channel is None:
            continue
        usable = [each for each in known if each.kind in channel.reaches and each not in suppressed]
        to = usable[0] if usable else None if channel.reaches else Identifier("", "")
        if to is not None:
            invitations.change_invitation(connection, current.id, step=step)
            name = current.ladder[step]
            due_at = free_moment(connection, core, current, name, now, now)
            plan_delivery(connection, current.id, "fallback", name, to, due_at, core.settings.public_url, now)
            return True
    invitations.change_invitation(connection, current.id, state="undeliverable", reason=reason, ended_at=now)
    publish(connection, "invitation.undeliverable", now, {"invitation": current.id})
    return False


def _drop(core: Core, claim: Claim, row: AnyRow | None, reason: str) -> None:
    def change(connection: Connection, now: datetime) -> None:
        outbox.finish(connection, claim.task_id, claim.attempt, now)
        if row is None or row.state != "due":
            return
        invitations.change_delivery(connection, row.id, state="cancelled", error=reason)
        if reason in ("suppressed", "merged") and row.invitation_state == "due":
            invitations.change_invitation(connection, row.invitation_id, state="cancelled", reason=reason, ended_at=now)
            publish(connection, "invitation.cancelled", now, {"invitation": row.invitation_id})

    fenced(core, claim, change)
    if row is not None:
        delivery_ended(core, row, claim, "dropped", reason)
