"""The pages of sources: how to connect them, what their calls became, and what somebody does about it."""

import pytest

from feedbackhub import PermanentFailure
from feedbackhub.office.audit import entries
from feedbackhub.store import tables
from tests.app_fixtures import MakeClient, StaffClient
from tests.inbound.conftest import DONE, Door
from tests.inbound.senders import SECRET, Helpdesk, raising
from tests.inbound.test_in_a_browser import databases

__all__ = ["databases"]

HOSTILE = "<img src=x onerror=alert(1)>"


def test_without_a_source_the_page_says_how_to_connect_one(door: Door, manager_client: StaffClient) -> None:
    brought = door.core.plugins.brought
    for plugin in list(brought):
        if plugin not in ("desk",):
            brought.pop(plugin)
    html = manager_client.get("/sources").text
    assert "helpdesk" in html
    brought.clear()
    html = manager_client.get("/sources").text
    assert "No source yet" in html
    assert 'preset = "zendesk"' in html


def test_every_source_stands_with_its_address_and_how_its_calls_fare(door: Door, manager_client: StaffClient) -> None:
    door.call()
    door.call(b"broken")
    door.call(secret="wrong")
    door.run()
    html = manager_client.get("/sources").text
    assert "<code>http://127.0.0.1:8000/in/helpdesk</code>" in html
    assert "<code>http://127.0.0.1:8000/in/gateway</code>" in html
    assert "preset-helpdesk" not in html
    assert "1 needs somebody" in html
    assert "1 call refused, on" in html
    html = manager_client.get("/sources/helpdesk").text
    assert "the secret in X-Secret is wrong" in html
    assert "is no JSON" in html
    [contact] = door.table(tables.contact)
    assert f'href="/contacts/{contact.public_id}"' in html


def test_how_to_connect_it_is_said_without_the_secret(manager_client: StaffClient) -> None:
    html = manager_client.get("/sources/helpdesk").text
    assert "A shared secret in X-Secret" in html
    assert "<li>Paste &lt;the&gt; address.</li>" in html
    assert "{{ticket.id}}" in html
    assert 'href="https://helpdesk.example/docs"' in html
    assert SECRET not in html
    assert "An administrator can see them here." in html
    assert manager_client.submit("/sources/helpdesk/secrets").status_code == 403


def test_an_administrator_sees_the_secret_on_demand_and_it_is_noted(door: Door, admin_client: StaffClient) -> None:
    assert SECRET not in admin_client.get("/sources/helpdesk").text
    assert f'value="{SECRET}"' in admin_client.submit("/sources/helpdesk/secrets").text
    assert [each.action for each in entries(door.core.store, "source:helpdesk")] == ["source.secret_shown"]


def test_a_source_that_cannot_describe_itself_shows_its_calls_all_the_same(
    door: Door, helpdesk: Helpdesk, manager_client: StaffClient
) -> None:
    helpdesk.setup = raising(RuntimeError("boom"))  # type: ignore[method-assign, assignment]
    door.call()
    html = manager_client.get("/sources/helpdesk").text
    assert "plugin desk: setup helpdesk raised" in html
    assert "To be read" in html


def test_a_failed_request_is_read_again_after_the_mapping_was_mended(
    door: Door, helpdesk: Helpdesk, manager_client: StaffClient
) -> None:
    helpdesk.email_field = "requester"
    for number in range(3):
        door.call(DONE | {"ticket": number})
    door.run()
    first = door.rows[0].public_id
    html = manager_client.get("/sources/helpdesk?state=failed").text
    assert html.count("<code>requester</code>") == 3
    helpdesk.email_field = "email"
    answer = manager_client.submit(f"/sources/requests/{first}/retry", {"source": "helpdesk"})
    assert answer.headers["Location"] == "/sources/helpdesk"
    door.run()
    assert [row.state for row in door.rows] == ["done", "failed", "failed"]
    manager_client.submit("/sources/helpdesk/retry")
    assert "2 requests are read again in a moment." in manager_client.get("/sources/helpdesk").text
    door.run()
    assert [row.state for row in door.rows] == ["done", "done", "done"]
    assert manager_client.submit(f"/sources/requests/{first}/retry").headers["Location"] == f"/sources/requests/{first}"
    assert "It does not wait any more." in manager_client.get(f"/sources/requests/{first}").text


def test_a_request_is_discarded(door: Door, manager_client: StaffClient) -> None:
    public_id = door.call(b"broken").json["id"]  # type: ignore[index]
    door.run()
    manager_client.submit(f"/sources/requests/{public_id}/discard")
    assert door.row.state == "discarded"
    [entry] = entries(door.core.store, f"request:{public_id}")
    assert (entry.actor, entry.action) == ("manager@example.com", "request.discarded")


def test_the_body_is_shown_to_administrators_who_ask_for_it_escaped_and_noted(
    door: Door, admin_client: StaffClient, client_of: MakeClient
) -> None:
    public_id = door.call(f"{HOSTILE} \x00\xff".encode("latin-1")).json["id"]  # type: ignore[index]
    door.run()
    page = f"/sources/requests/{public_id}"
    assert "&lt;img" not in admin_client.get(page).text
    html = admin_client.submit(f"{page}/body").text
    assert "&lt;img src=x onerror=alert(1)&gt; \ufffd\ufffd" in html
    assert HOSTILE not in html
    assert [each.action for each in entries(door.core.store, f"request:{public_id}")] == ["request.viewed"]
    manager = client_of("manager")
    assert manager.submit(f"{page}/body").status_code == 403
    assert "An administrator can see it here." in manager.get(page).text


def test_what_a_sender_chose_is_escaped(door: Door, helpdesk: Helpdesk, manager_client: StaffClient) -> None:
    helpdesk.enriching = raising(PermanentFailure(HOSTILE))
    public_id = door.call(X_Kind=HOSTILE).json["id"]  # type: ignore[index]
    door.run()
    for page in ("/sources/helpdesk", f"/sources/requests/{public_id}"):
        html = manager_client.get(page).text
        assert HOSTILE not in html
        assert "&lt;img" in html


@pytest.mark.parametrize("page", ["/sources/nobody", "/sources/requests/abcdefghijkl"])
def test_what_is_not_there_is_not_found(manager_client: StaffClient, page: str) -> None:
    assert manager_client.get(page).status_code == 404


def test_a_source_that_went_away_keeps_its_page(door: Door, client_of: MakeClient) -> None:
    door.call()
    door.core.plugins.brought.pop("desk")
    html = client_of("manager").get("/sources/helpdesk").text
    assert "Not active" in html
    assert "To be read" in html


def test_agents_do_not_see_sources(agent_client: StaffClient) -> None:
    assert agent_client.get("/sources").status_code == 403
    assert "/sources" not in agent_client.get("/desk").text
