"""The picture: causes, and what else was compared, beside the line of no difference."""

from __future__ import annotations

from feedbackhub import Chart
from feedbackhub.charts import Spot, forest
from feedbackhub.reporting import Words

from .naming import place_name
from .search import Search, Tested

__all__ = ["charts", "forest_of"]

#: So many can be told apart in a picture; the tables have more.
MOST_DRAWN = 24


def charts(t: Words, found: Search) -> list[Chart]:
    """Return the forest of differences from the rest.

    Args:
        t: The words.
        found: Where bad answers come from.
    """
    return forest_of(t, found, t("Bad answers: difference from the rest"), t("Answers"))


def forest_of(t: Words, found: Search, title: str, counted: str) -> list[Chart]:
    """Return a forest of the causes, then of single places with most cases, by name; none without any.

    Args:
        t: The words.
        found: What was found.
        title: What it shows.
        counted: What places have so many of, as a heading.
    """
    causes = list(found.causes)[:MOST_DRAWN]
    single = [each for each in found.others if len(each.place) == 1]
    most = sorted(single, key=lambda each: each.own.whole, reverse=True)[: MOST_DRAWN - len(causes)]
    drawn = [*causes, *(each for each in single if each in most)]
    if not drawn:
        return []
    heads = (t("Where"), t("Points more than the rest"), t("From"), t("To"), counted)
    says = (t("shown to differ"), t("no difference shown"))
    return [forest(title, [_spot(t, each) for each in drawn], heads, says, rtl=t.rtl)]


def _spot(t: Words, found: Tested) -> Spot:
    own, rest = found.own.value or 0.0, found.rest.value or 0.0
    low, high = found.difference.times(100)
    return Spot(place_name(t, found.place), 100 * (own - rest), low, high, found.own.whole)
