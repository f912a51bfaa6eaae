"""The main numbers of the report on causes, and what its reader must know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from feedbackhub import Figure
from feedbackhub.reporting import ShareMeasure, Words, change, estimate
from feedbackhub.statistics import HIDDEN_BELOW, Share, few

from .counting import Answers
from .naming import bad_answers, place_name, widened
from .search import Search, Tested

__all__ = ["figures", "notes"]

#: So many causes have a figure of their own; the table has them all.
MOST_FIGURES = 3


def figures(t: Words, now: Answers, then: Answers | None, found: Search) -> list[Figure]:
    """Return the share of bad answers, its change, and what the first causes would save.

    Args:
        t: The words.
        now: The answers.
        then: Those of the period before, None when they are not to be compared.
        found: Where bad answers come from.
    """
    bad = ShareMeasure(t("Bad answers"), t("Bad %"), good=frozenset({"bad"}), among=frozenset({"bad", "other"}))
    made = [estimate(t, bad, _values(now.whole), bad_answers())]
    if then is not None:
        made.append(change(t, bad, _values(now.whole), _values(then.whole), way=bad_answers()))
    return made + [_saved(t, cause, found.level) for cause in found.causes[:MOST_FIGURES]]


def _values(share: Share) -> Counter[str]:
    return Counter({"bad": share.part, "other": share.whole - share.part})


def _saved(t: Words, cause: Tested, level: float) -> Figure:
    """Return how many bad answers fewer there would be, were a place as good as the rest."""
    label = t("Fewer bad answers, were {place} like the rest", place=place_name(t, cause.place))
    value, low, high = (float(round(each)) for each in (cause.excess, *cause.excess_interval))
    how = few(cause.own.whole)
    words = t("{bad} of {n} are bad", bad=cause.own.part, n=cause.own.whole)
    words = " · ".join(filter(None, [words, t.few(how)]))
    way = bad_answers(cause.place)
    return Figure(label, value, low, high, cause.own.whole, "", level, words, how, way)


def notes(t: Words, now: Answers, found: Search) -> Iterator[str]:
    """Yield what the reader must know to read the numbers rightly."""
    if not found.tested:
        yield t("Nothing can be compared: no topic, product, team or other group has {n} answers.", n=HIDDEN_BELOW)
    elif not found.causes:
        yield t(
            "No cause stands out: of {n} places that were compared none gives more bad answers than the rest beyond "
            "what chance does.", n=found.tested,
        )  # fmt: skip
    else:
        yield t(
            "This is association, not proof: it says where to look. Read the answers behind a row before you act."
        )
    yield t(
        "An answer is bad as its survey marks it: 0 to 6 where a recommendation is asked for, below the middle of the "
        "scale elsewhere."
    )
    if found.tested:
        yield t(
            "{n} places were compared, so each must pass a stricter test: chance alone names a cause where there is "
            "none in fewer than 1 of 100 reports.", n=found.tested,
        )  # fmt: skip
        yield widened(t, found.level)
    if len(found.causes) > 1:
        yield t("An answer may belong to several causes, so their numbers do not add up.")
    yield t("A team stands for how its work is organised, not for its people.")
    if found.small:
        yield t("{n} places have too few answers, or say the same as another, and were not compared.", n=found.small)
    if now.unrated:
        yield t("{n} answers came without a rating and are not counted.", n=now.unrated)
    if len(now.crosses) > 1:
        yield t(
            "With so many answers, what customers are (segment, country, language, brand) was not held against what "
            "they came with; choose fewer days for that."
        )
