"""Reach: how a customer can be written to now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..contract.errors import NotFound
from ..contract.gestures import Reach
from ..store.queries import people
from .core import Core
from .guards import PERSONAL
from .situation import suppressed_among

__all__ = ["reach"]


def reach(core: Core, customer: str, channels: Sequence[str] = ()) -> Reach | None:
    """Return the first of some channels that has a usable address of a customer, and that address.

    Args:
        core: The instance.
        customer: The customer's public id.
        channels: Names of channels, first choice first; when empty, all with addresses: those of the ask policy first.

    Returns:
        None when there is none, or the person wants no messages.

    Raises:
        NotFound: There is no such customer.
    """
    with core.store.read() as connection:
        row = people.customer_by_public_id(connection, customer)
        if row is None or row.erased_at is not None:
            raise NotFound("no such customer")
        kin = people.kin_of(connection, row.id)
        found = people.identifiers_of(connection, kin)
        known = list(dict.fromkeys(each for _, each in found))
        closed = suppressed_among(connection, core.links, known)
    if any(reason in PERSONAL for reason in closed.values()):
        return None
    # What is known of this very customer comes before what is known of the person's other rows.
    own = [each for owner, each in found if owner == row.id]
    for name in channels or _usual(core):
        reaches = core.plugins.channels[name].reaches if name in core.plugins.channels else ()
        for each in dict.fromkeys((*own, *known)):
            if each.kind in reaches and each not in closed:
                return Reach(name, each)
    return None


def _usual(core: Core) -> Iterable[str]:
    return dict.fromkeys((*(each for entry in core.settings.ask for each in entry.channels), *core.plugins.channels))
