"""Some ways of a network to go wrong; `python -m bench.soak proxy` goes through all."""

import pytest

from bench.soak.fault_proxy import Mode
from bench.soak.proxy import endure
from bench.soak.verdict import broken


@pytest.mark.parametrize(
    ("place", "modes"), [("postgres", (Mode("rst"), Mode("blackhole"))), ("smtp", (Mode("refuse"),))]
)
def test_an_instance_is_well_again_when_its_network_is(place: str, modes: tuple[Mode, ...]) -> None:
    found = endure(place, modes, seconds=1.5, callers=2)
    assert broken(found.problems) == [], "\n".join([found.told(), *(each.told() for each in found.weather)])
