"""The reference vectors once more through the whole report: from people asked and answering to figures and chart."""

from collections.abc import Sequence

import pytest

from feedbackhub import Report
from tests.silence.people import RECOMMEND, People
from tests.silence.test_counts import figure, report
from tests.statistics.vectors import one

#: Answers that stand for detractors, passives and promoters.
ANSWERS = ("3", "8", "10")


def asked(cells: Sequence[tuple[str, str, int, Sequence[int]]]) -> Report:
    """Return the report on people known by channel and segment, of whom so many were asked and answered."""
    people = People(RECOMMEND)
    for channel, segment, population, counts in cells:
        answers = dict(zip(ANSWERS, counts, strict=True))
        people.add(answers, population - sum(counts), "recommend", channel=channel, segment=segment)
    return report(people, strata="channel, segment")


def drawn(of: Report) -> dict[str, float]:
    """Return what the chart of the ways of counting is drawn from."""
    return {row["label"]: row["value"] for row in of.charts[-1].spec["data"]["values"]}


def test_cells_and_margins_of_channel_and_region() -> None:
    vector, raked = one("weight_poststratify"), one("weight_rake")
    names = [tuple(cell.split("/")) for cell in vector.inputs["cells"]]
    rows = zip(names, vector.inputs["population"], vector.inputs["respondent_counts"], strict=True)
    found = asked([(channel, region, population, counts) for (channel, region), population, counts in rows])
    label = "Net promoter score: weighted by strata"
    assert vector.disagreements({
        "nps": (figure(found, label).value or 0) / 100,
        "unweighted_nps": (figure(found, "Net promoter score: as answered").value or 0) / 100,
    }) == {}  # fmt: skip
    assert figure(found, "Effective answers").value == round(vector.expected["kish_n_eff"], 1)
    assert raked.disagreements({"nps": drawn(found)["Raked to each dimension"] / 100}) == {}
    weights = [row[4] for row in found.tables[-1].rows]
    assert sorted(weights) == pytest.approx(sorted(vector.expected["cell_weights"]), abs=0.01)  # type: ignore[type-var]


def test_classes_of_channel_and_tenure() -> None:
    vector = one("weight_ipw_response_propensity")
    names = ("channel", "tenure", "invited", "detractors", "passives", "promoters")
    rows = zip(*(vector.inputs[name] for name in names), strict=True)
    found = asked([(f"c{channel}", f"t{tenure}", n, counts) for channel, tenure, n, *counts in rows])
    assert vector.disagreements({
        "nps_class_adjusted": (figure(found, "Net promoter score: weighted by strata").value or 0) / 100,
        "nps_unweighted": (figure(found, "Net promoter score: as answered").value or 0) / 100,
        "response_rate": figure(found, "Response rate").value,
    }) == {}  # fmt: skip
    # The vector's model takes tenure for a number, the report each of its values for one of its own.
    assert drawn(found)["By the chance to answer"] / 100 == pytest.approx(vector.expected["nps_ipw"], abs=0.001)
