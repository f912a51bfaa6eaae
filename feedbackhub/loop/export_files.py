"""Files of exports: where they lie, and that none lies there longer than it is offered."""

from __future__ import annotations

import logging
import os
import shutil
from datetime import timedelta
from pathlib import Path

from ..store.queries import exports as rows
from .core import Core

__all__ = ["export_folder", "forget_exports", "new_workshop", "offer", "path_of", "remove", "sweep"]

log = logging.getLogger(__name__)
#: How long runs are listed whose files are gone.
LISTED = timedelta(days=90)


def export_folder(core: Core) -> Path:
    """Return the folder of all files, made when first asked for and closed to other users of the machine."""
    folder = Path(core.settings.data_dir) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(core: Core, name: str) -> Path:
    """Return where the file of that name lies."""
    return export_folder(core) / Path(name).name


def new_workshop(core: Core, public_id: str, attempt: int) -> Path:
    """Make the folder in which one attempt writes, in place of earlier ones; nothing in it is ever offered."""
    for left in export_folder(core).glob(f"{public_id}.*.part"):
        remove(left)  # of a worker that died, or that has lost the run and will find nothing to offer
    folder = export_folder(core) / f"{public_id}.{attempt}.part"
    folder.mkdir(mode=0o700)
    return folder


def offer(core: Core, whole: Path, name: str) -> Path:
    """Bring a whole file to where files are offered from, under its final name, and return its path."""
    final = path_of(core, name)
    whole.chmod(0o600)
    with whole.open("rb") as file:
        os.fsync(file.fileno())  # a file that is offered must not be half there after a crash of the machine
    whole.replace(final)
    return final


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is still there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def forget_exports(core: Core) -> None:
    """Remove files whose time is over, and runs that are long gone."""
    now = core.clock.now()
    core.store.write(lambda connection: rows.expire(connection, now))
    core.store.write(lambda connection: rows.prune(connection, now - LISTED))
    sweep(core)


def sweep(core: Core) -> int:
    """Remove everything that no run offers or writes, and return how many files and folders those were."""
    # Looked at before the database: what appears later may be offered later.
    found = sorted(export_folder(core).iterdir())
    with core.store.read() as connection:
        offered = rows.live_files(connection)
        written = rows.running(connection)
    # What is being written, and a file that was finished just now and of which the database is yet to hear.
    attempts = {f"{public_id}.{attempt}" for public_id, attempt in written}
    stale = [each for each in found if each.name not in offered and each.stem not in attempts]
    for each in stale:
        remove(each)
        log.info("export file %s removed", each.name)
    return len(stale)
