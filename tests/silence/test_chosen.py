"""Which dimensions the report weights by on its own: those in which answering differs by more than chance."""

import pytest
from scipy.stats import chi2_contingency

from feedbackhub.statistics import Share
from feedbackhub_plugins.silence.chosen import chosen
from feedbackhub_plugins.silence.rates import Rates


def rates(**answered: int) -> dict[str, Rates]:
    """Return two values of each dimension: 1,000 asked of either, so many of the first answered, of 1,000 in all."""
    return {
        name: Rates(name, {"one": Share(n, 1000), "other": Share(1000 - n, 1000)}) for name, n in answered.items()
    }  # fmt: skip


def test_the_chance_is_that_of_pearsons_test() -> None:
    (of,) = rates(channel=530).values()
    assert of.chance == pytest.approx(chi2_contingency([[530, 470], [470, 530]], correction=False).pvalue)


def test_several_are_taken_only_where_each_differs_by_more_than_chance_of_all() -> None:
    # 523 of 1,000 against 477: p is 0.040, more than 0.05 divided by three; 530 against 470: 0.0073.
    assert chosen(rates(team=523, topic=522, country=500), []) == ["team"]
    assert chosen(rates(team=530, topic=523, country=500), []) == ["team"]
    assert chosen(rates(team=530, topic=531, country=500), []) == ["topic", "team"]


def test_most_are_three_and_as_many_as_the_answers_fill() -> None:
    four = rates(team=540, topic=541, country=542, segment=543)
    assert chosen(four, []) == ["segment", "country", "topic"]
    assert chosen(four, ["segment"]) == ["country", "topic", "team"]
    few = {name: Rates(name, {"one": Share(50, 60), "other": Share(12, 60)}) for name in ("team", "topic")}
    assert chosen(few, []) == ["team"]  # four cells of 62 answers would hold fewer than 30 each
