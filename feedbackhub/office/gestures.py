"""Gestures with their entry in the audit log: who recorded what, who took it back."""

from __future__ import annotations

from sqlalchemy import Connection

from ..contract.gestures import GestureMade
from ..loop.core import Core
from ..loop.gestures import GestureNote, record_now, withdraw_now
from .audit import record

__all__ = ["note_gesture", "take_back"]


def note_gesture(core: Core, note: GestureNote, by: str) -> GestureMade:
    """Record a gesture and return its public id and how many of its kind this person has received.

    Args:
        core: The instance.
        note: The gesture.
        by: Who records it, for the audit log.

    Raises:
        NotFound: The customer, contact, response or agent does not exist.
        Refused: The settings know no such kind, or it has a manner without being an apology.
    """
    now = core.clock.now()

    def run(connection: Connection) -> GestureMade:
        made = record_now(connection, core.settings, note, now)
        record(connection, now, by, "gesture.recorded", f"customer:{note.customer}", {"gesture": made.id})
        return made

    return core.store.write(run)


def take_back(core: Core, gesture: str, by: str, customer: str = "") -> None:
    """Withdraw a gesture.

    Args:
        core: The instance.
        gesture: Its public id.
        by: Who withdraws it, for the audit log.
        customer: When given, the gesture must be one to this customer's person.

    Raises:
        NotFound: There is no such gesture, or it is not one to this customer.
    """
    now = core.clock.now()

    def run(connection: Connection) -> None:
        withdraw_now(connection, gesture, customer, now)
        record(connection, now, by, "gesture.withdrawn", f"gesture:{gesture}")

    core.store.write(run)
