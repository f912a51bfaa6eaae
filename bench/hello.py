"""The limit: Flask saying hello behind the same server, with nothing else done."""

from __future__ import annotations

import sys

from flask import Flask

from feedbackhub.cli.server import Server, stopped_by_signals


def hello_app() -> Flask:
    """Return the smallest application."""
    app = Flask("hello")

    @app.get("/")
    def hello() -> str:
        return "hello"

    return app


if __name__ == "__main__":
    server = Server(hello_app(), "127.0.0.1", int(sys.argv[1]), 1_000_000)
    with stopped_by_signals(server):
        server.run()
