"""The reference's numbers once more, end to end: answers posted over the API, the report's JSON read over it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from feedbackhub.loop.opening import open_core
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Reports, Settings
from tests.app_fixtures import START
from tests.reports.end_to_end import Company, asking_everything, each
from tests.statistics.vectors import one

BEFORE = f"since={START.date()}&until={START.date() + timedelta(days=9)}"
NOW = f"since={START.date() + timedelta(days=10)}&until={START.date() + timedelta(days=19)}"
#: Scores that stand for detractors, passives and promoters.
BANDS = (3, 7, 10)


def votes(*counts: int) -> list[int]:
    """Return scores of so many detractors, passives and promoters."""
    return each(dict(zip(BANDS, counts, strict=True)))


def stars(part: int, whole: int) -> list[int]:
    """Return ratings from 1 to 5, so many of them in the top two."""
    return each({4: part, 2: whole - part})


def scale(name: str) -> list[int]:
    """Return the answers of a vector that names how often each was given."""
    inputs = one(name).inputs
    return each(dict(zip(inputs["scores"], inputs["counts"], strict=True)))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, filled: Callable[[str], None]) -> Iterator[Company]:
    """A company with a team for each sample; `main` has answered before as well."""
    folder = tmp_path_factory.mktemp("company")
    filled(f"sqlite:///{folder / 'feedbackhub.db'}")
    write_key(folder / KEY_FILE)
    settings = asking_everything(Settings(data_dir=folder, reports=Reports(memory_mb=1024)))
    clock = SetClock(START)
    core = open_core(settings, clock)
    made = Company(core, clock)
    made.answer("main", {"recommend": votes(20, 30, 50)})
    clock.move(timedelta(days=10))
    made.answer("main", {
        "recommend": votes(10, 30, 60), "happy": scale("csat_mean_1to5"), "ease": scale("ces_1to7"),
        "felt": stars(80, 100),
    })  # fmt: skip
    made.answer("best", {"recommend": votes(0, 0, 20), "happy": stars(20, 20)})
    made.answer("worst", {"recommend": votes(20, 0, 0), "happy": stars(0, 20)})
    made.answer("torn", {"recommend": votes(10, 0, 10)})
    made.answer("small", {"recommend": votes(2, 3, 5)})
    made.answer("bands", {"recommend": list(range(11))})
    made.answer("single", {"recommend": votes(0, 0, 1), "happy": [5]})
    yield made
    core.close()


def figures(of: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return figures by label."""
    return {each["label"]: each for each in of["figures"]}


def table(of: dict[str, Any], title: str) -> dict[str, Any]:
    """Return a table by its title."""
    (found,) = (each for each in of["tables"] if each["title"] == title)
    return dict(found)


@pytest.mark.parametrize(
    ("name", "team"),
    [
        ("nps_10_30_60", "main"), ("nps_0_0_20", "best"), ("nps_20_0_0", "worst"), ("nps_10_0_10", "torn"),
        ("nps_2_3_5", "small"),
    ],
)  # fmt: skip
def test_a_score_with_its_interval(company: Company, name: str, team: str) -> None:
    vector, found = one(name), figures(company.report("nps", f"{NOW}&team={team}"))["Net promoter score"]
    numbers = {
        "n": found["n"], "nps_100": found["value"], "nps": found["value"] / 100,
        "score_low": found["low"] / 100, "score_high": found["high"] / 100,
    }  # fmt: skip
    assert vector.disagreements(numbers) == {}


def test_a_difference_of_scores(company: Company) -> None:
    vector = one("nps_diff_period")
    change = figures(company.report("nps", f"{NOW}&team=main"))["Change from the days before"]
    numbers = {"diff": change["value"] / 100, "mover_low": change["low"] / 100, "mover_high": change["high"] / 100}
    assert vector.disagreements(numbers) == {}
    assert change["note"] == "no difference shown · 100 answers before"


