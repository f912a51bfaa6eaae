"""The pages of the mailbox inside the staff area, and a click in a kept mail in a real browser."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server

from feedbackhub.loop.compose import compose
from feedbackhub.loop.core import Core
from tests.app_fixtures import StaffClient
from tests.mail.messages import LINK, message
from tests.mail.test_compose import PARTS
from tests.services.databases import Databases, SQLiteDatabases


@pytest.fixture
def databases(sqlite_databases: SQLiteDatabases) -> Iterator[Databases]:
    """The mailbox knows no database: SQLite only."""
    kept = list(sqlite_databases.lent)
    yield sqlite_databases
    for url in [url for url in sqlite_databases.lent if url not in kept]:
        sqlite_databases.drop(url)


def keep(core: Core, **changes: object) -> str:
    return core.plugins.channels["mailbox"].deliver(message(**changes)).id


def test_an_empty_mailbox_says_what_to_do(manager_client: StaffClient) -> None:
    page = manager_client.get("/x/mailbox/")
    assert page.status_code == 200
    assert "Nothing has been kept yet" in page.text


def test_the_list_leads_to_the_mail_and_the_mail_shows_its_html(core: Core, manager_client: StaffClient) -> None:
    key = keep(core, subject="How did we do? <b>")
    listed = manager_client.get("/x/mailbox/").text
    assert f'href="/x/mailbox/mails/{key}"' in listed
    assert "How did we do? &lt;b&gt;" in listed
    shown = manager_client.get(f"/x/mailbox/mails/{key}").text
    assert f'src="/x/mailbox/mails/{key}/html"' in shown
    assert f"&lt;{LINK}/stop&gt;" in shown


def test_the_mails_html_is_shut_in(core: Core, manager_client: StaffClient) -> None:
    key = keep(core, html="<html><head></head><body><script>alert(1)</script></body></html>")
    answer = manager_client.get(f"/x/mailbox/mails/{key}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src" not in policy
    assert {"default-src 'none'", "frame-ancestors 'self'"} <= set(policy.split("; "))
    assert policy.startswith("sandbox ")


def test_a_mail_that_is_gone_has_a_kind_page(manager_client: StaffClient) -> None:
    answer = manager_client.get("/x/mailbox/mails/gone")
    assert (answer.status_code, "no longer kept" in answer.text) == (404, True)


def test_the_mailbox_is_for_staff_only(core: Core, client: FlaskClient) -> None:
    key = keep(core)
    assert [client.get(path).status_code for path in ("/x/mailbox/", f"/x/mailbox/mails/{key}/html")] == [303, 303]


def test_agents_cannot_answer_for_customers_through_their_mails(core: Core, agent_client: StaffClient) -> None:
    key = keep(core)
    paths = ("/x/mailbox/", f"/x/mailbox/mails/{key}", f"/x/mailbox/mails/{key}/html")
    assert [agent_client.get(path).status_code for path in paths] == [403, 403, 403]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The application on a real port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def signed_in(page: Page, browser: StaffClient, address: str) -> Page:
    """Give a real browser the session of a test's browser."""
    name = browser.application.config["SESSION_COOKIE_NAME"]
    cookie = browser.get_cookie(name)
    assert cookie is not None
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": address}])
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_click_on_a_face_opens_the_survey_outside_the_frame(
    core: Core, manager_client: StaffClient, address: str, page: Page, accessible: Callable[[Page], None], scheme: str
) -> None:
    link = f"{address}/account"
    composed = compose(replace(PARTS, link=link), core.renderer)
    core.plugins.channels["mailbox"].deliver(composed)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    signed_in(page, manager_client, address).goto(f"{address}/x/mailbox/")
    accessible(page)
    page.get_by_role("link", name="How did we do?").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Very satisfied").wait_for()
    accessible(page)
    frame.get_by_role("link", name="Very satisfied").click()
    page.wait_for_url(f"{link}?a=5")
