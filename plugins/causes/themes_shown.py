"""The report on themes: how often each, how the customers who wrote of it had rated, and what they said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from feedbackhub import Chart, ReportTable, Way
from feedbackhub.charts import Spot, forest
from feedbackhub.reporting import Words
from feedbackhub.statistics import Share, difference_of_shares, few, wilson

from .naming import points
from .reading_comments import Understood, quotes_of, share_of

__all__ = ["answer_way", "chart_of", "languages_table", "quotes_table", "themes_table"]

Cell = str | int | float | None
#: Languages that have a column of their own.
MOST_LANGUAGES = 6
LONGEST_QUOTE = 280


def themes_table(t: Words, titles: Mapping[str, str], found: Sequence[Understood]) -> ReportTable:
    """Return the themes that occur, the most frequent first.

    Args:
        t: The words.
        titles: The names of the themes, by key.
        found: The comments.
    """
    counts = counted(found)
    level = 1 - 0.05 / max(1, len(counts))
    rows = [_row(t, titles[key], n, *_shares(found, key), level) for key, n in counts]
    columns = (
        t("Theme"), t("Comments"), t("Bad %"), t("From"), t("To"), t("Among the other comments %"),
        t("Against the others"),
    )  # fmt: skip
    note = t(
        "Bad is what the same customers had rated; nothing is guessed from their words. A comment may be about several "
        "themes."
    )
    ways = [Way("report", "themes", {"o-theme": key}) for key, _ in counts]
    return ReportTable(t("Themes"), columns, rows, note, ways)


def counted(found: Sequence[Understood]) -> list[tuple[str, int]]:
    """Return how many comments are about each theme, the most frequent first."""
    counts = Counter(key for each in found for key in each.themes)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _shares(found: Sequence[Understood], key: str) -> tuple[Share, Share]:
    own, rest = share_of(found, lambda each: key in each.themes), share_of(found, lambda each: key not in each.themes)
    return own, rest


def _row(t: Words, title: str, n: int, own: Share, rest: Share, level: float) -> list[Cell]:
    how, interval = few(own.whole), wilson(own)
    if how in ("none", "counts") or interval is None:
        return [title, n, None, None, None, None, t.few(how)]
    difference = difference_of_shares(own, rest, level) if few(rest.whole) not in ("none", "counts") else None
    said = t.moved(difference) if difference is not None else t("nothing to compare with")
    among = None if difference is None else points(rest.part / rest.whole)
    words = " · ".join(filter(None, [said, t.few(how)]))
    return [title, n, points(own.part / own.whole), points(interval.low), points(interval.high), among, words]


def chart_of(t: Words, titles: Mapping[str, str], found: Sequence[Understood]) -> Chart | None:
    """Draw how the customers who wrote of a theme had rated, against the other comments."""
    counts = counted(found)
    level, spots = 1 - 0.05 / max(1, len(counts)), []
    for key, _ in counts:
        own, rest = _shares(found, key)
        difference = difference_of_shares(own, rest, level)
        if min(own.whole, rest.whole) >= 10 and difference is not None:
            middle = own.part / own.whole - rest.part / rest.whole
            low, high = difference.times(100)
            spots.append(Spot(titles[key], 100 * middle, low, high, own.whole))
    if not spots:
        return None
    heads = (t("Theme"), t("Points more than the others"), t("From"), t("To"), t("Comments"))
    says = (t("shown to differ"), t("no difference shown"))
    return forest(t("Bad answers of those who wrote about a theme"), spots, heads, says, rtl=t.rtl)


def languages_table(t: Words, titles: Mapping[str, str], found: Sequence[Understood]) -> ReportTable:
    """Return how many comments of each language are about each theme."""
    languages = [name for name, _ in Counter(each.language for each in found).most_common(MOST_LANGUAGES)]
    by_language = Counter((each.language, key) for each in found for key in each.themes)
    all_ = Counter(each.language for each in found)
    none = Counter(each.language for each in found if not each.themes)
    rows: list[list[Cell]] = [
        [titles[key], *(by_language[name, key] for name in languages)] for key, _ in counted(found)
    ]
    rows += [
        [t("None of the themes"), *(none[name] for name in languages)],
        [t("All comments"), *(all_[name] for name in languages)],
    ]
    columns = (t("Theme"), *(name or t("unknown") for name in languages))
    return ReportTable(t("Comments by language"), columns, rows)


def quotes_table(
    t: Words, titles: Mapping[str, str], found: Sequence[Understood], theme: str, most: int
) -> ReportTable:
    """Return quotes: some for each theme, or many of one.

    Args:
        t: The words.
        titles: The names of the themes, by key.
        found: The comments.
        theme: Key of the one theme to be quoted, empty for all.
        most: How many quotes of each theme.
    """
    rows: list[list[Cell]] = []
    ways: list[Way | None] = []
    for key in [theme] if theme else [key for key, _ in counted(found)]:
        for each in quotes_of([one for one in found if key in one.themes], most):
            rows.append([titles[key], quoted(each), each.comment.rating, each.language or t("unknown")])
            ways.append(answer_way(each))
    columns = (t("Theme"), t("Quote"), t("Rating"), t("Language"))
    return ReportTable(t("Quotes"), columns, rows, "", ways)


def quoted(found: Understood) -> str:
    """Return a comment's words on one line, cut where they are many."""
    text = " ".join(found.comment.text.split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + "…"


def answer_way(found: Understood) -> Way:
    """Return the way to the answer that a comment belongs to."""
    return Way("answer", found.comment.id)


def theme_notes(t: Words, found: Sequence[Understood], total: int) -> Iterator[str]:
    """Yield what the reader must know to read the numbers rightly."""
    if total > len(found):
        yield t("There are {total} comments; the newest {n} were read.", total=total, n=len(found))
    unrated = sum(each.comment.low is None for each in found)
    if unrated:
        yield t("{n} comments came without a rating: they are counted, but say nothing of good or bad.", n=unrated)
    if len(counted(found)) > 1:
        yield t(
            "A theme is called higher or lower, and the chart draws its difference, so that chance alone would do so "
            "to any of them in fewer than 5 of 100 reports."
        )
    yield t(
        "Themes are found by words, which staff can change under Themes of comments. Words do not tell mockery from "
        "praise: read the quotes."
    )
