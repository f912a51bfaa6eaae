"""The page of contacts: what is listed, what the filters keep, and a contact in full."""

from datetime import timedelta

from feedbackhub.office import audit
from tests.app_fixtures import StaffClient
from tests.staff.conftest import World


def names(html: str) -> list[int]:
    """Return the numbers of the customers in a list, in its order."""
    return [int(part.partition("<")[0]) for part in html.split("<bdi>Customer ")[1:]]


def test_an_empty_list_says_what_to_do_next(manager_client: StaffClient) -> None:
    assert "No contacts yet" in manager_client.get("/contacts").text


def test_contacts_are_listed_with_the_newest_first(world: World, manager_client: StaffClient) -> None:
    for number in range(3):
        world.contact(number)
        world.clock.move(timedelta(minutes=5))
    assert names(manager_client.get("/contacts").text) == [2, 1, 0]


def test_pages_follow_each_other_and_lead_back(world: World, manager_client: StaffClient) -> None:
    for number in range(120):
        world.contact(number)
    first = manager_client.get("/contacts?channel=chat")
    second = manager_client.get(link(first.text, "next"))
    third = manager_client.get(link(second.text, "next"))
    shown = [names(page.text) for page in (first, second, third)]
    assert [len(page) for page in shown] == [50, 50, 20]
    assert sum(shown, []) == list(range(119, -1, -1))
    assert names(manager_client.get(link(third.text, "prev")).text) == shown[1]
    assert names(manager_client.get(link(second.text, "prev")).text) == shown[0]


def link(html: str, rel: str) -> str:
    """Return where the link to the page before or after leads."""
    return html.partition(f'" rel="{rel}"')[0].rpartition('href="')[2].replace("&amp;", "&")


def test_filters_by_decision_and_rule(world: World, manager_client: StaffClient) -> None:
    world.contact(1)
    world.contact(2, ask=False)
    assert names(manager_client.get("/contacts?decision=asked").text) == [1]
    assert names(manager_client.get("/contacts?decision=not_asked").text) == [2]
    assert names(manager_client.get("/contacts?decision=rule:not_wanted").text) == [2]
    assert names(manager_client.get("/contacts?decision=rule:throttled").text) == []


def test_filters_by_source_channel_team_and_days(world: World, manager_client: StaffClient) -> None:
    world.contact(1, ended_at="2026-03-01T09:00:00Z")
    world.contact(2, channel="phone", source="pbx", team="Sales")
    for query in ("source=pbx", "channel=phone", "team=Sales", "from=2026-03-02", "from=2026-03-02&to=2026-03-02"):
        assert names(manager_client.get(f"/contacts?{query}").text) == [2], query
    assert names(manager_client.get("/contacts?to=2026-03-01").text) == [1]
    assert manager_client.get("/contacts?from=soon&to=9999-12-31&after=nothing").status_code == 200


def test_a_filter_that_fits_nothing_leads_back(world: World, manager_client: StaffClient) -> None:
    world.contact(1)
    assert "No contact fits these filters" in manager_client.get("/contacts?team=Nobody").text


def test_a_contact_is_shown_with_its_decision_in_words(world: World, manager_client: StaffClient) -> None:
    recorded = world.contact(1, ask=False)
    html = manager_client.get(f"/contacts/{recorded.contact.id}").text
    assert "The source said not to ask." in html
    assert "not_wanted" in html


def test_a_contact_is_shown_with_messages_answer_and_gestures(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1, url="https://desk.example.com/T-1")
    world.answer(recorded, satisfaction="1", comment="Nobody rang back")
    html = manager_client.get(f"/contacts/{recorded.contact.id}").text
    for part in ("c1@example.org", "Nobody rang back", 'href="https://desk.example.com/T-1"', "Answered"):
        assert part in html


def test_a_look_at_a_contact_is_audited(world: World, manager_client: StaffClient) -> None:
    recorded = world.contact(1)
    manager_client.get(f"/contacts/{recorded.contact.id}")
    [entry] = audit.entries(world.core.store, f"contact:{recorded.contact.id}")
    assert (entry.actor, entry.action) == ("manager@example.com", "contact.viewed")


def test_a_contact_that_is_not_there_is_not_found(manager_client: StaffClient) -> None:
    assert manager_client.get("/contacts/abcdefghijkl").status_code == 404


def test_the_agent_is_named_only_when_names_are_switched_on(world: World, manager_client: StaffClient) -> None:
    recorded = world.contact(1)
    assert ">Bo<" not in manager_client.get(f"/contacts/{recorded.contact.id}").text
