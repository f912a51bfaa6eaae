"""Logs as one JSON object a line, from which addresses, tokens and keys have been taken out.

What happens to one contact is found by one id: every line about it carries ``contact``, the contact's public id, with
the public ids of its invitation, delivery and response where they are known, and ``request`` where one caused it.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

__all__ = ["REQUEST", "JsonFormatter", "Known", "LineFormatter", "note", "redact", "set_up_logging"]

#: The id of the request that is being answered, empty outside of requests; formatters add it to each line.
REQUEST: ContextVar[str] = ContextVar("feedbackhub_request", default="")
#: What is named by public ids, which are left as they are.
IDS = frozenset({"contact", "customer", "invitation", "delivery", "response", "export", "endpoint"})
#: Where a record of `note` has its facts, which saves looking through all that a record has.
NOTED = "noted"
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{12}")

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
#: Without one of these no mask can match; most texts have none, and looking for it is far cheaper than all the masks.
SIGN = re.compile(r"[@%/0-9]|fh_|[bB][eE][aA][rR][eE][rR]|[bB][aA][sS][iI][cC]")
#: Libraries whose lines repeat whole addresses and messages, or come with every request.
TALKATIVE = ("urllib3", "requests", "requests_hardened", "imap_tools", "waitress.queue", "alembic")


def redact(text: str) -> str:
    """Return a text with e-mail addresses, phone numbers, link tokens and credentials replaced."""
    if SIGN.search(text) is None:
        return text
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


class Known(str):
    """A text out of the program itself, such as a route: written as it is."""

    __slots__ = ()


def note(log: logging.Logger, message: str, /, **facts: object) -> None:
    """Write one line about what happened, at level info; costs next to nothing where that level is not written.

    Call it once the change is durable, not inside a write, which may be taken back or run again.

    Args:
        log: The module's logger.
        message: What happened, always in the same words; whom and what it happened to is in the facts.
        facts: Public ids by what they are of, and words and numbers that say nothing of a person; empty ones are
            left out.
    """
    if log.isEnabledFor(logging.INFO):
        said = {name: value for name, value in facts.items() if value is not None and value != ""}
        # Made by hand, for the usual way looks up who calls, which no line of ours tells.
        log.handle(log.makeRecord(log.name, logging.INFO, "", 0, message, (), None, None, {NOTED: said}))


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; control characters cannot break out of it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record, redacted."""
        return ENCODE(facts(record, self.formatException))


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


ENCODE = json.JSONEncoder(ensure_ascii=False, default=str).encode
ESCAPES = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}


def facts(record: logging.LogRecord, write_error: Callable[[Any], str]) -> dict[str, object]:
    """Return what a record says, redacted."""
    everything = vars(record)
    noted = everything.get(NOTED)
    said: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "message": redact(record.getMessage()) if noted is None else record.msg,
        "logger": record.name,
    }
    if noted is None:
        said |= {name: cleaned(name, value) for name, value in everything.items() if name not in STANDARD}
    else:
        said |= {name: cleaned(name, value) for name, value in noted.items()}
    request = REQUEST.get()
    if request:
        said["request"] = request
    if record.exc_info:
        said["error"] = redact(write_error(record.exc_info))
    return said


def cleaned(name: str, value: object) -> object:
    """Return a further fact of a record, redacted whatever its type."""
    if isinstance(value, (bool, int, float, Known)) or value is None:
        return value
    if name in IDS and isinstance(value, str) and PUBLIC_ID.fullmatch(value):
        return value
    return redact(str(value))


def set_up_logging(level: str = "info", stream: TextIO | None = None, *, readable: bool | None = None) -> None:
    """Send all logs of the process to a stream.

    Args: level: the least level; stream: standard error unless given; readable: lines for people instead of JSON,
        decided by whether the stream is a terminal unless given.
    """
    # No line tells of threads and processes, which each record would look up.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    to = stream or sys.stderr
    for_people = to.isatty() if readable is None else readable
    handler = logging.StreamHandler(to)
    handler.setFormatter(LineFormatter() if for_people else JsonFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
