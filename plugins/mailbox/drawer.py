"""The Maildir that messages are kept in: one file each, named by when it came."""

from __future__ import annotations

import itertools
import mailbox
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from feedbackhub import Identifier

from .mail import RECIPIENT, Kept, read, recipient_line

KEY = re.compile(r"\d{10,12}\.M\d{6}Q\d{6,}R[0-9a-f]{8}\.feedbackhub")
NUMBERS = itertools.count()


class Drawer:
    """Puts mails in, finds them newest first, and removes those to a person."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "maildir"
        mailbox.Maildir(self.folder, create=True).close()

    def put(self, mail: bytes, now: datetime) -> str:
        """Keep a mail under a new name that sorts by time, and return that name."""
        key = (
            f"{int(now.timestamp()):010d}.M{now.microsecond:06d}Q{next(NUMBERS):06d}R{secrets.token_hex(4)}.feedbackhub"
        )
        # Written aside and moved, as Maildir demands, so that nobody reads half a mail.
        half = self.folder / "tmp" / key
        half.write_bytes(mail)
        half.rename(self.folder / "new" / key)
        return key

    def keys(self) -> list[str]:
        """Return the names of all mails, newest first; other programs may have marked some as read."""
        return sorted((key for key, _ in self._files()), reverse=True)

    def get(self, key: str) -> Kept | None:
        """Return a mail, or None when there is none of that name."""
        raw = self._raw(key)
        return read(key, raw) if raw is not None else None

    def some(self, keys: Iterable[str]) -> list[Kept]:
        """Return the mails of these names that are still there."""
        return [kept for kept in map(self.get, keys) if kept is not None]

    def erase(self, identifiers: Iterable[Identifier]) -> int:
        """Remove every mail to one of the addresses and return how many went."""
        wanted = {f"{RECIPIENT}: {recipient_line(each)}".encode() for each in identifiers}
        doomed = [path for _, path in self._files() if wanted & set(head(path))]
        for path in doomed:
            path.unlink(missing_ok=True)
        return len(doomed)

    def _files(self) -> list[tuple[str, Path]]:
        paths = (path for folder in ("new", "cur") for path in (self.folder / folder).iterdir())
        named = ((path.name.partition(":")[0], path) for path in paths)
        return [(key, path) for key, path in named if KEY.fullmatch(key)]

    def _raw(self, key: str) -> bytes | None:
        if not KEY.fullmatch(key):
            return None
        found = (self.folder / "new" / key, *(self.folder / "cur").glob(f"{key}:*"))
        for path in found:
            try:
                return path.read_bytes()
            except FileNotFoundError:
                continue
        return None


def head(path: Path) -> list[bytes]:
    """Return the header lines of a mail; none when it has just been removed."""
    try:
        return path.read_bytes().partition(b"\n\n")[0].split(b"\n")
    except FileNotFoundError:
        return []
