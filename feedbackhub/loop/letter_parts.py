"""What a letter carries beside its words: pictures, and an address for ending such letters; checked, and as JSON."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from ..contract.errors import Problem, Refused
from ..contract.records import Picture

__all__ = ["MOST_BYTES", "MOST_PICTURES", "check_pictures", "check_stop_link", "kept_pictures", "pictures_in"]

#: All pictures of a letter together: they lie in its task until it is sent.
MOST_BYTES = 2 * 1024 * 1024
MOST_PICTURES = 50
LONGEST_LINK = 500
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?", re.ASCII)
#: What the files of each kind begin with: a picture that is something else is no picture.
BEGINNINGS: Mapping[str, tuple[bytes, ...]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
#: What ends an address in a header field or in HTML, and what browsers read as a slash.
NOT_IN_A_LINK = frozenset("<>\"'\\`{}|^")


def check_pictures(pictures: object, html: str) -> tuple[Picture, ...]:
    """Return a letter's pictures once nothing is wrong with them.

    Args:
        pictures: What the plugin gave.
        html: What shows them.

    Raises:
        Refused: One is no picture, two have one name, or they are too many or too large.
    """
    if not isinstance(pictures, tuple | list) or not all(isinstance(each, Picture) for each in pictures):
        raise Refused(Problem("pictures", "must be a tuple of Picture"))
    found: tuple[Picture, ...] = tuple(pictures)
    if found and not html:
        raise Refused(Problem("pictures", "are shown by the HTML, and there is none"))
    for number, each in enumerate(found):
        if flaw := _flaw(each):
            raise Refused(Problem(f"pictures.{number}", flaw))
    if len({each.name.lower() for each in found}) < len(found):
        raise Refused(Problem("pictures", "must each have a name of its own"))
    if len(found) > MOST_PICTURES or sum(len(each.body) for each in found) > MOST_BYTES:
        megabytes = MOST_BYTES // 1024**2
        raise Refused(Problem("pictures", f"must be at most {MOST_PICTURES}, together at most {megabytes} MB"))
    return found


def _flaw(picture: Picture) -> str:
    """Return what is wrong with a picture, empty when nothing is."""
    name: object = picture.name
    body: object = picture.body
    if not isinstance(name, str) or not NAME.fullmatch(name):
        return "needs a name of at most 64 letters, digits, hyphens and dots"
    beginnings = BEGINNINGS.get(str(picture.media_type))
    if beginnings is None:
        return f"must be one of {', '.join(BEGINNINGS)}"
    if not isinstance(body, bytes) or not body.startswith(beginnings):
        return f"is no {picture.media_type}"
    return ""


def check_stop_link(link: str, public_url: str) -> str:
    """Return an address for ending letters, empty for none, once it leads to a page of this instance.

    Args:
        link: What the plugin gave.
        public_url: The instance's own address.

    Raises:
        Refused: It leads elsewhere, or cannot stand in a header field.
    """
    if not link:
        return ""
    root = public_url.rstrip("/") + "/"
    path = link.removeprefix(root).partition("?")[0]
    is_sound = link.isascii() and link.isprintable() and not NOT_IN_A_LINK & set(link) and " " not in link
    if not is_sound or not link.startswith(root) or ".." in path.split("/") or len(link) > LONGEST_LINK:
        raise Refused(Problem("stop_link", f"must be an address below {root}"))
    return link


def kept_pictures(pictures: tuple[Picture, ...]) -> list[dict[str, str]]:
    """Return pictures as JSON holds them."""
    return [
        {"name": each.name, "media_type": each.media_type, "body": base64.b64encode(each.body).decode("ascii")}
        for each in pictures
    ]


def pictures_in(payload: Mapping[str, Any]) -> tuple[Picture, ...]:
    """Return the pictures that a letter's payload holds; one queued by an earlier version holds none."""
    kept = payload.get("pictures", ())
    return tuple(Picture(each["name"], each["media_type"], base64.b64decode(each["body"])) for each in kept)
