"""Who erases what the mailbox keeps about a person."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Data, Identifier, Plugin

from .drawer import Drawer


class Keeper(Plugin):
    """Keeps whole messages, so erasing means removing them."""

    data = Data(keeps=("name", "address"))

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Remove the messages to these addresses and return how many went."""
        return self.drawer.erase(identifiers)
