"""The picture: causes, and what else was compared, beside the line of no difference."""

from __future__ import annotations

from feedbackhub import Chart
from feedbackhub.charts import Spot, forest
from feedbackhub.reporting import Words

from .naming import place_name
from .search import Search, Tested

__all__ = ["charts"]

#: So many can be told apart in a picture; the tables have more.
MOST_DRAWN = 24


def charts(t: Words, found: Search) -> list[Chart]:
    """Return the forest of differences from the rest: the causes, then single places with most answers, by name.

    Args:
        t: The words.
        found: Where bad answers come from.
    """
    causes = list(found.causes)[:MOST_DRAWN]
    single = [each for each in found.others if len(each.place) == 1]
    most = sorted(single, key=lambda each: each.own.whole, reverse=True)[: MOST_DRAWN - len(causes)]
    others = [each for each in single if each in most]
    if not causes and not others:
        return []
    heads = (t("Where"), t("Points more than the rest"), t("From"), t("To"), t("Answers"))
    says = (t("shown to differ"), t("no difference shown"))
    spots = [_spot(t, each) for each in (*causes, *others)]
    return [forest(t("Bad answers: difference from the rest"), spots, heads, says, rtl=t.rtl)]


def _spot(t: Words, found: Tested) -> Spot:
    own, rest = found.own.value or 0.0, found.rest.value or 0.0
    low, high = found.difference.times(100)
    return Spot(place_name(t, found.place), 100 * (own - rest), low, high, found.own.whole)
