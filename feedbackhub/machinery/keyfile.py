"""The instance key: one file, readable by its owner only, current key first, previous keys below it."""

from __future__ import annotations

import hashlib
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from feedbackhub.contract.errors import FeedbackhubError
from feedbackhub.machinery.links import Links

__all__ = ["KEY_FILE", "KeyFileError", "fingerprints", "links_from", "make_key", "read_key", "rotate_key", "write_key"]

KEY_FILE = "instance.key"
KEY_BYTES = 32


class KeyFileError(FeedbackhubError):
    """The key file is missing or damaged; the text says which and what to do."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def make_key() -> str:
    """Return a fresh key as text."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")


def write_key(path: Path) -> None:
    """Create the key file with a fresh key; raises FileExistsError rather than replace one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(make_key() + "\n")


def read_key(path: Path) -> tuple[bytes, ...]:
    """Return the keys of a file, the current one first; raises KeyFileError."""
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        raise KeyFileError(path, "there is no instance key; `feedbackhub init` makes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(path, f"the instance key cannot be read ({type(error).__name__})") from None
    try:
        keys = tuple(urlsafe_b64decode(line) for line in lines)
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyFileError(path, "the instance key is damaged; restore the file from a backup")
    return keys


def fingerprints(path: Path) -> tuple[str, ...]:
    """Return what names each key of a file without giving it away, the current one's first; raises KeyFileError."""
    return tuple(hashlib.blake2b(key, digest_size=8, person=b"feedbackhub key").hexdigest() for key in read_key(path))


def rotate_key(path: Path) -> None:
    """Put a fresh key first and keep the others for reading; raises KeyFileError."""
    read_key(path)
    fresh = path.with_name(path.name + ".new")
    write_key(fresh)
    with fresh.open("a", encoding="ascii") as file:
        file.write(path.read_text(encoding="ascii"))
    fresh.replace(path)


def links_from(path: Path) -> Links:
    """Return the link signer of a key file; raises KeyFileError."""
    current, *previous = read_key(path)
    return Links(current, previous)
