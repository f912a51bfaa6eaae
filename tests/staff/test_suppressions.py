"""The page of suppressions: entries are added and lifted, addresses are never kept or shown."""

from feedbackhub.loop.suppress import opt_out
from feedbackhub.office import audit
from feedbackhub.office.lists import Place
from feedbackhub.office.refusals import list_refusals
from tests.app_fixtures import StaffClient
from tests.staff.conftest import World

ADDRESS = "Ann@Example.org"


def reasons(world: World) -> list[str]:
    """Return the reasons on the list."""
    return [each.reason for each in list_refusals(world.core, "", Place()).lines]


def test_an_empty_list_says_how_it_fills(manager_client: StaffClient) -> None:
    assert "Nobody is on the list" in manager_client.get("/suppressions").text


def test_an_address_is_put_on_the_list_and_never_shown(world: World, manager_client: StaffClient) -> None:
    form = {"kind": "email", "address": ADDRESS, "note": "asked by phone"}
    manager_client.submit("/suppressions/add", form)
    html = manager_client.get("/suppressions").text
    assert "asked by phone" in html
    assert ADDRESS.lower() not in html.lower()
    recorded = world.contact(1, customer={"email": "ann@example.org"})
    assert recorded.contact.decision.rule == "suppressed"
    [entry] = [each for each in audit.entries(world.core.store) if each.action == "suppression.added"]
    assert (entry.actor, entry.detail) == ("manager@example.com", {"kind": "email"})


def test_an_address_that_cannot_be_read_is_refused_beside_its_field(
    world: World, manager_client: StaffClient
) -> None:
    answer = manager_client.submit("/suppressions/add", {"kind": "email", "address": "ann at home"})
    assert answer.status_code == 422
    assert 'id="e-address"' in answer.text
    assert 'value="ann at home"' in answer.text
    assert reasons(world) == []


def test_an_address_is_taken_off_by_typing_it(world: World, manager_client: StaffClient) -> None:
    manager_client.submit("/suppressions/add", {"kind": "email", "address": ADDRESS})
    answer = manager_client.submit("/suppressions/lift", {"kind": "email", "address": "ann@example.ORG"})
    assert answer.status_code == 303
    assert reasons(world) == []
    again = manager_client.submit("/suppressions/lift", {"kind": "email", "address": ADDRESS})
    assert (again.status_code, "is not on the list" in again.text) == (404, True)


def test_an_entry_is_lifted_and_that_is_audited(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1)
    assert recorded.contact.invitation is not None
    opt_out(world.core, recorded.contact.invitation.id)
    [entry] = list_refusals(world.core, "opt_out", Place()).lines
    manager_client.submit(f"/suppressions/{entry.id}/lift")
    assert reasons(world) == []
    [told] = audit.entries(world.core.store, f"suppression:{entry.id}")
    assert (told.action, told.detail) == ("suppression.lifted", {"kind": "email", "reason": "opt_out"})
    assert manager_client.submit(f"/suppressions/{entry.id}/lift").status_code == 404


def test_the_list_is_filtered_by_reason(world: World, manager_client: StaffClient) -> None:
    manager_client.submit("/suppressions/add", {"kind": "phone", "address": "+1 202 555 0143", "note": "called us"})
    assert "called us" in manager_client.get("/suppressions?reason=staff").text
    assert "Nobody for this reason" in manager_client.get("/suppressions?reason=bounce").text
