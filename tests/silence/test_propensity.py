"""The model of who answers: the reference vector, and what holds of its weights."""

from random import Random
from statistics import fmean, stdev

import pytest

from feedbackhub.statistics import Stratum, collapse_values, poststratify, r_indicator, weighted_mean
from feedbackhub_plugins.silence.propensity import ModelFailed, design_of, inverse_probability, propensity
from tests.statistics.vectors import Vector, one


@pytest.fixture(scope="module")
def vector() -> Vector:
    """500 invited, 164 answered; the chance to answer depends on channel and tenure."""
    return one("weight_ipw_response_propensity")


def strata_of(vector: Vector) -> list[Stratum]:
    """Return those invited by channel and tenure."""
    names = ("channel", "tenure", "invited", "detractors", "passives", "promoters")
    rows = zip(*(vector.inputs[name] for name in names), strict=True)
    return [
        Stratum((str(channel), str(tenure)), invited, {-1.0: down, 0.0: passive, 1.0: up})
        for channel, tenure, invited, down, passive, up in rows
    ]


def test_the_chances_and_the_score_are_those_of_r(vector: Vector) -> None:
    held = strata_of(vector)
    design = [[1.0, float(channel), float(tenure)] for channel, tenure in (each.key for each in held)]
    model = propensity(design, vector.inputs["invited"], vector.inputs["responded"])
    for name, found in (
        ("coef", model.coefficients), ("coef_se", model.errors), ("propensity", model.chances),
    ):  # fmt: skip
        assert found == pytest.approx(vector.expected[name], abs=vector.tolerance)
    mean, weights = inverse_probability(held, design)
    numbers = {
        "nps_ipw": mean.value, "kish_n_eff": mean.effective,
        "r_indicator": r_indicator(zip(model.chances, vector.inputs["invited"], strict=True)),
        "response_rate": mean.n / sum(vector.inputs["invited"]),
    }  # fmt: skip
    assert vector.disagreements(numbers) == {}
    assert weights == pytest.approx([1 / chance for chance in model.chances])


def test_a_model_that_knows_every_stratum_weights_by_strata(vector: Vector) -> None:
    held = strata_of(vector)
    saturated = [[float(row == column) for column in range(6)] for row in range(6)]
    mean, weights = inverse_probability(held, saturated)
    plain = weighted_mean(held, poststratify(held), [[each.key for each in held]])
    assert weights == pytest.approx(poststratify(held), rel=1e-6)
    assert mean.value == pytest.approx(plain.value)
    assert mean.error == pytest.approx(plain.error, rel=0.01)


def test_the_error_is_how_much_the_score_varies_from_sample_to_sample(vector: Vector) -> None:
    """Drawn anew 300 times from the fitted model: an independent computation of the error."""
    held, chance = strata_of(vector), Random(7)
    design = design_of(held)
    mean, weights = inverse_probability(held, design)
    drawn = []
    for _ in range(300):
        again = []
        for each, weight in zip(held, weights, strict=True):
            n = sum(chance.random() < 1 / weight for _ in range(int(each.asked)))
            values = chance.choices(list(each.answers), list(each.answers.values()), k=n)
            again.append(Stratum(each.key, each.asked, {value: values.count(value) for value in each.answers}))
        drawn.append(inverse_probability(again, design)[0].value)
    assert mean.error is not None
    assert stdev(drawn) == pytest.approx(mean.error, rel=0.12)
    assert fmean(drawn) == pytest.approx(mean.value, abs=0.02)


def test_everybody_answering_somewhere_is_a_weight_of_one() -> None:
    held = [Stratum(("a",), 40, {0.0: 10, 1.0: 30}), Stratum(("b",), 40, {0.0: 10, 1.0: 10})]
    mean, weights = inverse_probability(held, design_of(held))
    assert weights == pytest.approx([1, 2], abs=1e-3)
    assert mean.value == pytest.approx(0.625, abs=1e-3)


def test_columns_that_overlap_fit_no_model() -> None:
    held = [Stratum(("a", "x"), 40, {1.0: 30}), Stratum(("b", "y"), 40, {1.0: 10})]
    with pytest.raises(ModelFailed, match="overlaps"):
        inverse_probability(held, design_of(held))
    assert collapse_values(held, 100).strata[0].n == 40
