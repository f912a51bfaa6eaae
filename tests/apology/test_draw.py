"""Which arm somebody falls into: the vectors, the balance of weights and blocks, and that nothing gives it away."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub.statistics import sample_ratio
from feedbackhub_plugins.apology.draw import arm_at, block_order, hashed_position, keyed_position

VECTORS = {
    each["name"]: each
    for each in json.loads((Path(__file__).parents[1] / "statistics/science_vectors.json").read_text())["vectors"]
}
WEIGHTS = st.lists(st.integers(1, 20), min_size=2, max_size=6)


def test_positions_by_plain_hash_are_those_of_the_vector() -> None:
    given_, expected = vector("assign_sha256")
    found = [hashed_position(given_["salt"], given_["experiment"], each) for each in given_["customer_ids"]]
    assert found == pytest.approx(expected["u"], abs=1e-15)
    assert [given_["arms"][arm_at(each, given_["weights"])] for each in found] == expected["arm"]


def test_positions_by_keyed_hash_are_those_of_the_vector() -> None:
    given_, expected = vector("assign_hmac_sha256")
    key = given_["key"].encode()
    found = [keyed_position(key, given_["experiment"], each) for each in given_["customer_ids"]]
    assert found == pytest.approx(expected["u"], abs=1e-15)


def vector(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the inputs and the expected values of a vector."""
    return VECTORS[name]["inputs"], VECTORS[name]["expected"]


@given(WEIGHTS, st.floats(0, 1))
def test_every_position_has_an_arm_in_the_order_of_the_weights(weights: list[int], position: float) -> None:
    arm = arm_at(position, weights)
    before = sum(weights[:arm]) / sum(weights)
    assert before <= position + 1e-12
    assert position <= before + weights[arm] / sum(weights) + 1e-12


@given(WEIGHTS, st.binary(min_size=1, max_size=40), st.text(max_size=20), st.integers(0, 500))
def test_a_block_holds_each_arm_as_often_as_its_weight_says_or_twice(
    weights: list[int], key: bytes, stratum: str, block: int
) -> None:
    order = block_order(key, "e", stratum, block, weights)
    counts = Counter(order)
    times = len(order) // sum(weights)
    assert times in (1, 2)
    assert [counts[arm] for arm in range(len(weights))] == [weight * times for weight in weights]
    assert block_order(key, "e", stratum, block, weights) == order


def test_a_position_on_the_border_belongs_to_the_arm_behind_it() -> None:
    assert [arm_at(position, (1, 1)) for position in (0.0, 0.5, 1.0)] == [0, 1, 1]


def test_short_blocks_vary_in_length_and_long_ones_do_not() -> None:
    for weights, lengths in (((1, 1), {2, 4}), ((6, 6), {12, 24}), ((7, 6), {13})):
        assert {len(block_order(b"key", "e", "", block, weights)) for block in range(40)} == lengths


@given(st.integers(1, 400))
def test_equal_arms_are_never_further_apart_than_half_the_longest_block(n: int) -> None:
    handed: list[int] = []
    block = 0
    while len(handed) < n:
        handed += block_order(b"key", "e", "", block, (1, 1))
        block += 1
    counts = Counter(handed[:n])
    assert abs(counts[0] - counts[1]) <= 2


def test_first_arms_of_blocks_are_spread_like_their_weights() -> None:
    weights = (2, 1, 1)
    first = Counter(block_order(b"key", "e", "s", block, weights)[0] for block in range(4000))
    found = sample_ratio([first[arm] for arm in range(3)], weights)
    assert found is not None
    assert found.p > 0.01


def test_another_key_experiment_or_stratum_draws_otherwise() -> None:
    def drawn(key: bytes, experiment: str, stratum: str) -> list[tuple[int, ...]]:
        return [block_order(key, experiment, stratum, block, (1, 1)) for block in range(60)]

    ways = [drawn(b"key", "e", "s"), drawn(b"other", "e", "s"), drawn(b"key", "f", "s"), drawn(b"key", "e", "t")]
    assert len({tuple(each) for each in ways}) == 4
    assert keyed_position(b"key", "e", "c") != keyed_position(b"key", "f", "c")
