"""Gestures with their entry in the audit log: who recorded what, who took it back."""

from __future__ import annotations

from sqlalchemy import Connection

from ..loop.core import Core
from ..loop.gestures import GestureNote, record_now, withdraw_now
from .audit import record

__all__ = ["note_gesture", "take_back"]


def note_gesture(core: Core, note: GestureNote, by: str) -> tuple[str, int]:
    """Record a gesture and return its public id and the how-manieth of its kind it is to this person.

    Args:
        core: The instance.
        note: The gesture.
        by: Who records it, for the audit log.

    Raises:
        NotFound: The customer, contact, response or agent does not exist.
    """
    now = core.clock.now()

    def run(connection: Connection) -> tuple[str, int]:
        public_id, nth = record_now(connection, note, now)
        record(connection, now, by, "gesture.recorded", f"customer:{note.customer}", {"gesture": public_id})
        return public_id, nth

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
