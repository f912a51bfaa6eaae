"""The leanest SMTP server there is: takes every mail, keeps none, and costs its senders as little as it can.

``python -m bench.smtp_sink PORT`` listens on the loopback address until it is ended.
"""

from __future__ import annotations

import asyncio
import sys

_SAID = {
    b"EHLO": b"250-sink\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}
_LAST = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection: lines are answered as they come, also several at a time."""

    def __init__(self) -> None:
        self._came, self._in_mail = bytearray(), False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer all that came."""
        self._came += data
        while self._taken() if self._in_mail else self._answered():
            pass

    def _answered(self) -> bool:
        line, end, rest = self._came.partition(b"\r\n")
        if not end:
            return False
        self._came = rest
        verb = bytes(line[:4]).upper()
        self._transport.write(_SAID.get(verb, b"250 fine\r\n"))
        self._in_mail = verb == b"DATA"
        if verb == b"QUIT":
            self._transport.close()
        return True

    def _taken(self) -> bool:
        found = self._came.find(_LAST)
        if found < 0:
            return False
        del self._came[: found + len(_LAST)]
        self._in_mail = False
        self._transport.write(b"250 2.0.0 fine\r\n")
        return True


async def main(port: int) -> None:
    """Serve for ever."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
