"""What agents do with cases in a browser, without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.test import TestResponse

from feedbackhub.loop.merging import merge
from feedbackhub.store.queries import people
from feedbackhub_plugins.recovery.case import Case
from feedbackhub_plugins.recovery.case_shown import CaseShown
from tests.app_fixtures import StaffClient

from .conftest import ANN, BOSS, Here

ROOT = "/x/recovery/"


def post(browser: StaffClient, case: Case, deed: str, fields: Mapping[str, object] | None = None) -> TestResponse:
    """Send a form of a case's page, as it was seen."""
    return browser.submit(f"{ROOT}cases/{case.id}", {"version": case.version, "deed": deed, **(fields or {})})


def test_an_agent_does_all_of_it_on_the_page(here: Here) -> None:
    case = here.case(comment="Never <b>again</b>", call_back="yes", call_back_phone="+12125550123")
    agent = here.browser("agent")
    page = agent.get(f"{ROOT}cases/{case.id}").text
    assert "Never &lt;b&gt;again&lt;/b&gt;" in page
    assert 'href="tel:+12125550123"' in page
    for deed, fields in (
        ("acknowledge", {}), ("note", {"text": "Rang\x00 twice."}),
        ("wait", {"until": "2026-03-05T10:00", "text": "Part"}),
        ("tag", {"tags": "shop, देरी"}), ("flag", {"flags": ["owed", "legal"]}), ("flag", {"flags": ["legal"]}),
        ("assign", {"owner": ANN}), ("carry", {"reference": "T-1", "url": "https://desk.example/1"}),
        ("close", {"outcome": "solved", "text": "ok"}), ("undo", {}), ("close", {"outcome": "partly"}), ("reopen", {}),
    ):  # fmt: skip
        answer = post(agent, here.cases.get(case.id), deed, fields)
        assert answer.status_code == 303, (deed, re.findall(r'class="wrong"[^>]*>([^<]*)', answer.text))
    done = here.cases.get(case.id)
    assert (done.state, done.owner, done.tags, done.flags) == ("acknowledged", ANN, ("shop", "देरी"), ("legal",))
    assert (done.reference, done.quiet, done.next_at) == ("T-1", False, None)
    page = agent.get(f"{ROOT}cases/{case.id}").text
    assert "Rang twice." in page


def test_what_was_asked_and_said_stands_in_the_readers_language(here: Here) -> None:
    case = here.case(solved="no")
    lines = {
        language: CaseShown(here.instance.hub("recovery"), language).whole(case, [])["answer"]["lines"]
        for language in ("en", "id")
    }  # fmt: skip
    assert [said for _, said, _ in lines["en"]] == ["1", "No"]
    assert [asked for asked, _, _ in lines["id"]] == [
        "Seberapa puas Anda dengan pelayanan yang Anda terima?", "Apakah masalah Anda sudah terselesaikan?"
    ]  # fmt: skip
    assert [said for _, said, _ in lines["id"]] == ["1", "Belum"]


def test_who_was_slower_loses_nothing(here: Here) -> None:
    case = here.case()
    agent = here.browser("agent")
    here.deeds.change(case, ANN, owner=BOSS)
    answer = post(agent, case, "close", {"text": "I refunded it.", "outcome": "partly"})
    assert answer.status_code == 409
    assert "This case was changed meanwhile." in answer.text
    assert "I refunded it.</textarea>" in answer.text
    assert here.cases.get(case.id).state == "open"
    assert post(agent, case, "note", {"text": "Mine too."}).status_code == 303


