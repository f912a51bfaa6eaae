"""Restoring: an instance put back from a backup, with what it held before kept aside.

Between the backup and now the instance may have sent more than the backup knows of. What was due in that time is
therefore set aside for a person to decide, so that nobody is asked twice.
"""

from __future__ import annotations

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from ..contract.errors import FeedbackhubError
from ..loop.invite import DELIVER
from ..loop.letters import LETTER
from ..machinery.clock import Clock
from ..machinery.keyfile import KEY_FILE, fingerprints
from ..machinery.settings import Settings
from ..store.copies import check_sqlite, is_empty, load_postgres, put_in_place
from ..store.migrate import misfit
from ..store.queries.restored import hold_back
from ..store.store import Store
from .audit import record
from .backups import DATABASE, FILES, FORMAT, KEPT, MANIFEST, Manifest, make_backup

__all__ = ["RestoreError", "Restored", "read_manifest", "restore"]

_SENDS = (DELIVER, LETTER)


class RestoreError(FeedbackhubError):
    """A backup cannot be put back; the text says why. Nothing was changed."""


@dataclass(frozen=True)
class Restored:
    """What came of it.

    Args:
        manifest: What the backup said of itself.
        aside: Where what was there before is kept; empty when there was nothing.
        held: How many messages wait for a person because they may have been sent already.
        behind: Why the schema has to be migrated first, empty when it need not.
    """

    manifest: Manifest
    aside: tuple[Path, ...]
    held: int
    behind: str


def read_manifest(backup: Path) -> Manifest:
    """Return what a backup says of itself.

    Raises:
        RestoreError: The file is none, is damaged, or was made by a release that this one does not understand.
    """
    with _opened(backup) as archive:
        first = archive.next()
        file = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
        if file is None:
            raise RestoreError(f"{backup} is no backup of feedbackhub")
        said = json.load(file)
    if said.get("format") != FORMAT:
        raise RestoreError(f"{backup} was made by feedbackhub {said.get('version', 'of another kind')}; install that")
    try:
        return Manifest(**said)
    except TypeError:
        raise RestoreError(f"{backup} is no backup of feedbackhub") from None


@contextmanager
def _opened(backup: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(backup, "r:gz") as archive:
            yield archive
    except (tarfile.TarError, EOFError, ValueError, UnicodeDecodeError) as error:
        raise RestoreError(f"{backup} is damaged or no backup: {type(error).__name__}") from None
    except OSError as error:
        if error.errno is not None:
            raise
        raise RestoreError(f"{backup} is damaged or no backup: {error}") from None  # gzip's own complaints


def restore(
    settings: Settings,
    clock: Clock,
    backup: Path,
    *,
    replace: bool = False,
    resend: bool = False,
    key: Path | None = None,
) -> Restored:
    """Put an instance back from a backup; nobody may serve it meanwhile.

    Args:
        settings: The instance's settings.
        clock: Tells the time.
        backup: The file.
        replace: Whether an instance that is there is replaced; it is kept aside.
        resend: Whether what was due since the backup is sent, too.
        key: Where the instance's key is, when it is neither in the data folder nor in the backup.

    Raises:
        RestoreError: The backup is damaged, needs another key or database, or an instance is there already.
        CopyError: Its database is damaged, or PostgreSQL's programs fail.
        Unavailable: The database does not answer.
    """
    manifest = read_manifest(backup)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.data_dir) as name:
        work = Path(name)
        with _opened(backup) as archive:
            archive.extractall(work, filter="data")
        chosen = _key(settings, manifest, work, key)
        aside = _put(settings, clock, manifest, work, replace)
        if chosen is not None:
            shutil.copyfile(chosen, settings.data_dir / KEY_FILE)
            (settings.data_dir / KEY_FILE).chmod(0o600)
    return _told(settings, clock, manifest, tuple(aside), resend)


def _key(settings: Settings, manifest: Manifest, work: Path, given: Path | None) -> Path | None:
    """Return the key file to bring, None when the right key is there.

    Raises:
        RestoreError: No file holds the key that belongs to the backup.
    """
    own = settings.data_dir / KEY_FILE
    if own.exists():
        if manifest.key in fingerprints(own):
            return None
        raise RestoreError(f"{own} is another instance's key; the backup belongs to the key {manifest.key}")
    for path in (given, work / KEY_FILE):
        if path is not None and path.exists():
            if manifest.key in fingerprints(path):
                return path
            raise RestoreError(f"{path} is another instance's key; the backup belongs to the key {manifest.key}")
    raise RestoreError(f"the backup does not hold its key {manifest.key}; give the file with --key")


def _put(settings: Settings, clock: Clock, manifest: Manifest, work: Path, replace: bool) -> list[Path]:
    """Put database and folders in their places and return where the old ones are kept."""
    store, end = Store(settings.database_url), _free_end(settings.data_dir, f".before-{clock.now():%Y%m%d-%H%M%S}")
    try:
        kind = store.url.get_backend_name()
        if kind != manifest.database:
            raise RestoreError(f"the backup is of {manifest.database}, but `database` in the settings is {kind}")
        has_one = not is_empty(store)
        if has_one and not replace:
            raise RestoreError("the database holds an instance already; --replace puts the backup in its place")
        if store.is_sqlite:
            aside = _put_sqlite(store, work, end if has_one else "")
        else:
            aside = [make_backup(settings, store, clock, settings.data_dir / "before-restore").path] if has_one else []
            load_postgres(store, work / DATABASE)
    finally:
        store.close()
    return [*aside, *_put_folders(settings.data_dir, work / FILES, end)]


def _free_end(data: Path, end: str) -> str:
    """Return an ending of names that nothing in the data folder has yet."""
    taken = [path.name for path in data.iterdir() if end in path.name]
    return f"{end}-{len(taken) + 1}" if taken else end


def _put_sqlite(store: Store, work: Path, end: str) -> list[Path]:
    check_sqlite(work / DATABASE)
    store.close()
    old = put_in_place(work / DATABASE, Path(store.url.database or ""), end)
    return [] if old is None else [old]


def _put_folders(data: Path, files: Path, end: str) -> list[Path]:
    aside = []
    for name in KEPT:
        here = data / name
        if here.is_dir() and any(here.iterdir()):
            aside.append(here.rename(here.with_name(f"{name}{end}")))
        if (files / name).is_dir():
            shutil.copytree(files / name, here, dirs_exist_ok=True)
    return aside


def _told(settings: Settings, clock: Clock, manifest: Manifest, aside: tuple[Path, ...], resend: bool) -> Restored:
    """Note in the instance that it was put back, and hold back what may have been sent already."""
    now, store = clock.now(), Store(settings.database_url)
    reason = f"Restored from the backup of {manifest.moment:%Y-%m-%d %H:%M} UTC: may have been sent already."
    detail = {"made_at": manifest.made_at, "version": manifest.version}

    def note(connection: Connection) -> int:
        record(connection, now, "cli", "instance.restored", "instance", detail)
        return 0 if resend else hold_back(connection, _SENDS, now, reason)

    try:
        return Restored(manifest, aside, store.write(note), misfit(store))
    finally:
        store.close()
