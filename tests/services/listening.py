"""Counts how often a client waits for a PostgreSQL server: a proxy on a socket of its own between the two."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

SOCKET = ".s.PGSQL.5432"


class Listener:
    """What passed through.

    Attributes:
        trips: How often something was said to the server after it had last spoken, on any connection.
    """

    def __init__(self) -> None:
        self.trips = 0
        self._lock = threading.Lock()

    def serve(self, listening: socket.socket, target: str) -> None:
        """Take connections until the socket is closed."""
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(target)
                answered = threading.Event()
                answered.set()
                for source, sink, told in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._pump, args=(source, sink, told, answered), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, asks: bool, answered: threading.Event) -> None:
        with suppress(OSError), source:
            while data := source.recv(1 << 16):
                if not asks:
                    answered.set()
                elif answered.is_set():
                    answered.clear()
                    with self._lock:
                        self.trips += 1
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def listened(url: str, folder: Path) -> Iterator[tuple[str, Listener]]:
    """Give the address of a PostgreSQL database through a listening proxy, and what it hears.

    Args:
        url: The database's own address, by a socket.
        folder: A short path for the proxy's socket.
    """
    real = make_url(url)
    listener, listening = Listener(), socket.socket(socket.AF_UNIX)
    listening.bind(str(folder / SOCKET))
    listening.listen()
    thread = threading.Thread(target=listener.serve, args=(listening, f"{real.query['host']}/{SOCKET}"), daemon=True)
    thread.start()
    try:
        yield real.set(query={"host": str(folder)}).render_as_string(hide_password=False), listener
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
