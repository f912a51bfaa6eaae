"""Each bad plugin alone among good ones, at every position, on both databases; run by ``make soak``."""

import pytest

from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.settings import Settings
from tests.plugins.bad import AT_START, DELIVERING, channel
from tests.plugins.test_bad_plugins import opened, the_loop_goes_round

GOOD = """
from feedbackhub import About, Channel, Receipt, hookimpl

class Good(Channel):
    name = "{name}"
    reaches = ("{name}",)

    def deliver(self, message):
        return Receipt()

@hookimpl
def feedbackhub_channels(hub):
    return [Good()]
"""
NEIGHBOURS = ("b-good", "n-good", "y-good")
#: Before all others, between them, and after them.
POSITIONS = ("a", "m", "z")


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("case", [*AT_START, *(f"delivering {case}" for case in DELIVERING)])
def test_a_bad_plugin_harms_nobody_wherever_it_stands(
    case: str, position: str, settings: Settings, clock: SetClock
) -> None:
    kind, _, which = case.partition(" ")
    text = channel("bad", DELIVERING[which]) if kind == "delivering" else AT_START[case][0]
    name = f"{position}-bad"
    files = {name: text, **{each: GOOD.format(name=each) for each in NEIGHBOURS}}
    changes = {"plugins": {name: {"words": "many"}}} if case == "wrong setting" else {}
    with opened(settings, clock, files=files, **changes) as (core, outbox):
        good = [core.plugins.state(each) for each in ("asking", "link", *NEIGHBOURS)]
        assert [each and each.state for each in good] == ["active"] * 5
        state = core.plugins.state(name)
        assert state is not None
        assert state.state == ("active" if kind == "delivering" else "failed"), state
        the_loop_goes_round(core, outbox)
