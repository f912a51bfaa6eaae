"""What changed, what shows no difference, and what is too small to tell: read off the figures of reports; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from feedbackhub import Figure, Report
from feedbackhub.statistics import Interval

from .collecting import Section

__all__ = ["Change", "Changes", "change_in", "changes_in", "interval_of"]


@dataclass(frozen=True, slots=True)
class Change:
    """A number that moved.

    Args:
        now: The number.
        by: How far it lies from the one before, without a sign.
        is_up: Which way.
        link: The report that it stands in.
    """

    now: Figure
    by: Figure
    is_up: bool
    link: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a digest says first.

    Args:
        moved: What changed: the interval of the difference leaves 0 out.
        same: Names of numbers whose difference may be chance.
        few: Names of numbers with too few answers to say.
    """

    moved: Sequence[Change] = field(default_factory=list)
    same: Sequence[str] = field(default_factory=list)
    few: Sequence[str] = field(default_factory=list)


def changes_in(found: Iterable[Section]) -> Changes:
    """Sort reports by what their change from the days before shows; those that tell none are left out."""
    moved: list[Change] = []
    same: list[str] = []
    few: list[str] = []
    for section in found:
        change = change_in(section.report) if section.report is not None else None
        if section.report is None or change is None:
            continue
        now, interval = section.report.figures[0], interval_of(change)
        if change.value is None or interval is None or change.few in ("none", "counts"):
            few.append(now.label)
        elif interval.excludes_zero:
            moved.append(Change(now, _unsigned(change), interval.low > 0, section.link))
        else:
            same.append(now.label)
    return Changes(moved, same, few)


def change_in(report: Report) -> Figure | None:
    """Return by how much a report's main number changed: its second figure, when that says of itself that it is so."""
    second = next(iter(report.figures[1:2]), None)
    return second if second is not None and second.change else None


def _unsigned(change: Figure) -> Figure:
    """Return a change that leaves 0 out as a distance."""
    value, interval = change.value, interval_of(change)
    if value is None or interval is None or interval.low > 0:
        return change
    return replace(change, value=-value, low=-interval.high, high=-interval.low)


def interval_of(figure: Figure) -> Interval | None:
    """Return a figure's interval, None where it has none."""
    return None if figure.low is None or figure.high is None else Interval(figure.low, figure.high)
