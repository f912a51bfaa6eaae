"""What is said of teams and agents, and above all what is not."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from feedbackhub import Figure, Query, QuestionInfo, Report, Way
from tests.fairness.company import CSAT, MARCH, RECOMMEND, SOLVED, Company

NOTHING = "no detectable difference"
USUAL = {"5": 30, "4": 18, "3": 6, "1": 6}
BAD = {"5": 8, "4": 7, "3": 10, "1": 35}
TEN = [f"Agent {letter}" for letter in "ABCDEFGHIJKL"]


def company(odd: bool = False, usual: Mapping[str, int] = USUAL) -> Company:
    """Return twelve agents of one team, the last of whom may differ."""
    made = Company()
    for name in TEN:
        answers = BAD if odd and name == TEN[-1] else usual
        made.add(answers, name, team="Desk", topic="invoice", channel="chat")
    return made


def figure(of: Report, label: str) -> Figure:
    """Return a figure by its label."""
    (found,) = (each for each in of.figures if each.label == label)
    return found


def titles(of: Report) -> list[str]:
    """Return the titles of all charts and tables."""
    return [*(each.title for each in of.charts), *(each.title for each in of.tables)]


def said(of: Report) -> str:
    """Return all notes as one text."""
    return "\n".join(of.notes)


def test_equal_agents_are_not_shown_at_all() -> None:
    report = company().report()
    found = figure(report, "Differences between agents")
    assert (found.value, found.n, found.note, found.few, found.way) == (None, 720, NOTHING, "", Way())
    assert figure(report, "Differences between teams").way == Way("report", "satisfaction", {"by": "team"})
    assert titles(report) == []
    assert "No detectable difference between agents" in said(report)
    assert not [name for name in TEN if name in str(report)]


def test_who_differs_is_found_drawn_in_and_shown_among_all_by_name() -> None:
    report = company(odd=True).report()
    found = figure(report, "Differences between agents")
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.value < found.high
    assert titles(report) == ["Agents between the limits of chance", "Agents"]
    (table,) = report.tables
    assert [row[0] for row in table.rows] == TEN
    *others, odd = table.rows
    team = 100 * (11 * 48 + 15) / 720
    assert isinstance(odd[2], int)
    assert 25 < odd[2] < team
    assert [row[-1] for row in table.rows] == ["within chance"] * 11 + ["outside the outer limits"]
    assert len({tuple(row[1:]) for row in others}) == 1
    assert table.ways[-1] == Way(values={"agent": "agent l"})


def test_the_funnel_has_a_dot_for_each_beside_limits_that_narrow() -> None:
    (chart,) = company(odd=True).report().charts
    assert [row[:2] for row in chart.table.rows] == [[name, 60] for name in TEN]
    limits = next(layer for layer in chart.spec["layer"] if "data" in layer)["data"]["values"]
    widths = {row["n"]: -row["value"] for row in limits if row["line"] == "low"}
    assert list(widths) == sorted(widths)
    assert sorted(widths.values(), reverse=True) == list(widths.values())
    assert (min(widths), max(widths)) == (30, 66)


def test_agents_are_not_even_read_while_they_are_switched_off() -> None:
    made = company(odd=True)
    report = made.report(agents=False)
    assert all("agent" not in by and "agent_name" not in by for by in made.asked_for)
    assert (figure(report, "Differences between agents").note, titles(report)) == ("switched off", [])
    assert "works council" in said(report)
    assert not [name for name in TEN if name in str(report)]


def test_teams_are_compared_without_agents_too() -> None:
    made = Company()
    for team, answers in {"Desk": USUAL, "Hotline": BAD, "Shop": USUAL}.items():
        made.add({value: 3 * n for value, n in answers.items()}, team=team, topic="invoice", channel="chat")
    report = made.report(agents=False)
    assert figure(report, "Differences between teams").note == "more than chance"
    assert titles(report) == ["Teams between the limits of chance", "Teams"]
    assert [row[0] for row in report.tables[0].rows] == ["Desk", "Hotline", "Shop"]
    assert report.tables[0].ways[1] == Way(values={"team": "Hotline"})


def test_a_dot_of_the_funnel_is_the_groups_own_number_where_all_have_the_same_mix() -> None:
    made = Company()
    for team, bad in {"Desk": 20, "Hotline": 60, "Shop": 25}.items():
        made.add({"5": 200 - bad, "1": bad}, team=team, topic="invoice", channel="chat")
    (chart,) = made.report(agents=False).charts
    assert [row[2] for row in chart.table.rows] == pytest.approx([90.0, 70.0, 87.5])


def test_a_group_with_nearly_all_answers_has_limits_around_it() -> None:
    made = Company()
    made.add({"5": 2000, "1": 100}, team="Desk", topic="invoice", channel="chat")
    made.add({"5": 30, "1": 30}, team="Shop", topic="invoice", channel="chat")
    (chart,) = made.report(agents=False).charts
    limits = next(layer for layer in chart.spec["layer"] if "data" in layer)["data"]["values"]
    assert max(row["n"] for row in limits) in range(2100, 2160)
    assert [row[2] for row in chart.table.rows] == pytest.approx([100 * 2000 / 2100, 50.0], abs=0.1)


def test_harder_topics_are_not_held_against_who_has_them() -> None:
    made = Company()
    easy, hard = {"5": 95, "1": 5}, {"5": 50, "1": 50}
    for name in TEN:
        made.add(easy, name, team="Desk", topic="opening hours")
    for name in TEN[:3]:
        made.add({value: 5 * n for value, n in hard.items()}, name, team="Desk", topic="broken")
    report = made.report()
    assert figure(report, "Differences between agents").note == NOTHING
    assert "Adjusted for topic:" in said(report)


def test_a_worse_team_is_not_held_against_its_agents() -> None:
    made = Company()
    for at, name in enumerate(TEN):
        made.add(BAD if at % 2 else USUAL, name, team="Hotline" if at % 2 else "Desk", topic="invoice")
    report = made.report()
    assert figure(report, "Differences between teams").note == "more than chance"
    assert figure(report, "Differences between agents").note == NOTHING


def test_below_ten_answers_nobody_is_shown_and_below_thirty_only_drawn_in() -> None:
    made = company(odd=True)
    made.add({"5": 3, "1": 6}, "Nine", team="Desk", topic="invoice", channel="chat")
    made.add({"5": 5, "1": 5}, "Just Ten", team="Desk", topic="invoice", channel="chat")
    report = made.report()
    assert "Nine" not in str(report)
    assert "1 of 14 agents have fewer than 10 answers and are not shown" in said(report)
    assert "Agents with 10 to 29 answers: 1." in said(report)
    row = next(row for row in report.tables[0].rows if row[0] == "Just Ten")
    assert (row[5], row[6]) == (10, "small sample")
    assert isinstance(row[2], int)
    assert 50 < row[2] < 80
    assert "Just Ten" not in [row[0] for row in report.charts[0].table.rows]


def test_few_groups_are_drawn_together_as_by_ten_answers() -> None:
    made = Company()
    made.add({"5": 90, "1": 10}, "Ada", team="Desk")
    made.add({"5": 20, "1": 20}, "Bob", team="Desk")
    made.add({"5": 85, "1": 15}, "Cem", team="Desk")
    table = made.report().tables[0]
    row = next(row for row in table.rows if row[0] == "Bob")
    expected, worth = 175 / 200, 40 * 200 / 240
    variance = sum(good * (n - good) / n for good, n in ((195, 240),)) / 239
    strength = max(expected * (1 - expected) / (variance / 11) - 1, 1)
    wanted = (expected * strength + 0.5 * worth) / (strength + worth)
    assert row[2] == round(100 * wanted)


@pytest.mark.parametrize(
    ("answers", "note", "few"),
    [({}, "no data", "none"), ({"5": 9}, "too few to say", "counts"),
     ({"5": 20}, "nothing to compare with · small sample", "flag"), ({"5": 60}, "nothing to compare with", "")],
    ids=["nobody", "nine", "one team of twenty", "one agent and all answers alike"],
)  # fmt: skip
def test_where_there_is_nothing_to_compare_it_is_said(answers: dict[str, int], note: str, few: str) -> None:
    made = Company()
    made.add(answers, "Ada", team="Desk")
    report = made.report()
    for label in ("Differences between teams", "Differences between agents"):
        found = figure(report, label)
        assert (found.value, found.note, found.few) == (None, note, few)
    assert titles(report) == []


def test_answers_that_are_all_alike_show_nothing() -> None:
    report = company(usual={"5": 20}).report()
    assert figure(report, "Differences between agents").note == "nothing to compare with"
    assert "all answers are alike" in said(report)


def test_answers_without_agent_or_team_tell_what_to_expect_and_are_no_group() -> None:
    made = company(odd=True)
    made.add({"5": 200, "1": 40}, team="Desk", topic="invoice", channel="chat")
    made.add({"5": 200, "1": 40}, topic="invoice", channel="chat")
    report = made.report()
    assert [row[0] for row in report.tables[0].rows] == TEN
    assert figure(report, "Differences between agents").n == 720
    assert figure(report, "Satisfied customers").n == 1200


def test_an_agent_whom_no_colleague_resembles_is_not_compared() -> None:
    made = company(odd=True)
    made.add(USUAL, "Zoe", team="Shop", topic="visit", channel="counter")
    report = made.report()
    assert "Agents not compared, as no colleague had the same kind of matter: 1." in said(report)
    assert "Zoe" not in str(report)


def test_what_is_measured_is_chosen_or_what_most_surveys_ask() -> None:
    made = company()
    made.questions = (RECOMMEND, SOLVED, CSAT)
    made.add({"10": 5, "8": 3, "2": 2}, "Ada", "recommend", team="Desk")
    made.add({"yes": 6, "no": 4}, "Ada", "solved", team="Desk")
    assert figure(made.report(), "Satisfied customers").value == pytest.approx(0.8)
    solved = made.report(replace(MARCH, options={"measure": "solved"}))
    assert figure(solved, "Matters solved").value == pytest.approx(0.6)
    score = made.report(replace(MARCH, options={"measure": "recommend"}))
    assert figure(score, "Net promoter score").value == pytest.approx(30)


def test_scores_are_drawn_together_too() -> None:
    made = Company(questions=(RECOMMEND,))
    for at, name in enumerate(TEN):
        answers = {"10": 40, "8": 15, "0": 5} if at else {"10": 10, "7": 10, "3": 40}
        made.add(answers, name, "recommend", team="Desk")
    report = made.report()
    first, *others = report.tables[0].rows
    assert (first[0], first[-1]) == ("Agent A", "outside the outer limits")
    assert isinstance(first[2], int)
    assert -50 <= first[2] < min(int(str(row[2])) for row in others)


def test_a_scale_that_runs_the_other_way_is_turned() -> None:
    made = Company(questions=(replace_direction(CSAT),))
    made.add({"1": 7, "2": 1, "5": 2}, "Ada", team="Desk")
    assert figure(made.report(), "Satisfied customers").value == pytest.approx(0.8)


def replace_direction(question: QuestionInfo) -> QuestionInfo:
    """Return a question on whose scale less is better."""
    return replace(question, direction="lower_is_better")


def test_without_a_question_it_says_what_is_missing() -> None:
    report = Company(questions=()).report()
    assert [(each.value, each.few) for each in report.figures] == [(None, "none")]
    assert "Publish one" in said(report)


def test_where_kinds_are_too_many_to_be_counted_fewer_are_told_apart() -> None:
    made = Company(most=40)
    for at in range(60):
        made.add({"5": 10}, "Ada", team="Desk", topic=f"topic {at % 6}", channel=f"channel {at}")
    made.add({"1": 20}, "Bob", team="Desk", topic="topic 1", channel="chat")
    assert "Adjusted for topic:" in said(made.report())


def test_a_way_to_split_is_answered_by_a_note() -> None:
    assert "not split further" in said(company().report(replace(MARCH, by="channel")))


def test_rare_kinds_of_matters_are_taken_together_and_counted() -> None:
    made = company()
    for at in range(5):
        made.add({"5": 2}, "Agent A", team="Desk", topic=f"rare {at}", channel="chat")
    assert "10 of 730 answers are about kinds of matters with fewer than 30 answers" in said(made.report())


def query_of(agent: str) -> Query:
    """Return what an agent asks."""
    return replace(MARCH, role="agent", agent=agent)


def test_an_agent_sees_the_own_estimate_and_the_team_and_nobody_else() -> None:
    report = company(odd=True).report(query_of("agent l"))
    assert report.title == "How did customers see my work?"
    mine, team, wrote = report.figures
    assert (mine.label, mine.n, mine.way, mine.unit) == ("My customers", 60, Way(), "share")
    assert mine.value is not None
    assert team.value == pytest.approx((11 * 48 + 15) / 720)
    assert team.value is not None
    assert mine.value < team.value
    assert (team.label, team.n, team.way) == ("My team", 720, None)
    assert (wrote.n, wrote.way) == (60, Way(values={"comment": "yes"}))
    assert (list(report.charts), list(report.tables)) == ([], [])
    assert "agent" not in str(report).replace("agents", "").replace("the agent and the team", "")


def test_an_agent_who_does_not_differ_is_told_so() -> None:
    mine, team, _ = company().report(query_of("agent a")).figures
    assert (mine.value, mine.note) == (None, "no difference from the team shown")
    assert team.value == pytest.approx(0.8)


def test_an_agent_with_few_answers_has_no_number() -> None:
    made = company()
    made.add({"5": 9}, "New", team="Desk")
    report = made.report(query_of("new"))
    assert (report.figures[0].value, report.figures[0].few, report.figures[0].n) == (None, "counts", 9)
    assert "no number yet" in said(report)


@pytest.mark.parametrize("third", [{}, {"5": 9}], ids=["two agents", "a third with a few answers"])
def test_the_number_of_a_team_that_gives_a_colleague_away_is_not_shown(third: dict[str, int]) -> None:
    made = Company()
    made.add(USUAL, "Ada", team="Desk")
    made.add(BAD, "Bob", team="Desk")
    made.add(third, "Cem", team="Desk")
    report = made.report(query_of("ada"))
    assert [each.label for each in report.figures] == ["My customers", "What my customers wrote"]
    assert "Your team is so small" in said(report)


@pytest.mark.parametrize(
    ("agent", "agents", "words"),
    [("agent a", False, "switched off"), ("", False, "switched off"), ("", True, "linked to no agent")],
)
def test_an_agent_sees_nothing_while_switched_off_or_unknown(agent: str, agents: bool, words: str) -> None:
    made = company(odd=True)
    report = made.report(query_of(agent), agents)
    assert words in said(report)
    assert [each.value for each in report.figures] == [None]
    assert made.asked_for == []


def test_an_agent_without_answers_is_told_so() -> None:
    report = company().report(query_of("somebody else"))
    assert [(each.value, each.n, each.few) for each in report.figures] == [(None, 0, "none"), (None, 0, "none")]


def test_a_role_that_is_not_known_sees_what_an_agent_sees() -> None:
    assert company(odd=True).report(replace(MARCH, role="guest")).title == "How did customers see my work?"
