"""The report on repeated contacts: figures, picture, tables, and what its reader must know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from feedbackhub import Chart, Figure, ReportTable, Way
from feedbackhub.reporting import Words, share
from feedbackhub.statistics import Share, difference_of_clumped, few, wilson_of_clumped

from .cells import Cells
from .clumps import WHOLE, Clumps
from .naming import bad_answers, place_name, points, widened
from .pictures import forest_of
from .search import Search, Tested

__all__ = ["Contacts", "change_of", "charts", "contacted_again", "lost", "notes", "saved", "tables"]

Cell = str | int | float | None
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of a period, of which some were followed by another.

    Args:
        cells: How many were, by where they come from.
        clumps: How those of one customer belong together.
        young: How many are too recent to tell.
        unknown: How many have no known customer.
    """

    cells: Cells
    clumps: Clumps
    young: int
    unknown: int

    @property
    def whole(self) -> tuple[Share, float]:
        """All contacts together, and how many of them are worth one of a customer's own."""
        return self.cells.whole, self.clumps.effect(WHOLE, self.cells.whole)


def contacted_again(t: Words, here: Contacts, within: int) -> Figure:
    """Return the share of contacts after which the customer came back."""
    whole, effect = here.whole
    found = share(t, t("Contacted again within {n} days", n=within), whole, Way("report", "repeat-contacts"))
    interval = wilson_of_clumped(whole, effect)
    if found.value is not None and interval is not None:
        found = replace(found, low=interval.low, high=interval.high)
    return replace(found, counts=t("Contacts"))


def change_of(t: Words, here: Contacts, past_ones: Contacts) -> Figure:
    """Return the change of the share, and whether it shows a difference."""
    now, then = here.cells.whole, past_ones.cells.whole
    label, how, difference = t("Change from the days before"), few(min(now.whole, then.whole)), None
    past = t("{n} contacts before", n=then.whole) if then.whole else ""
    if how not in ("none", "counts"):
        difference = difference_of_clumped(here.whole, past_ones.whole)
    if difference is None:
        words = t("nothing to compare with") if how == "none" else t.few(how)
        note = " · ".join(filter(None, [words, past]))
        return Figure(label, None, unit="share", note=note, few=how, change=True)
    words = " · ".join(filter(None, [t.moved(difference), t.few(how), past]))
    value = now.part / now.whole - then.part / then.whole
    return Figure(label, value, *difference, unit="share", note=words, few=how, change=True)


def saved(t: Words, cause: Tested, level: float) -> Figure:
    """Return how many repeated contacts fewer there would be, were a place like the rest."""
    label = t("Fewer repeated contacts, were {place} like the rest", place=place_name(t, cause.place))
    words = t("{n} of them again", n=cause.own.part)
    how = few(cause.own.whole)
    note = " · ".join(filter(None, [words, t.few(how)]))
    value, low, high = (float(round(each)) for each in (cause.excess, *cause.excess_interval))
    n, way = cause.own.whole, overall_way(cause)
    return Figure(label, value, low, high, n, "", level, note, how, way, counts=t("Contacts"))


def charts(t: Words, found: Search) -> list[Chart]:
    """Return the forest of differences from the rest."""
    return forest_of(t, found, t("Contacted again: difference from the rest"), t("Contacts"))


def tables(t: Words, found: Search, whole: Share) -> list[ReportTable]:
    """Return what brings customers back, what weighs most first, and all else by name."""
    heads = (
        t("Where"), t("Contacted again"), t("Contacts"), t("Share %"), t("Among the rest %"),
        t("Points more than the rest"), t("From"), t("To"),
    )  # fmt: skip
    more = (t("Fewer repeats, were it like the rest"), t("Of all repeats %"))
    first = [
        [*_cells(t, each), round(each.excess), round(100 * each.excess / whole.part) if whole.part else None]
        for each in found.causes
    ]
    note = "" if found.causes else t("Nothing stands out.")
    ways = [overall_way(each) for each in found.causes]
    made = [ReportTable(t("What brings customers back"), (*heads, *more), first, note, ways)]
    rest = [*found.others, *(each for each, _ in found.explained)]
    rest = sorted(rest, key=lambda each: (len(each.place), each.place))[:MOST_ROWS]
    if rest:
        rows = [_cells(t, each) for each in rest]
        ways = [overall_way(each) for each in rest]
        made.append(ReportTable(t("What else was compared, by name"), heads, rows, "", ways))
    return made


def overall_way(found: Tested) -> Way | None:
    """Return the way to all that is known of repeated contacts of a place."""
    way = bad_answers(found.place)
    return way and Way("report", "repeat-contacts", dict(found.place))


def _cells(t: Words, found: Tested) -> list[Cell]:
    own, rest = found.own.part / found.own.whole, found.rest.part / found.rest.whole
    ends = [points(end) for end in found.difference]
    shares = [points(own), points(rest), points(own - rest)]
    return [place_name(t, found.place), found.own.part, found.own.whole, *shares, *ends]


def notes(t: Words, here: Contacts, found: Search, within: int) -> Iterator[str]:
    """Yield what the reader must know to read the numbers rightly."""
    if not found.causes and found.tested:
        yield t(
            "Nothing stands out: after none of {n} kinds of contacts that were compared do customers come back more "
            "often than after the rest, beyond what chance does.", n=found.tested,
        )  # fmt: skip
    if found.tested:
        yield widened(t, found.level)
    yield t(
        "Contacts of the same customer hang together, so in comparisons and intervals they count for less than those "
        "of as many different customers would; nothing is named of fewer than 10 customers."
    )
    if len(found.causes) > 1:
        yield t("A contact may belong to several causes, so their numbers do not add up.")
    yield t(
        "Counted from all contacts of known customers, whether they answer surveys or not: another contact of the same "
        "customer, about anything, that begins within {n} days after one has ended.", n=within,
    )  # fmt: skip
    yield t(
        "This is association, not proof. What customers often come back for may be explained, or put right, "
        "the first time."
    )
    yield t("Days are those on which contacts ended, and contacts count whatever survey they were asked with.")
    yield from lost(t, here)


def lost(t: Words, here: Contacts) -> Iterator[str]:
    """Say which contacts tell nothing."""
    if here.young:
        yield t("{n} contacts are too recent to tell, and are left out.", n=here.young)
    if here.unknown:
        yield t("{n} contacts have no known customer, and are left out.", n=here.unknown)
