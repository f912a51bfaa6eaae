"""The analysis `themes`: what customers write about, in their own words, with their own ratings as the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

from feedbackhub import Analysis, Chart, Figure, Hub, Option, Query, Report, ReportTable, Way
from feedbackhub.reporting import N_, Words, share
from feedbackhub.statistics import Share

from .book import Book, Edition
from .comments import Comments, comments_of
from .languages import lite_detector
from .naming import points
from .reading_comments import QUOTES, Understood, quotes_of, share_of, understood
from .themes import Spotter
from .themes_shown import (
    answer_way,
    chart_of,
    languages_table,
    quoted,
    quotes_table,
    theme_notes,
    themes_table,
)
from .topics import LEAST_COMMENTS, library, topics_of

__all__ = ["Themes", "title_of"]

Cell = str | int | float | None
TopicRow = tuple[list[Cell], Way]
#: Quotes of one theme, when it alone is looked at.
MANY_QUOTES = 200
LANGUAGES = {
    "": N_("all languages"), "en": "English", "id": "Bahasa Indonesia", "hi": "हिन्दी", "ar": "العربية",
    "unknown": N_("unknown"),
}  # fmt: skip


def title_of(translate: Callable[[str], str], edition: Edition, key: str) -> str:
    """Return the name of a theme; a shipped one that kept its name has it in the reader's language."""
    theme = edition.one(key)
    return translate(theme.title) if theme.keeps_title else theme.title


class Themes(Analysis):
    """What customers write about.

    Args:
        hub: The plugin's hub.
    """

    name = "themes"
    title = N_("Themes of comments")
    options = (Option("language", N_("Comments in"), LANGUAGES), Option("theme", N_("Only this theme (its key)")))
    lasts: ClassVar[timedelta | None] = timedelta(minutes=30)

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def stamp(self) -> str:
        """Tell which themes are looked for; others make another report."""
        edition = Book(self._hub).now()
        return f"{edition.number} {edition.changed_at}"

    def report(self, query: Query) -> Report:
        """Return the themes with counts and quotes, and what comments have in common that no theme catches."""
        t, now = Words(self._hub, query.language), self._hub.clock.now()
        edition, comments = Book(self._hub).now(), comments_of(self._hub.read, query)
        theme = query.options.get("theme", "")
        titles = {each.key: title_of(t, edition, each.key) for each in edition.themes}
        if theme not in ("", *titles):
            return Report(t("What do customers write about?"), notes=[t("There is no such theme any more.")], as_of=now)
        detect = lite_detector()
        found = understood(comments.newest, Spotter(edition.themes), detect)
        chosen = query.options.get("language", "")
        if chosen:
            found = [each for each in found if each.language == ("" if chosen == "unknown" else chosen)]
        shown = [each for each in found if not theme or theme in each.themes]
        topics = [] if theme else list(topic_rows(t, shown))
        return Report(
            t("What do customers write about?") if not theme else titles[theme],
            figures(t, shown, comments, bool(chosen or theme)),
            charts(t, titles, shown, bool(theme)),
            tables(t, titles, shown, theme, topics),
            [*theme_notes(t, found, len(found) if chosen else comments.total), *lacking(t, detect is not None)],
            now,
        )


def figures(t: Words, found: Sequence[Understood], comments: Comments, is_part: bool) -> list[Figure]:
    """Return how many comments there are, how those who wrote them had rated, and how many no theme catches."""
    total, way = len(found) if is_part else comments.total, Way(values={"comment": "yes"})
    if not total:
        return [Figure(t("Comments"), None, n=0, note=t("no data"), few="none")]
    count = Figure(t("Comments"), float(total), way=way)
    bad = share(t, t("Bad answers among those who wrote"), share_of(found, lambda each: True), way)
    none = Share(sum(not each.themes for each in found), len(found))
    return [count, bad, share(t, t("About none of the themes"), none, way)]


def charts(t: Words, titles: Mapping[str, str], found: Sequence[Understood], is_one: bool) -> list[Chart]:
    """Return the picture of the themes; none of a single one."""
    drawn = None if is_one else chart_of(t, titles, found)
    return [drawn] if drawn is not None else []


def tables(
    t: Words, titles: Mapping[str, str], found: Sequence[Understood], theme: str, topics: Sequence[TopicRow]
) -> list[ReportTable]:
    """Return themes, quotes, languages, and what else comments have in common."""
    if not found:
        return []
    made = [
        themes_table(t, titles, found),
        quotes_table(t, titles, found, theme, MANY_QUOTES if theme else QUOTES),
        languages_table(t, titles, found),
    ]
    if topics:
        columns = (t("Words that come together"), t("Language"), t("Comments"), t("Bad %"), t("For example"))
        note = t("Found by statistics among comments about none of the themes: no facts, but a theme may be missing.")
        title = t("What else is written about")
        made.append(ReportTable(title, columns, [row for row, _ in topics], note, [way for _, way in topics]))
    return made


def topic_rows(t: Words, found: Sequence[Understood]) -> Iterator[TopicRow]:
    """Yield what comments about none of the themes have in common, language by language."""
    if library() is None:
        return
    left = [each for each in found if not each.themes and each.language]
    for language in sorted({each.language for each in left}):
        own = [each for each in left if each.language == language]
        for topic in topics_of([each.comment.text for each in own]):
            members = [own[at] for at in topic.members]
            rated = share_of(members, lambda each: True)
            bad = points(rated.part / rated.whole) if rated.whole >= 10 else None
            quote = quotes_of(members[:10], 1)[0]
            yield [", ".join(topic.words), language, len(members), bad, quoted(quote)], answer_way(quote)


def lacking(t: Words, detects: bool) -> Iterator[str]:
    """Say what is missing because the extra `analysis` is not installed."""
    if not detects:
        yield t(
            "Languages are told by what the answers say and by their letters only: to have the others guessed, install "
            "the extra with pip install 'feedbackhub[analysis]'."
        )
    if library() is None:
        yield t("What no theme catches is not grouped: install the extra with pip install 'feedbackhub[analysis]'.")
    else:
        yield t(
            "What no theme catches is grouped by statistics where a language has {n} such comments.", n=LEAST_COMMENTS
        )
