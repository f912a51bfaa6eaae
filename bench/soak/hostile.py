"""A mail server that does everything a bad one does, and remembers each mail that it took and whether it said so."""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.services.processes import free_port

__all__ = ["CROSS", "Copy", "Hostile", "hostile"]

#: What is done how often, in parts of a thousand; for the rest a mail is taken as it should be.
CROSS: Mapping[str, int] = {
    "451 at RCPT": 40,  # try again later
    "452 at DATA": 40,
    "421": 20,  # says that it closes, and does
    "550 at RCPT": 15,
    "554 at DATA": 15,
    "drop at MAIL": 15,
    "drop after DATA": 20,  # the mail is kept, the thanks are never said
    "drop in DATA": 10,
    "hang at MAIL": 4,
    "hang after DATA": 4,
    "slow": 30,
}
_REPLIES = {
    "451 at RCPT": b"451 4.7.1 greylisted, try again later\r\n",
    "452 at DATA": b"452 4.3.1 no room at present\r\n",
    "421": b"421 4.3.2 shutting down\r\n",
    "550 at RCPT": b"550 5.7.1 refused by policy\r\n",
    "554 at DATA": b"554 5.6.0 content refused\r\n",
}
_HELLO = b"250-hostile\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n"
_SLOWLY = 0.3
_END = b"\r\n.\r\n"
_ID = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE | re.IGNORECASE)
_TO = re.compile(rb"<([^<>]*)>")


@dataclass(frozen=True)
class Copy:
    """A mail that was kept: its Message-ID, when, and whether the sender was told so."""

    message_id: str
    at: float
    thanked: bool


@dataclass
class Hostile:
    """What the server did.

    Args:
        port: Where it listens.
        chance: Decides what it does next.
        stubborn: Recipients to whom it always says to come later.
        copies: What it kept, by recipient.
        done: How often it did what.
        open: Its connections.
    """

    port: int
    chance: random.Random
    stubborn: frozenset[str]
    copies: dict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    done: Counter[str] = field(default_factory=Counter)
    open: set[asyncio.Transport] = field(default_factory=set)

    def next(self) -> str:
        """Return what to do with the next mail, empty for nothing evil."""
        drawn = self.chance.randrange(1000)
        for what, parts in CROSS.items():
            drawn -= parts
            if drawn < 0:
                return what
        return ""


class _Talk(asyncio.Protocol):
    """One connection: lines are answered as they come, also several at a time."""

    def __init__(self, server: Hostile) -> None:
        self._server = server
        self._came, self._in_mail, self._silent = b"", False, False
        self._to, self._evil = "", ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.open.add(transport)
        transport.write(b"220 hostile\r\n")

    def connection_lost(self, _: Exception | None) -> None:
        self._server.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        while not self._silent and (self._taken() if self._in_mail else self._answered()):
            pass

    def _answered(self) -> bool:
        line, end, rest = self._came.partition(b"\r\n")
        if not end:
            return False
        self._came = rest
        verb = bytes(line[:4]).upper()
        answer = {b"EHLO": self._hello, b"MAIL": self._mail, b"RCPT": self._rcpt, b"DATA": self._data}.get(verb)
        if answer is not None:
            answer(line)
        elif verb == b"QUIT":
            self._say(b"221 bye\r\n")
            self._transport.close()
        else:
            self._say(b"250 fine\r\n")
        return True

    def _say(self, reply: bytes) -> None:
        if not self._silent:
            self._transport.write(reply)

    def _hello(self, _line: bytes) -> None:
        self._say(_HELLO)

    def _mail(self, _line: bytes) -> None:
        self._to, self._evil = "", self._server.next()
        if self._evil in ("drop at MAIL", "hang at MAIL", "421"):
            self._does(self._evil)
        else:
            self._say(b"250 fine\r\n")

    def _rcpt(self, line: bytes) -> None:
        found = _TO.search(line)
        self._to = found[1].decode("ascii") if found else ""
        if self._to in self._server.stubborn:
            self._evil = "451 at RCPT"
        if self._evil.endswith("at RCPT"):
            self._does(self._evil)
            self._to = ""
        else:
            self._say(b"250 fine\r\n")

    def _data(self, _line: bytes) -> None:
        if not self._to:
            self._say(b"503 nobody to send to\r\n")
        elif self._evil.endswith("at DATA"):
            self._does(self._evil)
        else:
            self._in_mail = True
            self._say(b"354 go on\r\n")

    def _taken(self) -> bool:
        if self._evil == "drop in DATA":
            self._does("drop in DATA")
            return False
        end = self._came.find(_END)
        if end < 0:
            return False
        mail, self._came, self._in_mail = self._came[:end], self._came[end + len(_END) :], False
        found = _ID.search(mail)
        thanked = self._evil not in ("drop after DATA", "hang after DATA")
        self._server.copies[self._to].append(Copy(found[1].decode() if found else "", time.time(), thanked))
        if not thanked:
            self._does(self._evil)
        elif self._evil == "slow":
            self._server.done["slow"] += 1
            asyncio.get_running_loop().call_later(_SLOWLY, self._say, b"250 2.0.0 kept at last\r\n")
        else:
            self._server.done["kept"] += 1
            self._say(b"250 2.0.0 kept\r\n")
        return True

    def _does(self, evil: str) -> None:
        self._server.done[evil] += 1
        if evil in _REPLIES:
            self._say(_REPLIES[evil])
        if evil.startswith("drop"):
            self._silent = True
            self._transport.abort()
        elif evil.startswith("hang"):
            self._silent = True
        elif evil == "421":
            self._silent = True
            self._transport.close()


@contextmanager
def hostile(seed: int, stubborn: frozenset[str]) -> Iterator[Hostile]:
    """Run the server, in a thread of its own, until the block ends.

    Args:
        seed: Chooses what it does.
        stubborn: Recipients to whom it always says to come later.
    """
    server = Hostile(free_port(), random.Random(seed), stubborn)
    loop, ready = asyncio.new_event_loop(), threading.Event()

    async def listen() -> asyncio.Server:
        return await loop.create_server(lambda: _Talk(server), "127.0.0.1", server.port)

    def run() -> None:
        listening = loop.run_until_complete(listen())
        ready.set()
        loop.run_forever()
        listening.close()
        for transport in list(server.open):
            transport.abort()
        loop.run_until_complete(asyncio.sleep(0.05))  # they are closed in the loop's next turns
        loop.close()

    thread = threading.Thread(target=run, name="hostile-smtp", daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
