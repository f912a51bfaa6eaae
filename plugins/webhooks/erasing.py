"""What the plugin does with personal data."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Data, Identifier, Plugin

__all__ = ["Forgetful"]


class Forgetful(Plugin):
    """Sends what endpoints ask for, read at the moment of sending, and keeps nothing of it."""

    data = Data(sends=("comment", "name", "address", "customer number"))

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove nothing: rows hold ids and statuses; what waits is filled when it is sent, from what is left."""
        return 0
