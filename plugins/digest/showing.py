"""A made digest as it is kept for its preview: the mail's parts, its pictures in their places."""

from __future__ import annotations

import base64
import re
from typing import Any

from .composing import Made

__all__ = ["content_of"]

CID = re.compile(r'src="cid:([A-Za-z0-9.-]+)"')


def content_of(made: Made) -> dict[str, Any]:
    """Return what a preview shows of a mail."""
    known = {each.name: each for each in made.pictures}

    def inside(found: re.Match[str]) -> str:
        picture = known.get(found[1])
        if picture is None:
            return found[0]
        return f'src="data:{picture.media_type};base64,{base64.b64encode(picture.body).decode("ascii")}"'

    return {"subject": made.subject, "text": made.text, "html": CID.sub(inside, made.html)}
