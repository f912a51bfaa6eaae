"""The tables: causes by their weight, what they explain, and all else by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedbackhub import ReportTable
from feedbackhub.reporting import Words
from feedbackhub.statistics import Share, difference_of_shares, few

from .cells import Place
from .counting import Answers
from .explaining import Reason
from .naming import bad_answers, place_name, points
from .search import Search, Tested

__all__ = ["tables"]

Cell = str | int | float | None

#: Rows of the table of all that was compared.
MOST_ROWS = 200


def tables(t: Words, found: Search, now: Answers, then: Answers | None) -> list[ReportTable]:
    """Return the tables; the first is that of the causes, also when there are none.

    Args:
        t: The words.
        found: Where bad answers come from.
        now: The answers.
        then: Those of the period before, None when they are not to be compared.
    """
    earlier: dict[Place, Share] = {}
    for cells in then.crosses if then is not None else ():
        earlier |= cells.places()
    made = [causes_table(t, found, now.whole, earlier if then is not None else None)]
    if found.explained:
        made.append(explained_table(t, found.explained))
    if found.others:
        made.append(others_table(t, found.others))
    return made


def causes_table(t: Words, found: Search, whole: Share, earlier: Mapping[Place, Share] | None) -> ReportTable:
    """Return the causes, what weighs most first."""
    columns = [
        t("Where"), t("Fewer bad answers, were it like the rest"), t("From"), t("To"), t("Of all bad answers %"),
        t("Bad answers"), t("Answers"), t("Bad %"), t("Among the rest %"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            place_name(t, each.place), round(each.excess), *(round(end) for end in each.excess_interval),
            round(100 * each.excess / whole.part) if whole.part else None, *_counts(each),
        ]
        for each in found.causes
    ]  # fmt: skip
    if earlier is not None:
        columns.append(t("Against the days before"))
        for row, each in zip(rows, found.causes, strict=True):
            row.append(_trend(t, each.own, earlier.get(each.place, Share(0, 0)), 1 - 0.05 / len(found.causes)))
    note = "" if found.causes else t("No cause stands out.")
    return ReportTable(t("Causes"), columns, rows, note, [bad_answers(each.place) for each in found.causes])


def explained_table(t: Words, explained: Sequence[tuple[Tested, Reason]]) -> ReportTable:
    """Return what is worse than the rest because of a cause."""
    columns = (t("Where"), t("Bad answers"), t("Answers"), t("Bad %"), t("Among the rest %"), t("Why it is no cause"))
    rows: list[list[Cell]] = [[place_name(t, each.place), *_counts(each), _why(t, why)] for each, why in explained]
    ways = [bad_answers(each.place) for each, _ in explained]
    return ReportTable(t("Worse than the rest, but explained by a cause"), columns, rows, "", ways)


def others_table(t: Words, others: Sequence[Tested]) -> ReportTable:
    """Return what else was compared, by name."""
    columns = (
        t("Where"), t("Bad answers"), t("Answers"), t("Bad %"), t("Among the rest %"), t("Points more than the rest"),
        t("From"), t("To"), t("Against the rest"),
    )  # fmt: skip
    rows: list[list[Cell]] = [[place_name(t, each.place), *_counts(each), *_difference(t, each)] for each in others]
    more = len(others) - MOST_ROWS
    note = t("{n} more were compared and are not listed.", n=more) if more > 0 else ""
    ways = [bad_answers(each.place) for each in others]
    return ReportTable(t("What else was compared, by name"), columns, rows[:MOST_ROWS], note, ways[:MOST_ROWS])


def _counts(found: Tested) -> list[Cell]:
    own, rest = found.own.value or 0.0, found.rest.value or 0.0
    return [found.own.part, found.own.whole, points(own), points(rest)]


def _difference(t: Words, found: Tested) -> list[Cell]:
    own, rest = found.own.value or 0.0, found.rest.value or 0.0
    return [points(own - rest), *(points(end) for end in found.difference), _said(t, found)]


def _said(t: Words, found: Tested) -> str:
    """Say whether a place differs; more bad answers are said only when the exact test says so, too."""
    words = t("higher") if found.is_worse else t("lower") if found.difference.high < 0 else t("no difference shown")
    return " · ".join(filter(None, [words, t.few(few(found.own.whole))]))


def _trend(t: Words, now: Share, then: Share, level: float) -> str:
    how, difference = few(min(now.whole, then.whole)), difference_of_shares(now, then, level)
    if how == "none" or difference is None:
        return t("nothing to compare with")
    return t.few(how) if how == "counts" else t.moved(difference)


def _why(t: Words, reason: Reason) -> str:
    place = place_name(t, reason.by)
    if reason.kind == "part":
        return t("a part of {place}, no worse than the rest of it", place=place)
    if reason.kind == "same":
        return t("the same answers as {place}", place=place)
    return t("without {place} no difference is shown", place=place)
