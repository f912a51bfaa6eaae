"""Style sheets and scripts: read once, cached for ever under an address that names their content."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import NotFound

from ..loop.core import Core
from .permission import permission

__all__ = ["StaticFile", "asset", "blueprint", "read", "served"]

FOR_EVER = "public, max-age=31536000, immutable"
FOR_A_WHILE = "public, max-age=300"


@dataclass(frozen=True)
class StaticFile:
    """A file as it is served."""

    body: bytes
    media_type: str
    version: str


@lru_cache(maxsize=1)
def shipped() -> dict[str, StaticFile]:
    """Return every static file of this release by its name; whatever is not among them cannot be asked for."""
    folder = Path(str(files("feedbackhub_templates").joinpath("static")))
    return {path.relative_to(folder).as_posix(): read(path) for path in folder.rglob("*") if path.is_file()}


def read(path: Path) -> StaticFile:
    """Return a file with its type and eight characters that change with its content."""
    body = path.read_bytes()
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return StaticFile(body, guessed, hashlib.sha256(body).hexdigest()[:8])


def asset(filename: str) -> str:
    """Return the address of a static file, such as ``css/feedbackhub.css``; raises KeyError."""
    return url_for("static.file", filename=filename, v=shipped()[filename].version)


def blueprint(_core: Core) -> Blueprint:
    """Serve the static files under ``/static/``."""
    pages = Blueprint("static", __name__)
    pages.get("/static/<path:filename>")(file)
    return pages


@permission("public")
def file(filename: str) -> Response:
    """Give one static file."""
    found = shipped().get(filename)
    if found is None:
        raise NotFound
    return served(found)


def served(found: StaticFile) -> Response:
    """Return a file, cached for ever under the address that names its content."""
    response = Response(found.body, mimetype=found.media_type)
    response.set_etag(found.version)
    versioned = request.args.get("v") == found.version
    response.headers["Cache-Control"] = FOR_EVER if versioned else FOR_A_WHILE
    response.make_conditional(request)
    return response