def test_whether_the_mix_moved(company: Company) -> None:
    mix = table(company.report("nps", f"{NOW}&team=main"), "Mix of answers")
    assert mix["rows"] == [["Promoters", 60, 60, 50, 50], ["Passives", 30, 30, 30, 30], ["Detractors", 10, 10, 20, 20]]
    p = one("nps_distribution_test").expected["p"]
    assert mix["note"] == f"The mix shows no difference from the days before (chi-square, p = {p:.3f})."


def test_how_many_answers_are_needed(company: Company) -> None:
    expected = one("nps_sample_size").expected
    needed = table(company.report("nps", f"{BEFORE}&team=main&compare=no"), "How many answers are needed?")
    margin, _, change = needed["rows"]
    assert margin[0] == "To know the score to ± 5 points"
    assert margin[1:] == [expected["n_infinite"], expected["n_worst"]]
    assert (change[0], change[1]) == ("To show a change by 10 points: answers in each period", expected["n_per_group"])


def test_a_score_is_detractor_passive_or_promoter(company: Company) -> None:
    expected, found = one("edge_score_bands").expected, company.report("nps", f"{NOW}&team=bands")
    assert figures(found)["Net promoter score"]["value"] == pytest.approx(100 * expected["nps"], abs=1e-10)
    kinds = {"D": "Detractors", "P": "Passives", "R": "Promoters"}
    bars = [row[1:] for row in found["charts"][0]["table"]["rows"]]
    assert bars == [[1, kinds[each]] for each in expected["classes"]]


def test_without_answers_there_is_no_data(company: Company) -> None:
    assert one("edge_n0").expected["nps"] is one("nps_0_0_0").expected["nps"] is None
    found = company.report("nps", f"{NOW}&team=nobody")
    top = figures(found)["Net promoter score"]
    assert (top["value"], top["low"], top["high"], top["n"], top["few"]) == (None, None, None, 0, "none")
    assert found["charts"] == []


def test_of_a_single_answer_only_the_count_is_shown(company: Company) -> None:
    """The vectors nps_0_0_1 and csat_top2_1_of_1 are right, and say nothing about customers."""
    score = figures(company.report("nps", f"{NOW}&team=single"))["Net promoter score"]
    share = figures(company.report("satisfaction", f"{NOW}&team=single"))["Satisfied (4–5)"]
    assert [(each["n"], each["value"], each["few"]) for each in (score, share)] == [(1, None, "counts")] * 2


@pytest.mark.parametrize(
    ("name", "team", "measure", "label"),
    [
        ("csat_top2_80_of_100", "main", "empathy", "Felt understood (4–5)"),
        ("csat_top2_0_of_20", "worst", "csat", "Satisfied (4–5)"),
        ("csat_top2_20_of_20", "best", "csat", "Satisfied (4–5)"),
    ],
)
def test_a_share_with_its_interval(company: Company, name: str, team: str, measure: str, label: str) -> None:
    found = figures(company.report("satisfaction", f"{NOW}&team={team}&options=measure%3D{measure}"))[label]
    assert found["n"] == one(name).inputs["n"]
    numbers = {"p": found["value"], "wilson_low": found["low"], "wilson_high": found["high"]}
    assert one(name).disagreements(numbers) == {}


def test_the_mean_of_satisfaction(company: Company) -> None:
    found = figures(company.report("satisfaction", f"{NOW}&team=main"))
    mean, share = found["Mean (1–5)"], found["Satisfied (4–5)"]
    numbers = {
        "n": mean["n"], "mean": mean["value"], "t_low": mean["low"], "t_high": mean["high"], "top2": share["value"],
    }  # fmt: skip
    assert one("csat_mean_1to5").disagreements(numbers) == {}


def test_the_mean_of_effort_and_the_share_that_found_it_easy(company: Company) -> None:
    found = figures(company.report("satisfaction", f"{NOW}&team=main&options=measure%3Deffort"))
    mean, share = found["Mean (1–7)"], found["Found it easy (5–7)"]
    numbers = {
        "n": mean["n"], "mean": mean["value"], "t_low": mean["low"], "t_high": mean["high"], "agree": share["value"],
        "wilson_low": share["low"], "wilson_high": share["high"],
    }  # fmt: skip
    assert one("ces_1to7").disagreements(numbers) == {}
