"""The page of answers: filters, suspects judged one by one and in bulk, and agents who see only their own."""

from datetime import timedelta

import pytest

from feedbackhub.office import audit
from feedbackhub.store.queries import answer_lists, people
from feedbackhub.store.queries.paging import Place
from tests.app_fixtures import MakeClient, StaffClient
from tests.staff.conftest import World


def comments(html: str) -> list[str]:
    """Return the own words in a list, in its order."""
    return [part.partition("<")[0] for part in html.split('<span class="said">')[1:]]


def entries(world: World, response: str) -> list[str]:
    """Return the verdicts in the audit log, the newest first."""
    found = audit.entries(world.core.store, f"response:{response}")
    return [entry.detail["verdict"] for entry in found if entry.action == "response.judged"]


def test_an_empty_list_says_what_to_expect(manager_client: StaffClient) -> None:
    assert "No answers yet" in manager_client.get("/answers").text


def test_answers_can_be_filtered(world: World, manager_client: StaffClient) -> None:
    world.answer(world.asked(1), satisfaction="5", comment="fine")
    world.answer(world.asked(2, channel="phone", team="Sales"), satisfaction="1", comment="bad", call_back="yes")
    world.answer(world.asked(3), satisfaction="4")
    assert comments(manager_client.get("/answers").text) == ["bad", "fine"]
    for query in ("low=1", "channel=phone", "team=Sales", "call=1"):
        assert comments(manager_client.get(f"/answers?{query}").text) == ["bad"], query
    assert comments(manager_client.get("/answers?comment=1").text) == ["bad", "fine"]
    assert comments(manager_client.get("/answers?survey=nps").text) == []
    assert comments(manager_client.get("/answers?survey=post-contact&to=2026-03-02").text) == ["bad", "fine"]


def test_answers_about_the_newest_contacts_are_turned_page_by_page_in_both_directions(world: World) -> None:
    contacts = [world.asked(number) for number in range(4)]
    for number in (2, 0, 3, 1):
        world.answer(contacts[number], satisfaction="5", comment=str(number))
        world.clock.move(timedelta(minutes=1))
    by_contact = answer_lists.AnswerFilter(basis="contact")
    with world.core.store.read() as connection:
        first = answer_lists.answers(connection, by_contact, Place(), 2)
        second = answer_lists.answers(connection, by_contact, Place(after=first.rows[-1].public_id), 2)
        back = answer_lists.answers(connection, by_contact, Place(before=second.rows[0].public_id), 2)
    turned = [([row.comment for row in page.rows], page.earlier, page.later) for page in (first, second, back)]
    assert turned == [(["3", "2"], False, True), (["1", "0"], True, False), (["3", "2"], False, True)]


def test_agents_see_only_answers_about_their_own_contacts(
    world: World, client_of: MakeClient
) -> None:
    mine = world.answer(world.asked(1), satisfaction="5", comment="mine")
    theirs = world.answer(world.asked(2, agent={"id": "8"}), satisfaction="5", comment="theirs")
    with world.core.store.read() as connection:
        row = people.agent_by_key(connection, "helpdesk", "7")
    assert row is not None
    browser = client_of("agent", agent=row.id)
    assert comments(browser.get("/answers").text) == ["mine"]
    assert browser.get(f"/answers/{mine.response}").status_code == 200
    assert browser.get(f"/answers/{theirs.response}").status_code == 404
    assert comments(browser.get("/answers?state=discarded").text) == ["mine"]


def test_an_agent_who_is_not_known_as_one_sees_nothing_and_why(world: World, agent_client: StaffClient) -> None:
    given = world.answer(world.asked(1), satisfaction="5", comment="theirs")
    assert "We do not know yet which agent you are" in agent_client.get("/answers").text
    assert agent_client.get(f"/answers/{given.response}").status_code == 404


def test_suspects_are_accepted_in_bulk_and_that_can_be_undone(world: World, manager_client: StaffClient) -> None:
    ids = [world.answer(world.asked(n), machine=True, satisfaction="1").response for n in (1, 2)]
    assert "2 recent answers look like a machine" in manager_client.get("/answers").text
    form = {"ids": ids, "verdict": "accepted", "back": "/answers?state=suspect"}
    answer = manager_client.submit("/answers/judge", form)
    assert answer.headers["Location"].endswith("/answers?state=suspect")
    page = manager_client.get("/answers?state=suspect").text
    assert "2 answers count now." in page
    assert "No answer fits" in page
    manager_client.submit("/answers/undo", {"before": [f"{each}:" for each in ids]})
    assert [entries(world, each) for each in ids] == [["none", "accepted"]] * 2
    assert "2 recent answers look like a machine" in manager_client.get("/answers").text


