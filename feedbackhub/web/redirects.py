"""Redirects that stay here: no host name is ever taken from a request."""

from __future__ import annotations

import re

from flask import redirect, request
from werkzeug.wrappers import Response

__all__ = ["go", "local_path"]

# Printable ASCII without backslash: browsers read "/\" and "/<tab>/" as "//", and strip control characters.
LOCAL = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
LONGEST = 2000


def local_path(text: str | None, default: str = "/") -> str:
    """Return a path of this application, or the default for anything that may lead elsewhere.

    Args:
        text: What the visitor sent, such as ``/contacts?page=2``; never an address with a host.
        default: The answer for everything else.
    """
    if text and len(text) <= LONGEST and LOCAL.fullmatch(text):
        return text
    return default


def go(path: str, status: int = 303) -> Response:
    """Redirect to a path of this application, written without the prefix under which it is served."""
    return redirect(request.script_root + path, status)
