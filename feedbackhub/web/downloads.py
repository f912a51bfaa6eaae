"""Files that are handed out as attachments and kept by nobody on the way."""

from __future__ import annotations

from flask import Response, send_file

from ..office.exports import ExportFile

__all__ = ["attachment", "named"]


def attachment(file: ExportFile) -> Response:
    """Return a file as something to be saved, not shown or cached."""
    answer = send_file(
        file.path, mimetype=file.media_type, as_attachment=True, download_name=file.name, conditional=False, etag=False
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def named(answer: Response, name: str) -> Response:
    """Return an answer as something to be saved under a name."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
