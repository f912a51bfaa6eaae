"""A survey served at one origin, and a company's web site at another, as the browser sees them."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from feedbackhub.app import create_app
from feedbackhub.cli.server import Server
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import AskEntry, Settings, Web
from feedbackhub.office.open_links import create_link, wanted
from feedbackhub.store.tables import response
from tests.services.processes import free_port

RECORDER = """
const log = [];
for (const what of ["shown", "answered", "closed"])
  document.addEventListener("feedbackhub:" + what, (event) => log.push([what, event.detail]));
window.told = () => log;
"""


@dataclass
class Site:
    """A web site that is not ours: its pages and a strict content security policy."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """Serve a site of another origin; other pages than those in it are empty."""
    made = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, script = self.path.partition("?")[0], self.path.endswith(".js")
            body = (RECORDER if path == "/recorder.js" else made.pages.get(path, "")).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
            if made.policy:
                self.send_header("Content-Security-Policy", made.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.origin = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


@dataclass
class Instance:
    """A running instance whose surveys the site may show."""

    core: Core
    address: str

    def link(self, **fixed: str) -> str:
        """Return the address of a fresh open link."""
        return create_link(self.core, wanted(**fixed), "tests").link

    def stored(self) -> list[tuple[Any, str]]:
        """Return headline and confidence of every answer."""
        query = select(response.c.headline, response.c.confidence).order_by(response.c.id)
        with self.core.store.read() as connection:
            return [(row.headline, row.confidence) for row in connection.execute(query)]


@pytest.fixture(scope="module")
def instance(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Serve an instance on SQLite and on real time."""
    folder, port = Path(tmp_path_factory.mktemp("widget")), free_port()
    write_key(folder / KEY_FILE)
    web = Web(survey_limit="100000/minute", frame_origins=(site.origin,))
    address = f"http://127.0.0.1:{port}"
    ask = (AskEntry(name="chat", channels=("link",)),)
    core = open_core(Settings(data_dir=folder, public_url=address, web=web, ask=ask))
    prepare(core)
    server = Server(create_app(core), "127.0.0.1", port, 1 << 20)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Instance(core, address)
    server.stop()
    thread.join(20)
    core.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(page: Page, site: Site, instance: Instance) -> Visit:
    """Open a page of the site with the widget: ``visit('<feedbackhub-survey …>', dir="rtl")``."""

    def come(body: str, direction: str = "ltr", policy: str = "", language: str = "en") -> Page:
        site.policy = policy
        site.pages["/"] = (
            f'<!doctype html><html lang="{language}" dir="{direction}"><head><title>Shop</title>'
            f'<script src="/recorder.js"></script><script src="{instance.address}/x/widget/static/widget.js" defer>'
            f'</script></head><body><main><h1>Shop</h1><button id="before">Chat</button>{body}</main></body></html>'
        )
        page.goto(site.origin + "/")
        return page

    return come


def told(page: Page) -> list[list[Any]]:
    """Return the widget's events with what they say."""
    return page.evaluate("told()")  # type: ignore[no-any-return]
