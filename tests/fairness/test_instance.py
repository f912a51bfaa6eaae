"""On both databases: what is planted is found, everybody sees no more than they may, and switching off takes effect."""

from dataclasses import replace

import pytest
from flask import Flask

from bench.planted_company import Plan
from bench.planted_fairness import equal, fairly, odd
from bench.planted_rows import Planted, plant
from bench.planted_trying import query_of, report_on
from feedbackhub import Query, Report
from feedbackhub.loop.core import Core
from feedbackhub.machinery.settings import Settings
from feedbackhub.store.queries import people
from feedbackhub_plugins.fairness.analysis import Fairness
from feedbackhub_plugins.fairness.settings import Settings as Switch
from tests.app_fixtures import MakeClient, StaffClient
from tests.reports.looking import api, figures, ready

#: Few agents with many answers each, so that one who differs much is found in a small company.
SMALL = Plan(seed=3, asked=1000, agents=4, odd_agent=0.4)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Agents are looked at."""
    return settings.model_copy(update={"plugins": {"fairness": {"agents": True}}})


@pytest.fixture
def planted(core: Core) -> Planted:
    """A company in which one agent differs."""
    return plant(core, SMALL)


def agent_number(core: Core, planted: Planted, name: str) -> int:
    """Return the row number of an agent."""
    number = planted.agents[name].split("a")[1]
    with core.store.read() as connection:
        row = people.agent_by_key(connection, "planted", number)
    assert row is not None
    return int(row.id)


def test_of_equal_agents_nothing_is_said(core: Core) -> None:
    query = Query(core.clock.now().date(), core.clock.now().date())
    report: Report = report_on(core, "fairness", query)
    assert [(each.value, each.few) for each in report.figures] == [(None, "none")] * 3
    assert (list(report.charts), list(report.tables)) == ([], [])
    planted = plant(core, Plan(seed=1, asked=1000))
    assert all(equal(core, planted).values())


def test_the_one_who_differs_is_found_and_filters_keep_to_a_part(core: Core, planted: Planted) -> None:
    assert odd(core, planted) == dict.fromkeys(odd(core, planted), True)
    whole = report_on(core, "fairness", query_of(planted))
    (table,) = (each for each in whole.tables if each.title == "Agents")
    assert [row[0] for row in table.rows] == sorted(planted.agents)
    parts = [fairly(core, replace(query_of(planted), where={"channel": name})) for name in ("phone", "chat", "email")]
    assert sum(each.figures[2].n or 0 for each in parts) == whole.figures[2].n
    assert "Adjusted for topic:" in "\n".join(parts[0].notes)
    with_agents, without = (stamped(core, agents) for agents in (True, False))
    assert with_agents != without


def stamped(core: Core, agents: bool) -> str:
    """Return what kept reports are told apart by."""
    found = core.plugins.owner("feedbackhub_analyses", "fairness")
    assert found is not None
    return Fairness(found[1].hub, Switch(agents=agents)).stamp()


def address(planted: Planted) -> str:
    """Return where the report on the company is."""
    return f"/reports/fairness?survey={planted.survey}&from={planted.since}&to={planted.until}"


def test_a_manager_sees_agents_by_name_and_an_agent_only_the_own_work(
    app: Flask, core: Core, planted: Planted, manager_client: StaffClient, client_of: MakeClient
) -> None:
    name, *others = sorted(planted.agents, key=lambda each: planted.agents[each] != planted.odd_agent)
    seen = ready(manager_client, address(planted))
    assert all(each in seen.text for each in planted.agents)
    agent = client_of("agent", agent=agent_number(core, planted, name))
    own = ready(agent, address(planted))
    assert figures(own.text)[0][0] == "My customers"
    assert "%" in figures(own.text)[0][1]
    assert not [each for each in others if each in own.text]
    for more in (f"agent={planted.agents[others[0]]}", "role=manager", f"o-agent={planted.agents[others[0]]}"):
        page = ready(agent, f"{address(planted)}&{more}")
        assert page.status_code != 200 or figures(page.text) == figures(own.text), more
    assert agent.get("/reports/nps").status_code == 404
    unknown = client_of("agent", email="new@example.com")
    assert "linked to no agent" in ready(unknown, address(planted)).text
    days = f"since={planted.since}&until={planted.until}"
    found = api(app, core)(f"/reports/fairness?survey={planted.survey}&{days}").get_json()
    assert [row[0] for row in found["tables"][-1]["rows"]] == sorted(planted.agents)
    assert api(app, core)("/reports/fairness?options=agent=a1").status_code == 422


class TestSwitchedOff:
    """The same company while agents are not looked at, which is so unless it is set otherwise."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        """Nothing is set."""
        return settings.model_copy(update={"plugins": {}})

    def test_nobody_sees_agents(self, core: Core, planted: Planted) -> None:
        for role, agent in (("manager", ""), ("admin", ""), ("agent", planted.odd_agent)):
            text = str(report_on(core, "fairness", replace(query_of(planted), role=role, agent=agent)))
            assert "switched off" in text
            assert not [each for each in [*planted.agents, *planted.agents.values()] if each in text]
