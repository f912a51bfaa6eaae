"""What the plugin does with personal data."""

from __future__ import annotations

from collections.abc import Sequence

from feedbackhub import Data, Identifier, Plugin

from .addresses import spelled
from .readers import Recipients

__all__ = ["Keeper"]


class Keeper(Plugin):
    """Sends words of customers to the staff named in digests, and keeps the addresses of those.

    Args:
        recipients: Who gets what.
    """

    data = Data(sends=("address", "comment"), keeps=("address", "comment"))

    def __init__(self, recipients: Recipients) -> None:
        self._recipients = recipients

    def erase_person(self, identifiers: Sequence[Identifier]) -> int:
        """Take a person's addresses off every list, with who ended what; previews, which may quote anybody, go too."""
        addresses = {spelled(each.value) or each.value for each in identifiers if each.kind == "email"}
        return self._recipients.erase(addresses)
