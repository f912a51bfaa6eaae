"""Which agent a member of staff is: said by an administrator, known by the source's own number."""

from feedbackhub.office import audit
from tests.app_fixtures import StaffClient
from tests.staff.conftest import World


def test_a_connected_agent_sees_answers_about_own_contacts(
    world: World, admin_client: StaffClient, agent_client: StaffClient
) -> None:
    given = world.answer(world.asked(1), satisfaction="5")
    address = f"/users/{agent_client.user.public_id}/agent"
    admin_client.submit(address, {"source": "helpdesk", "agent": " 7 "})
    assert "Agent helpdesk 7" in admin_client.get("/users").text
    assert agent_client.get(f"/answers/{given.response}").status_code == 200
    admin_client.submit(address, {"source": "", "agent": ""})
    assert agent_client.get(f"/answers/{given.response}").status_code == 404
    actions = [entry.action for entry in audit.entries(world.core.store, f"user:{agent_client.user.public_id}")]
    assert actions.count("user.agent_linked") == 2


def test_an_agent_whom_no_contact_names_is_refused(admin_client: StaffClient, agent_client: StaffClient) -> None:
    admin_client.submit(f"/users/{agent_client.user.public_id}/agent", {"source": "helpdesk", "agent": "99"})
    assert "names such an agent yet" in admin_client.get("/users").text


def test_only_administrators_connect(manager_client: StaffClient) -> None:
    address = f"/users/{manager_client.user.public_id}/agent"
    assert manager_client.submit(address, {"source": "helpdesk", "agent": "7"}).status_code == 403
