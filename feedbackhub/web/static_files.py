"""Style sheets and scripts: cached for ever under an address that names their content."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for

from ..loop.core import Core
from .permission import permission

__all__ = ["asset", "blueprint"]

FOLDER = Path(str(files("feedbackhub_templates").joinpath("static")))
FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@lru_cache(maxsize=256)
def version_of(filename: str) -> str:
    """Return eight characters that change with a file's content."""
    return hashlib.sha256((FOLDER / filename).read_bytes()).hexdigest()[:8]


def asset(filename: str) -> str:
    """Return the address of a static file, such as ``css/feedbackhub.css``; raises FileNotFoundError."""
    return url_for("static.file", filename=filename, v=version_of(filename))


def blueprint(_core: Core) -> Blueprint:
    """Serve the static files under ``/static/``."""
    pages = Blueprint("static", __name__)

    @pages.get("/static/<path:filename>")
    @permission("public")
    def file(filename: str) -> Response:
        response = send_from_directory(FOLDER, filename)
        response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else FOR_A_WHILE
        return response

    return pages
