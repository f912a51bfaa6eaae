"""Logs as one JSON object a line, from which addresses, tokens and keys have been taken out."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TextIO

__all__ = ["JsonFormatter", "LineFormatter", "redact", "set_up_logging"]

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
MASKS = (
    # /s/<token>, /card/<ticket> and the like, also percent-encoded and with what follows in the query.
    (re.compile(r"(/(?:s|card|welcome)/)[^\s/?\"'<>]{8,}"), r"\1***"),
    (re.compile(r"(/(?:s|card|welcome)/\*\*\*[^\s?\"'<>]*)\?[^\s\"'<>]*"), r"\1?***"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), r"\1 ***"),
    (re.compile(r"\bfh_[\w-]{8,}"), "fh_***"),
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), r"\1:***@"),
    (re.compile(r"[^\s@<>\"',;:()\[\]{}=/\\]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    # An international number, or a local one with its leading zero; dates, versions and ids stay readable.
    (re.compile(r"(?<![\w.:/-])(?:\+|00|%2B)[1-9][\d ()./-]{5,18}\d(?!\w)"), "[phone]"),
    (re.compile(r"(?<![\w.:/+-])0[1-9][\d ()-]{6,14}\d(?![\w.:/-])"), "[phone]"),
)
#: Libraries whose lines repeat whole addresses and messages, or come with every request.
TALKATIVE = ("urllib3", "requests", "requests_hardened", "imap_tools", "waitress.queue", "alembic")


def redact(text: str) -> str:
    """Return a text with e-mail addresses, phone numbers, link tokens and credentials replaced."""
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; control characters cannot break out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, redacted."""
        return json.dumps(facts(record, self.formatException), ensure_ascii=False, default=str)


class LineFormatter(logging.Formatter):
    """Writes a record as one readable line, for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, redacted."""
        said = facts(record, self.formatException)
        head = " ".join(str(said.pop(name)) for name in ("at", "level", "message"))
        error = said.pop("error", "")
        rest = " ".join(f"{name}={json.dumps(value, ensure_ascii=False, default=str)}" for name, value in said.items())
        line = f"{head.translate(ESCAPES)}  {rest}"
        return f"{line}\n{error}" if error else line


ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def facts(record: logging.LogRecord, write_error: Callable[[Any], str]) -> dict[str, object]:
    """Return what a record says, redacted."""
    said: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "message": redact(record.getMessage()),
        "logger": record.name,
    }
    said |= {name: cleaned(value) for name, value in vars(record).items() if name not in STANDARD}
    if record.exc_info:
        said["error"] = redact(write_error(record.exc_info))
    return said


def cleaned(value: object) -> object:
    """Return a further fact of a record, redacted whatever its type."""
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return redact(str(value))


def set_up_logging(level: str = "info", stream: TextIO | None = None, *, readable: bool | None = None) -> None:
    """Send all logs of the process to a stream.

    Args: level: the least level; stream: standard error unless given; readable: lines for people instead of JSON,
        decided by whether the stream is a terminal unless given.
    """
    to = stream or sys.stderr
    for_people = to.isatty() if readable is None else readable
    handler = logging.StreamHandler(to)
    handler.setFormatter(LineFormatter() if for_people else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
