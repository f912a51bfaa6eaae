"""Entering the demo without a password: on this very machine only, and only when the instance is a demo."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from sqlalchemy import Connection

from ..contract.errors import NotFound
from ..loop.core import Core
from ..store.queries import staff
from .account import User, user_of_row
from .audit import record
from .demo import DEMO_ADMIN
from .tokens import digest_of, fresh_token

__all__ = ["enter_demo", "is_open_demo"]


def is_open_demo(core: Core) -> bool:
    """Tell whether anybody who reaches the server may be let in: it is a demo and hears this machine alone."""
    return core.settings.demo and not core.settings.trusted_proxies and is_loopback(core.settings.listen_at[0])


def is_loopback(host: str) -> bool:
    """Tell whether an address is this machine's own, heard by nobody else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def enter_demo(core: Core) -> tuple[User, str]:
    """Begin a session of the demo's administrator and return it with the token for the cookie.

    Raises:
        NotFound: This is no demo, others can reach it, or its administrator is gone.
    """
    if not is_open_demo(core):
        raise NotFound("there is no demo to enter here")
    token, now = fresh_token(), core.clock.now()
    until = now + timedelta(hours=core.settings.web.session_hours)

    def run(connection: Connection) -> User:
        row = staff.user_by_email(connection, DEMO_ADMIN)
        if row is None or row.revoked:
            raise NotFound("the demo's administrator is gone")
        staff.add_session(connection, digest_of(token), row.id, now, until)
        record(connection, now, row.email, "user.signed_in", f"user:{row.public_id}", {"demo": True})
        return user_of_row(row)

    return core.store.write(run), token
