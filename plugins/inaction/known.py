"""What the model is fed with: what was entered, else what was measured, else the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from feedbackhub.reporting.assumptions import CURRENCY, Held, Range

from .assumptions import MONEY, NEEDED
from .measured import Measured

__all__ = ["Known", "Origin", "known"]

Origin = Literal["entered", "measured", "default"]


@dataclass(frozen=True, slots=True)
class Known:
    """The inputs of one report.

    Args:
        held: What holds for each input on the page of assumptions.
        ranges: What the model takes, by name; what nobody knows is left out.
        origins: Where each comes from.
        measured: What was counted.
        days: In how many days.
    """

    held: Mapping[str, Held]
    ranges: Mapping[str, Range]
    origins: Mapping[str, Origin]
    measured: Measured
    days: int

    @property
    def currency(self) -> str:
        """The currency, empty while it or the margin is not entered: then nothing is said in money."""
        return self.held[CURRENCY].word if "margin" in self.ranges else ""

    @property
    def missing(self) -> list[str]:
        """Inputs without which there is no cost."""
        return [name for name in NEEDED if name not in self.ranges]

    def of_group(self, measured: Measured) -> dict[str, Range]:
        """Return the inputs for one group: its own contacts and answers, and everything else as for all.

        Args:
            measured: What was counted of the group.
        """
        own = measured.ranges(self.days)
        return {**self.ranges, **{name: own[name] for name in own if name == "contacts" or self._measures(name)}}

    def _measures(self, name: str) -> bool:
        return self.origins.get(name) != "entered"


def known(held: Mapping[str, Held], measured: Measured, days: int) -> Known:
    """Return the inputs of a report.

    Args:
        held: What holds on the page of assumptions.
        measured: What was counted.
        days: In how many days.
    """
    counted = measured.ranges(days)
    ranges: dict[str, Range] = {}
    origins: dict[str, Origin] = {}
    for name, each in held.items():
        found, origin = _one(each, counted.get(name))
        if found is not None:
            ranges[name], origins[name] = found, origin
    if not held[CURRENCY].word or "margin" not in ranges:
        for name in MONEY:  # without a margin the cost would look complete and not be
            ranges.pop(name, None)
    return Known(held, ranges, origins, measured, days)


def _one(held: Held, counted: Range | None) -> tuple[Range | None, Origin]:
    if held.entry is not None and held.entry.likely is not None:
        return held.range, "entered"
    if counted is not None:
        return counted, "measured"
    return held.about.default, "default"
