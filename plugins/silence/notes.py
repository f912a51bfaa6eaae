"""What the reader must know: how little is certain, what was left out, and what was put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedbackhub import Query
from feedbackhub.reporting import Words
from feedbackhub.statistics import few, weighting_gap

from .chosen import LEAST
from .methods import CELLS
from .rates_shown import DIMENSION_NAMES
from .seen import Seen
from .weighted_shown import bounds, stratum_name

__all__ = ["notes"]

#: So many names are told; more help nobody.
MOST = 8


def notes(t: Words, query: Query, seen: Seen, wanted: Sequence[str]) -> Iterator[str]:
    """Yield what the reader must know.

    Args:
        t: The words.
        query: What was asked for.
        seen: What was read.
        wanted: The dimensions that the reader chose, none when the report did.
    """
    yield from _of_certainty(t, seen)
    yield from _of_time(t, seen, query.basis)
    yield from _of_strata(t, seen, wanted)
    if seen.strata.strays:
        yield t(
            "{n} answers came without an ask that was sent, as through an open link; they stand for nobody who kept "
            "silent and are left out.",
            n=seen.strata.strays,
        )  # fmt: skip
    surveys = [each.survey for each in seen.of.asked]
    if len(surveys) > 1:
        yield t("Answers of several surveys are counted together: {names}.", names=", ".join(surveys))


def _of_certainty(t: Words, seen: Seen) -> Iterator[str]:
    if not seen.ways:
        if seen.whole.whole:
            yield t("Nobody answered, so there is nothing to weight.")
        else:
            yield t(
                "Nobody was asked about contacts of these days, so nobody kept silent. Imported answers and those "
                "through open links come without an ask."
            )
        return
    raw, asked = seen.ways[0], sum(each.asked for each in seen.strata.strata)
    if few(seen.answers) == "counts":
        yield t("Fewer than 10 answers say nothing about all customers, so only counts are shown.")
        return
    found = bounds(seen.of, raw, asked)
    if found is not None:
        yield t(
            "Whatever those who kept silent think, the number over all {asked} asked lies between {low} and {high}. "
            "Only this is certain; everything narrower supposes that they are like those who answered.",
            asked=round(asked), low=_shown(t, seen, found[0]), high=_shown(t, seen, found[1]),
        )  # fmt: skip
    weighted = next((each for each in seen.ways if each.name == CELLS), None)
    if weighted is None or weighted.mean is None or raw.mean is None or weighted.few in ("none", "counts"):
        return
    yield _of_gap(t, seen, round(100 * (weighted.mean.value - raw.mean.value), 1))
    yield t(
        "Weights correct only for what is known of customers: who keeps silent for another reason, such as being "
        "displeased, is not made up for."
    )


def _of_gap(t: Words, seen: Seen, gap: float) -> str:
    """Say by how much the strata move the number, and whether that is more than chance."""
    found = weighting_gap(seen.cells.strata)
    if found is None:
        shown = t.number(gap, "+.1f")
        return t("Had all strata answered equally often, the number would differ by {gap} points.", gap=shown)
    low, high = (t.number(end, "+.1f") for end in found[1].times(100))
    ends = {"gap": t.number(gap, "+.1f"), "low": low, "high": high}
    if found[1].excludes_zero:
        return t(
            "Had all strata answered equally often, the number would differ by {gap} points from that as answered "
            "(95 % interval: {low} to {high}).", **ends,
        )  # fmt: skip
    return t(
        "Had all strata answered equally often: no difference from the number as answered is shown ({gap} points, 95 % "
        "interval: {low} to {high}).", **ends,
    )  # fmt: skip


def _shown(t: Words, seen: Seen, value: float) -> str:
    shown = t.number(value, ".1f")
    return f"{shown} %" if seen.of.unit == "share" else shown


def _of_time(t: Words, seen: Seen, basis: str) -> Iterator[str]:
    if basis != "contact":
        yield t("Days are those of the contacts, for whoever keeps silent has no day of an answer.")
    period, hours = seen.period, round(seen.period.waited.total_seconds() / 3600)
    time = t("{n} days", n=round(hours / 24)) if hours > 47 else t("{n} hours", n=hours)
    if period.young == "cut":
        yield t(
            "Contacts since {day} are left out, with the answers to them: most answers take up to {time}, so "
            "who has not answered yet may still do.",
            day=period.until.date().isoformat(), time=time,
        )  # fmt: skip
    elif period.young == "all":
        yield t(
            "These contacts are so recent that answers still come: most take up to {time}. Rates are lower now "
            "than they will be.",
            time=time,
        )


def _of_strata(t: Words, seen: Seen, wanted: Sequence[str]) -> Iterator[str]:
    dimensions = seen.strata.dimensions
    if not seen.whole.whole:
        return
    if not dimensions:
        yield t(
            "Nothing known of customers has two values with enough answers each, so there are no strata to weight by."
        )
        return
    names = ", ".join(t(DIMENSION_NAMES[each]).lower() for each in dimensions)
    if not wanted:
        yield t(
            "The strata were chosen by the report: in these dimensions answering differs most, as far as the answers "
            "reach: {names}. You may name others.",
            names=names,
        )
    merged = [stratum_name(t, key) for keys in seen.cells.merged.values() for key in keys]
    if merged:
        told = "; ".join(merged[:MOST]) + ("; …" if len(merged) > MOST else "")
        yield t(
            "Strata with fewer than {least} answers were put together with others, {n} of them: {names}.",
            least=LEAST, n=len(merged), names=told,
        )  # fmt: skip
