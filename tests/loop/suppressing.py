"""Addresses that are not to be written to, put on the list without anybody deciding it."""

from __future__ import annotations

from feedbackhub.contract.records import Identifier
from feedbackhub.loop.core import Core
from feedbackhub.loop.suppress import suppress_identifiers
from feedbackhub.machinery.addresses import normalise


def suppress_address(core: Core, kind: str, value: str, reason: str, by: str) -> None:
    """Put an address on the list."""
    address = Identifier(kind, normalise(kind, value, core.settings.default_region))
    now = core.clock.now()
    core.store.write(
        lambda connection: suppress_identifiers(connection, core.links, [address], reason, "by hand", by, now)
    )
