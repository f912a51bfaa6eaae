"""The main numbers: rates first, then the number as answered and weighted, and what the weights cost."""

from __future__ import annotations

from collections.abc import Iterator

from feedbackhub import Figure, Way
from feedbackhub.reporting import Words, joined
from feedbackhub.statistics import Share, difference_of_shares, few, r_indicator, wilson

from .measured import MEASURES
from .methods import CELLS
from .seen import Seen
from .weighted_shown import effective, estimate_figure

__all__ = ["figures"]


def figures(t: Words, seen: Seen) -> Iterator[Figure]:
    """Yield the main numbers."""
    yield _rate(t, seen.whole, seen.period.way())
    if seen.then is not None:
        yield _change(t, seen.whole, seen.then)
    for each in seen.ways[:2]:
        label = f"{t(MEASURES[seen.of.name])}: {t(each.name).lower()}"
        yield estimate_figure(t, seen.of, each, label, seen.period.way(question=seen.of.questions))
    weighted = next((each for each in seen.ways if each.name == CELLS), None)
    if weighted is not None and weighted.mean is not None and weighted.few not in ("none", "counts"):
        said = t("what the {n} weighted answers are worth", n=weighted.mean.n)
        yield Figure(t("Effective answers"), effective(weighted.mean), note=said, few=weighted.few)
    strata = [each for each in seen.cells.strata if each.asked]
    indicator = r_indicator((min(each.n / each.asked, 1.0), each.asked) for each in strata)
    if indicator is not None and len(strata) > 1 and not few(seen.answers):
        yield Figure(t("R-indicator"), round(indicator, 3), note=t("1 would be: all strata answer alike"))


def _rate(t: Words, asked: Share, way: Way) -> Figure:
    label, how, interval = t("Response rate"), few(asked.whole), wilson(asked)
    said = t("{part} of {whole} asked", part=asked.part, whole=asked.whole) if asked.whole else t("nobody was asked")
    if how in ("none", "counts") or interval is None:
        return Figure(label, None, unit="share", note=said, few=how)
    return Figure(label, asked.value, *interval, None, "share", note=joined(said, t.few(how)), few=how, way=way)


def _change(t: Words, now: Share, then: Share) -> Figure:
    label, how = t("Change from the days before"), few(min(now.whole, then.whole))
    difference = difference_of_shares(now, then)
    past = t("{part} of {whole} before", part=then.part, whole=then.whole) if then.whole else ""
    if how in ("none", "counts") or difference is None or now.value is None or then.value is None:
        words = t("nothing to compare with") if how == "none" else t.few(how)
        return Figure(label, None, unit="share", note=joined(words, past), few=how, change=True)
    words = joined(t.moved(difference), t.few(how), past)
    return Figure(label, now.value - then.value, *difference, None, "share", note=words, few=how, change=True)
