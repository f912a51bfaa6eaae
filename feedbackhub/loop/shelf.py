"""The shelf: published survey versions, read once and kept."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..store.queries import invitations as rows
from ..store.store import Store
from ..store.types import AnyRow
from ..surveys import BUILTIN_TYPES, Survey, Types, frozen, parse_survey, thawed
from ..surveys.library import bundled

HOUSE = "feedbackhub"


@dataclass(frozen=True)
class Version:
    """One published version of a survey."""

    id: int
    number: int
    survey: Survey


class Shelf:
    """Finds survey versions; a published version never changes, so each is parsed once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._versions: dict[int, Version] = {}
        self._lock = threading.Lock()

    def version(self, version_id: int, connection: Connection | None = None) -> Version:
        """Return one version.

        Args:
            version_id: Its row number.
            connection: Where to read it the first time; one of the shelf's own when left out.

        Raises:
            NotFound: There is no such version.
        """
        found = self._versions.get(version_id)
        if found is not None:
            return found
        if connection is not None:
            return self._read(connection, version_id)
        with self._store.read() as connection:
            return self._read(connection, version_id)

    def _read(self, connection: Connection, version_id: int) -> Version:
        row = rows.version_row(connection, version_id)
        if row is None:
            raise NotFound(f"no survey version {version_id}")
        version = Version(row.id, row.number, read_published(row))
        with self._lock:
            return self._versions.setdefault(version_id, version)

    def warm(self) -> None:
        """Read all versions now, so that no request has to."""
        with self._store.read() as connection:
            found = rows.versions_of(connection)
        with self._lock:
            for row in found:
                self._versions.setdefault(row.id, Version(row.id, row.number, read_published(row)))

    def newest(self, connection: Connection, name: str) -> Version | None:
        """Return a survey's newest version, None when there is no survey of that name."""
        row = rows.newest_version(connection, name)
        if row is None:
            return None
        # On the same connection: two for each of many callers would be more than there are.
        return self._versions.get(row.id) or self._read(connection, row.id)


def read_published(row: AnyRow) -> Survey:
    """Return the survey of a version's row, with the question types that it was published with."""
    return parse_survey(row.source, thawed(row.types))


def publish(
    connection: Connection, source: str, by: str, now: datetime, types: Types = BUILTIN_TYPES
) -> tuple[str, int, bool]:
    """Publish a survey's text as its next version, unless it is the newest one already.

    Args:
        connection: Inside a write.
        source: The YAML text.
        by: Who publishes.
        now: The present moment.
        types: The question types that it may use; those of plugins are kept with the version.

    Returns:
        The survey's name, the version's number, and whether it is new.

    Raises:
        SurveyError: The text is no valid survey.
    """
    survey = parse_survey(source, types)
    kept = frozen(survey)
    text = source + (json.dumps(kept, sort_keys=True) if kept else "")
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = rows.newest_version(connection, survey.name)
    if newest is not None and newest.digest == digest:
        return survey.name, newest.number, False
    number = newest.number + 1 if newest is not None else 1
    values = {"survey": survey.name, "number": number, "source": source, "digest": digest, "types": kept}
    rows.add_version(connection, {**values, "published_at": now, "published_by": by})
    return survey.name, number, True


def publish_bundled(store: Store, now: datetime) -> list[str]:
    """Publish the surveys that come with feedbackhub, leaving alone those that somebody has changed.

    Returns:
        The names of the surveys that got a new version.
    """

    def run(connection: Connection) -> list[str]:
        fresh = []
        for name, source in sorted(bundled().items()):
            newest = rows.newest_version(connection, name)
            if newest is not None and newest.published_by != HOUSE:
                continue
            if publish(connection, source, HOUSE, now)[2]:
                fresh.append(name)
        return fresh

    return store.write(run)
