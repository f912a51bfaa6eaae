"""Erased contacts: what is left of their ids, so that a message delivered again does not bring a person back.

The id that a contact has in its source leads to the person there, so erasing replaces it by a keyed hash, as
suppressions do. Who delivers the same event again is recognised by it; who was reopened and ends anew is served anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from ..machinery.links import Links
from ..store.queries import contacts
from ..store.queries.erasing import MARK
from ..store.types import AnyRow

__all__ = ["is_erased", "latest_known", "mark_of", "marks_of"]
def mark_of(links: Links, source: str, external_id: str) -> str:
    """Return what stands in the place of an erased contact's id."""
    return marks_of(links, source, external_id)[0]


def marks_of(links: Links, source: str, external_id: str) -> Sequence[str]:
    """Return what may stand there, under every key there was."""
    return [MARK + each for each in links.fingerprints(f"contact:{source}", external_id)]


def latest_known(connection: Connection, links: Links, source: str, external_id: str) -> AnyRow | None:
    """Return the newest resolution of a contact, an erased one when there is no other, None when there is none."""
    marks = marks_of(links, source, external_id)
    return contacts.latest_resolution(connection, source, external_id, marks)


def is_erased(external_id: str) -> bool:
    """Tell whether a contact's id is what erasing left of it."""
    return external_id.startswith(MARK)
