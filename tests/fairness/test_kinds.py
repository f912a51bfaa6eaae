"""Kinds of matters: as fine as answers allow, and never across teams."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from feedbackhub_plugins.fairness.lots import LEAST, Key, Lot, kinds_of, parts_of

KEYS = st.tuples(st.sampled_from("ab"), st.sampled_from("tuv"), st.sampled_from("xyz"))


@given(st.dictionaries(KEYS, st.integers(1, 60), max_size=14))
def test_every_matter_belongs_to_one_kind_that_is_large_enough_or_its_whole_team(counts: dict[Key, int]) -> None:
    found = kinds_of(counts)
    assert set(found) == set(counts)
    sizes = Counter[Key]()
    for key, kind in found.items():
        assert key[: len(kind)] == kind
        assert len(kind) >= 1
        sizes[kind] += counts[key]
    assert all(n >= LEAST for kind, n in sizes.items() if len(kind) > 1)
    assert all(found[key] == key for key, n in counts.items() if n >= LEAST)


def test_no_answer_is_lost_between_lots_and_parts() -> None:
    lots = [Lot("ann", "a", ("t",), 1, 40), Lot("ann", "b", ("t",), 0, 3), Lot("", "a", ("u",), 1, 2)]
    kinds = kinds_of({("a", "t"): 40, ("b", "t"): 3, ("a", "u"): 2})
    parts = {(part.group, part.kind): dict(part.counts) for part in parts_of(lots, kinds, "agent")}
    assert parts == {("ann", ("a", "t")): {1: 40}, ("ann", ("b",)): {0: 3}, ("", ("a",)): {1: 2}}
    teams = parts_of(lots, kinds_of({("", "t"): 43, ("", "u"): 2}), "team")
    assert {(part.group, part.kind): part.n for part in teams} == {
        ("a", ("", "t")): 40, ("b", ("", "t")): 3, ("a", ("",)): 2,
    }  # fmt: skip