def test_a_form_that_comes_twice_is_done_once_and_a_different_one_is_not_lost(here: Here) -> None:
    case = here.case()
    agent = here.browser("agent")
    forms: tuple[tuple[str, dict[str, object]], ...] = (
        ("acknowledge", {}), ("note", {"text": "Rang."}), ("assign", {"owner": BOSS}),
        ("wait", {"until": "2026-03-05T10:00", "text": "A part"}), ("close", {"outcome": "partly"}), ("undo", {}),
    )  # fmt: skip
    for deed, fields in forms:
        seen = here.cases.get(case.id)
        assert [post(agent, seen, deed, fields).status_code for _ in "12"] == [303, 303]
    assert here.kinds(case) == ["opened", "acknowledged", "note", "owner", "waiting", "closed", "undone"]
    seen = here.cases.get(case.id)
    ends: tuple[dict[str, object], ...] = ({"outcome": "solved"}, {"outcome": "partly"}, {"text": "x"})
    assert [post(agent, seen, "close", each).status_code for each in ends] == [303, 409, 409]


def test_slips_are_said_and_change_nothing(here: Here) -> None:
    case = here.case()
    agent = here.browser("agent")
    for deed, fields in (("wait", {"until": "2026-01-01T10:00"}), ("wait", {"until": "x"}), ("note", {"text": " "}),
                         ("close", {"outcome": "x"}), ("carry", {"url": "javascript:1"}), ("eat", {})):  # fmt: skip
        assert post(agent, case, deed, fields).status_code == 422
    assert here.cases.get(case.id) == case
    assert agent.post(f"{ROOT}cases/{case.id}", data={"deed": "acknowledge", "version": 1}).status_code == 400


def test_lists_hold_what_they_say_and_name_no_customer(here: Here) -> None:
    case = here.case(customer={"email": "c1@example.com", "name": "Secret Name"})
    other = here.case("2", team="Nowhere")
    agent, boss = here.browser("agent"), here.browser("manager")
    assert "You have no cases" in agent.get(ROOT).text
    page = boss.get(ROOT).text
    assert [each in page for each in (case.id, other.id, "Secret Name")] == [True, True, False]
    for name, ids in (("nobody", {other.id}), ("overdue", set()), ("waiting", set()), ("closed", set())):
        found = boss.get(f"{ROOT}?list={name}").text
        assert {each for each in (case.id, other.id) if each in found} == ids
    narrowed = {"team=Nowhere": {other.id}, f"owner={ANN}": {case.id}, f"team=Nowhere&owner={ANN}": set()}
    for chosen, ids in narrowed.items():
        found = boss.get(f"{ROOT}?list=all&{chosen}").text
        assert {each for each in (case.id, other.id) if f"cases/{each}" in found} == ids
    assert here.instance.browser().get(ROOT).status_code == 303


def test_two_cases_of_a_person_lead_to_each_other(here: Here) -> None:
    one, two = here.case("1"), here.case("2")
    core = here.instance.core
    with core.store.read() as connection:
        persons = [people.customer_by_public_id(connection, each.customer) for each in (one, two)]
    first, second = (each.person_id for each in persons if each is not None)
    merge(core, first, second, "tests")
    for case, other in ((one, two), (two, one)):
        shown = CaseShown(here.hub, "en").whole(case, [])
        assert [each["id"] for each in shown["others"]] == [other.id]
    here.deeds.close(two, ANN, "duplicate")
    assert CaseShown(here.hub, "en").whole(one, [])["others"] == []


def test_the_home_page_says_what_waits_for_whom(here: Here) -> None:
    case = here.case()
    here.at("6 12:00")
    agent, boss = here.browser("agent"), here.browser("manager")
    assert ["open case" in each.get("/desk").text for each in (agent, boss)] == [False, True]
    here.deeds.change(here.cases.get(case.id), ANN, owner="agent@acme.example")
    page = agent.get("/desk").text
    assert "1 open case</a>" in page
    assert "1 is overdue" in page


def test_a_case_is_opened_by_hand_from_an_answer(here: Here) -> None:
    good = here.answer(rating=5)
    boss = here.browser("manager")
    path = f"{ROOT}open/{good.public_id}"
    assert path in boss.get(f"/answers/{good.public_id}").text
    answer = boss.submit(path, {"deed": "open", "text": "He wrote to the press."})
    (case,) = here.all()
    assert answer.headers["Location"].endswith(f"cases/{case.id}")
    assert [(each.kind, each.text) for each in here.cases.history(case.id)] == [("opened", "He wrote to the press.")]
