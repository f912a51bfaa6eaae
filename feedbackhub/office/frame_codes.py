"""One-time codes by which somebody who is signed in is known in a frame as well, where browsers keep cookies apart."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from ..loop.core import Core
from ..store.queries import once, staff
from .audit import record

__all__ = ["frame_code", "session_of_code"]

_WINDOW = timedelta(minutes=5)
_EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
_NAME = "core.frame"  # no plugin can be called so


def frame_code(core: Core, digest: str) -> str:
    """Return a code for a session, good once and for five to ten minutes: eight letters and digits in two groups."""
    code = _code(core, digest, _window(core.clock.now()))
    return f"{code[:4]}-{code[4:]}"


def session_of_code(core: Core, typed: str) -> str:
    """Return the digest of the session that a code was made for, empty when it is wrong, old or used.

    Args:
        core: The instance.
        typed: The code as somebody typed it.
    """
    now = core.clock.now()
    code = "".join(typed.upper().split()).replace("-", "").replace("0", "O").replace("1", "I")
    with core.store.read() as connection:
        sessions = staff.open_sessions(connection, now)
    this = _window(now)
    found = [
        row
        for row in sessions
        for window in (this, this - 1)
        if hmac.compare_digest(_code(core, row.digest, window).encode(), code.encode("utf-8", "replace"))
    ]
    if not found:
        return ""
    used = sha256(f"{found[0].digest}:{code}".encode()).hexdigest()

    def run(connection: Connection) -> bool:
        once.forget_older(connection, _NAME, now - 3 * _WINDOW)
        if not once.first_time(connection, _NAME, [used], now):
            return False
        record(connection, now, found[0].email, "user.framed", f"user:{found[0].public_id}")
        return True

    return str(found[0].digest) if core.store.write(run) else ""


def _window(now: datetime) -> int:
    return (now - _EPOCH) // _WINDOW


def _code(core: Core, digest: str, window: int) -> str:
    """Return 40 bits as eight letters and digits; guessing them is slowed down at the door."""
    mac = hmac.new(core.links.derive("frame code"), f"{digest}:{window}".encode(), sha256).digest()
    return base64.b32encode(mac[:5]).decode()
