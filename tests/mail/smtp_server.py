"""A real SMTP server that says what a test tells it to say."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 2.0.0 fine"
OK_QUEUED = "250 2.0.0 Ok: queued as 4F1C2A0033"
DROP = "drop"
HANG = "hang"
STEPS = ("MAIL", "RCPT", "DATA")


@dataclass
class Taken:
    """One mail that the server accepted."""

    sender: str
    recipients: list[str]
    raw: bytes
    secure: bool
    user: bytes | None


@dataclass
class Server:
    """What a test sees of the server; `say` lists the replies of each step, in order, before it says fine again."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    closed: int = 0
    say: dict[str, deque[str]] = field(default_factory=lambda: {step: deque() for step in STEPS})
    transports: list[asyncio.Transport] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None
    offers: tuple[str, ...] = ("PIPELINING",)

    async def handle_EHLO(self, _: SMTP, session: Session, __: Envelope, name: str, said: list[str]) -> list[str]:
        session.host_name = name
        return [*said[:-1], *(f"250-{each}" for each in self.offers), said[-1]]

    async def reply(self, step: str, server: SMTP) -> str:
        """Return the next reply of a step, or do what it stands for."""
        said = self.say[step].popleft() if self.say[step] else OK
        if said == DROP:
            cast(asyncio.Transport, server.transport).abort()
        if said == HANG:
            await asyncio.sleep(30)
        return said

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        said = await self.reply("MAIL", server)
        if said == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]) -> str:
        said = await self.reply("RCPT", server)
        if said == OK:
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        said = await self.reply("DATA", server)
        if said in (OK, OK_QUEUED, DROP):
            login = getattr(session, "auth_data", None)
            self.taken.append(
                Taken(
                    envelope.mail_from or "", list(envelope.rcpt_tos), envelope.original_content or b"",
                    session.ssl is not None, login.login if login else None,
                )
            )  # fmt: skip
        return said

    def drop_all(self) -> None:
        """Cut every open connection, as a server does that restarts."""
        assert self.loop is not None
        transports, self.transports = self.transports, []
        for transport in transports:
            self.loop.call_soon_threadsafe(transport.abort)


class Counting(SMTP):
    """Counts connections, so that a test can see whether one was kept."""

    event_handler: Server

    def connection_made(self, transport: Any) -> None:
        if not isinstance(transport, asyncio.sslproto._SSLProtocolTransport) or self.transport is None:
            self.event_handler.connections += 1
        self.event_handler.transports.append(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.closed += 1
        super().connection_lost(error)


class Running(Controller):
    """The server on a free port of the loopback address."""

    def __init__(
        self, server: Server, secret: str = "", implicit_tls: bool = False, tls: ssl.SSLContext | None = None
    ) -> None:
        def sign_in(_: SMTP, __: Session, ___: Envelope, ____: str, data: Any) -> AuthResult:
            good = isinstance(data, LoginPassword) and data.password == secret.encode()
            return AuthResult(success=good, handled=False, auth_data=data)

        super().__init__(
            server, hostname="127.0.0.1", port=0, ready_timeout=10, ssl_context=tls if implicit_tls else None,
            tls_context=None if implicit_tls else tls, authenticator=sign_in if secret else None,
            auth_required=bool(secret), auth_require_tls=bool(tls) and not implicit_tls,
            require_starttls=bool(tls) and not implicit_tls,
        )  # fmt: skip

    def factory(self) -> SMTP:
        """Return the protocol for one connection."""
        return Counting(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        # aiosmtpd connects once to see whether the server is up; with port 0 it must first learn which port it got.
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
