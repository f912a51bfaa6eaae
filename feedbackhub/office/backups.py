"""Backups: the whole instance in one file, made while it serves.

The file holds the database and what plugins keep in their folders, but not the instance's key, unless that is wished:
whoever had both could sign links. It names the key that belongs to it.
"""

from __future__ import annotations

import json
import os
import re
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from ..machinery.clock import Clock
from ..machinery.keyfile import KEY_FILE, fingerprints
from ..machinery.settings import PLUGINS_DIR, Settings
from ..store.copies import copy_database
from ..store.migrate import current
from ..store.store import Store
from ..version import __version__
from .audit import record

__all__ = ["DATABASE", "FILES", "FORMAT", "MANIFEST", "Backup", "Manifest", "make_backup"]

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
#: Folders of the instance's own that belong to it: what plugins keep, and plugins that are files.
KEPT = ("plugins", PLUGINS_DIR)
_NAME = re.compile(r"feedbackhub-\d{8}-\d{6}\.tar\.gz")
_LEVEL = 3  # a database shrinks to a third at little cost; more takes far longer for little


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    Args:
        format: How the file is built.
        version: The release that made it.
        schema: Revision of its tables.
        database: ``sqlite`` or ``postgresql``.
        key: What names the instance's key.
        made_at: When, as ISO 8601.
    """

    format: int
    version: str
    schema: str
    database: str
    key: str
    made_at: str

    @property
    def moment(self) -> datetime:
        """When it was made."""
        return datetime.fromisoformat(self.made_at)


@dataclass(frozen=True)
class Backup:
    """A backup that was made: where it is, what it says of itself, and which older ones were removed."""

    path: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def make_backup(
    settings: Settings, store: Store, clock: Clock, folder: Path, *, keep: int = 0, with_key: bool = False
) -> Backup:
    """Write a backup of an instance into a folder; the instance may go on serving.

    Args:
        settings: The instance's settings.
        store: Its database.
        clock: Tells the time.
        folder: Where the file goes; made when missing.
        keep: How many backups stay in the folder, the newest ones; 0 for all.
        with_key: Whether the instance's key goes into the file, too.

    Raises:
        CopyError: PostgreSQL's programs are missing or fail.
        Unavailable: The database does not answer.
        KeyFileError: The instance's key is missing or damaged.
        OSError: The folder cannot be written to; nothing is left behind.
    """
    key, now = settings.data_dir / KEY_FILE, clock.now()
    manifest = Manifest(FORMAT, __version__, current(store), store.url.get_backend_name(), fingerprints(key)[0],
                        now.isoformat())  # fmt: skip
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.write(lambda connection: record(connection, now, "cli", "instance.backed_up", "instance", {"key": with_key}))
    path = folder / f"feedbackhub-{now:%Y%m%d-%H%M%S}.tar.gz"
    with tempfile.TemporaryDirectory(prefix=".feedbackhub-", dir=folder) as work:
        copy = Path(work) / DATABASE
        copy_database(store, copy)
        part = Path(work) / path.name
        _pack(part, manifest, copy, settings.data_dir, key if with_key else None)
        part.replace(path)
    _flush(folder)
    return Backup(path, manifest, tuple(_older(folder, keep)) if keep else ())


def _pack(part: Path, manifest: Manifest, copy: Path, data: Path, key: Path | None) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=_LEVEL) as archive:
            said = json.dumps(asdict(manifest), indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size, head.mode, head.mtime = len(said), 0o600, int(manifest.moment.timestamp())
            archive.addfile(head, BytesIO(said))
            archive.add(copy, DATABASE)
            if key is not None:
                archive.add(key, KEY_FILE)
            for name in KEPT:
                if (data / name).is_dir():
                    _add_folder(archive, data / name, f"{FILES}/{name}")
        file.flush()
        os.fsync(file.fileno())


def _add_folder(archive: tarfile.TarFile, folder: Path, name: str) -> None:
    """Add a folder whose files may go away meanwhile, such as those of a mailbox."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            continue
        try:
            archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False)
        except FileNotFoundError:
            continue


def _older(folder: Path, keep: int) -> list[Path]:
    """Remove all backups of a folder but the newest, and return those removed."""
    found = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in found[:-keep]:
        path.unlink()
    return found[:-keep]


def _flush(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