def test_a_discarded_answer_leaves_the_list_and_can_be_found_again(world: World, manager_client: StaffClient) -> None:
    given = world.answer(world.asked(1), machine=True, satisfaction="1", comment="spam")
    manager_client.submit("/answers/judge", {"ids": given.response, "verdict": "discarded"})
    assert comments(manager_client.get("/answers").text) == []
    assert comments(manager_client.get("/answers?state=discarded").text) == ["spam"]


def test_undo_brings_back_the_verdict_before(world: World, manager_client: StaffClient) -> None:
    given = world.answer(world.asked(1), machine=True, satisfaction="1")
    for wanted in ("accepted", "discarded"):
        manager_client.submit("/answers/judge", {"ids": given.response, "verdict": wanted})
    assert f'value="{given.response}:accepted"' in manager_client.get("/answers").text
    manager_client.submit("/answers/undo", {"before": f"{given.response}:accepted"})
    assert entries(world, given.response) == ["accepted", "discarded", "accepted"]


def test_nothing_ticked_changes_nothing_and_says_so(manager_client: StaffClient) -> None:
    manager_client.submit("/answers/judge", {"verdict": "accepted"})
    assert "Tick the answers first" in manager_client.get("/answers").text


@pytest.mark.parametrize("form", [{"ids": "abcdefghijkl", "verdict": "accepted"}, {"verdict": "loved"}])
def test_what_does_not_exist_is_refused(manager_client: StaffClient, form: dict[str, str]) -> None:
    assert manager_client.submit("/answers/judge", form).status_code in (404, 422)


def test_one_unknown_answer_leaves_all_as_they_were(world: World, manager_client: StaffClient) -> None:
    given = world.answer(world.asked(1), machine=True, satisfaction="1")
    form = {"ids": [given.response, "abcdefghijkl"], "verdict": "accepted"}
    assert manager_client.submit("/answers/judge", form).status_code == 404
    assert entries(world, given.response) == []


def test_agents_do_not_judge(world: World, agent_client: StaffClient) -> None:
    given = world.answer(world.asked(1), machine=True, satisfaction="1")
    form = {"ids": given.response, "verdict": "accepted"}
    assert agent_client.submit("/answers/judge", form).status_code == 403


def test_an_answer_is_shown_in_the_words_of_its_questions(world: World, manager_client: StaffClient) -> None:
    given = world.answer(world.asked(1), satisfaction="2", solved="no", comment="Too slow")
    html = manager_client.get(f"/answers/{given.response}").text
    question = "How satisfied are you with the service you received?"
    for part in (question, "<strong>2</strong>", "of 5</span> Dissatisfied", "Too slow"):
        assert part in html


def test_every_submission_is_shown_with_why_it_is_trusted(world: World, manager_client: StaffClient) -> None:
    recorded = world.asked(1)
    given = world.answer(recorded, machine=True, satisfaction="5")
    html = manager_client.get(f"/answers/{given.response}").text
    assert "This answer looks like a machine&#39;s" in html
    assert "A field was filled in that people do not see." in html
    world.answer(recorded, satisfaction="1")
    html = manager_client.get(f"/answers/{given.response}").text
    assert "Every submission" in html
    assert "This answer looks like a machine&#39;s" not in html


def test_the_form_leads_back_to_our_own_pages_only(world: World, manager_client: StaffClient) -> None:
    given = world.answer(world.asked(1), machine=True, satisfaction="1")
    for back in ("https://evil.example", "//evil.example", "/users", "/answers/../users"):
        form = {"ids": given.response, "verdict": "", "back": back}
        assert manager_client.submit("/answers/judge", form).headers["Location"] == "/answers"
    form = {"ids": given.response, "verdict": "accepted", "back": f"/answers/{given.response}"}
    assert manager_client.submit("/answers/judge", form).headers["Location"] == f"/answers/{given.response}"
