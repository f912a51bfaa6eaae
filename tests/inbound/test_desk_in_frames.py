"""The card in a helpdesk's frame, in Chromium: another site's page around it, allowed or not, and as a link."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from feedbackhub.app import create_app
from feedbackhub.cli.server import Server
from feedbackhub.contract.intake import ContactEvent, CustomerData
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.machinery.clock import SetClock
from feedbackhub.office.users import invite_user, set_password
from tests.inbound.test_in_a_browser import databases
from tests.services.processes import free_port

__all__ = ["databases"]

PASSWORD = "correct horse battery"
TICKET = """<!doctype html><title>Ticket 7</title><h1>Ticket 7</h1>
<p><a href="{card}" target="_blank">Feedback card</a></p>
<iframe src="{card}" title="Feedback" width="500" height="500"></iframe>"""


@dataclass
class Helpdesk:
    """Another site than ours: to a browser, localhost and 127.0.0.1 are two."""

    ticket: str = ""
    card: str = ""


@pytest.fixture
def helpdesk() -> Iterator[Helpdesk]:
    """A helpdesk that shows the card beside a ticket."""
    made = Helpdesk()

    class Ticket(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(TICKET.format(card=made.card).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ticket)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.ticket = f"http://localhost:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


Serve = Callable[[tuple[str, ...]], str]


@pytest.fixture
def serve(core: Core, clock: SetClock, helpdesk: Helpdesk) -> Iterator[Serve]:
    """Serve an instance that knows Ann and lets Rosa sign in, which the given origins may frame."""
    _, secret = invite_user(core.store, clock, "rosa@example.com", "Rosa", "agent", "tests")
    set_password(core.store, clock, secret, PASSWORD)
    ann = CustomerData(email="ann@example.org", name="Ann", ids={"zendesk": "41"})
    record_contact(core, ContactEvent(source="zendesk", external_id="7", customer=ann, channel="chat"))
    running: list[Server] = []

    def start(origins: tuple[str, ...]) -> str:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        web = core.settings.web.model_copy(update={"frame_ancestors": origins})
        settings = core.settings.model_copy(update={"web": web, "public_url": address})
        server = Server(create_app(replace(core, settings=settings)), "127.0.0.1", port, 1 << 20, threads=4)
        threading.Thread(target=server.run, kwargs={"patience": 1.0}, daemon=True).start()
        running.append(server)
        helpdesk.card = f"{address}/desk/open?source=zendesk&customer=41"
        return address

    yield start
    for server in running:
        server.stop()


def sign_in(page: Page) -> None:
    """Sign Rosa in on the page that asks for it."""
    page.get_by_label("E-mail address").fill("rosa@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("h1:not(:text-is('Sign in'))")


def signed_in_from(page: Page, helpdesk: Helpdesk) -> str:
    """Sign Rosa in by the frame's link, go back to the ticket, and return the code that the tab showed."""
    page.goto(helpdesk.ticket)
    with page.context.expect_page() as opened:
        page.frame_locator("iframe").get_by_role("button", name="Sign in in a new tab").click()
    tab = opened.value
    sign_in(tab)
    code = tab.locator("[data-code]").inner_text()
    tab.close()
    return code


def test_whose_browser_keeps_cookies_from_frames_types_a_code_once(
    page: Page, helpdesk: Helpdesk, serve: Serve, complaints: list[str], accessible: Callable[[Page], None]
) -> None:
    serve((helpdesk.ticket,))
    code = signed_in_from(page, helpdesk)
    frame = page.frame_locator("iframe")
    frame.get_by_label("Type the code").fill(code)
    frame.get_by_role("button", name="Show the card").click()
    expect(frame.get_by_text("ann@example.org").first).to_be_visible()
    page.reload()
    expect(frame.get_by_text("ann@example.org").first).to_be_visible()
    complaints[:] = [each for each in complaints if "requestStorageAccess" not in each]


def test_whose_browser_gives_cookies_to_the_frame_sees_the_card_at_once(
    page: Page, helpdesk: Helpdesk, serve: Serve
) -> None:
    serve((helpdesk.ticket,))
    page.context.grant_permissions(["storage-access"])
    signed_in_from(page, helpdesk)
    page.reload()
    expect(page.frame_locator("iframe").get_by_text("ann@example.org").first).to_be_visible()
    # No other cookie of ours goes to other sites.
    assert [each["name"] for each in page.context.cookies() if each["sameSite"] == "None"] == ["feedbackhub-desk"]


def test_a_helpdesk_that_is_not_allowed_shows_no_card(
    page: Page, helpdesk: Helpdesk, serve: Serve, complaints: list[str]
) -> None:
    serve(("https://acme.zendesk.com",))
    page.goto(helpdesk.ticket)
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in each for each in complaints)
    complaints.clear()
    expect(page.frame_locator("iframe").get_by_text("Sign in")).to_have_count(0)


def test_a_link_leads_to_the_card_in_a_tab(page: Page, helpdesk: Helpdesk, serve: Serve) -> None:
    address = serve((helpdesk.ticket,))
    page.goto(f"{address}/sign-in")
    sign_in(page)
    page.goto(helpdesk.ticket)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Feedback card").click()
    expect(opened.value.get_by_role("heading", name="Ann", level=1)).to_be_visible()


def test_without_scripts_a_code_opens_the_frame(browser: Browser, helpdesk: Helpdesk, serve: Serve) -> None:
    serve((helpdesk.ticket,))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    code = signed_in_from(page, helpdesk)
    frame = page.frame_locator("iframe")
    frame.get_by_label("Type the code").fill(code)
    frame.get_by_role("button", name="Show the card").click()
    expect(frame.get_by_text("ann@example.org").first).to_be_visible()
    context.close()
