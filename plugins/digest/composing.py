"""A digest as a mail: what the reports say, put into words, HTML and pictures."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import css_inline

from feedbackhub import N_, Hub, Picture, Problem, ReportTable, as_line

from .book import Digest
from .changes import change_in, changes_in
from .collecting import Section, sections
from .pictures import Drawn, draw_all
from .quotes import Quote, quotes
from .settings import Settings
from .wanted import DIMENSIONS

__all__ = ["Composer", "Made", "addressed"]

#: The report that says where bad answers come from; it has a place of its own.
CAUSES = "causes"
MOST_CAUSES, MOST_COLUMNS = 5, 5
INLINER = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@dataclass(frozen=True, slots=True)
class Made:
    """A digest for some days, the same for all whom it goes to but for the address that ends it.

    Args:
        subject: One line.
        text: Plain text, with `stop` where that address belongs.
        html: HTML, likewise.
        pictures: What the HTML shows.
        stop: What stands for that address.
        problems: What is missing, a line each.
        may_pass: Whether trying again may bring what is missing.
    """

    subject: str
    text: str
    html: str
    pictures: tuple[Picture, ...]
    stop: str
    problems: tuple[Problem, ...]
    may_pass: bool


def addressed(made: Made, stop_link: str) -> Made:
    """Return a digest for one person, with the address that ends it for them."""
    # The address holds nothing that HTML would have to write otherwise.
    return replace(
        made, text=made.text.replace(made.stop, stop_link), html=made.html.replace(made.stop, stop_link), stop=stop_link
    )


class Composer:
    """Makes mails of digests.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings = hub, settings

    def compose(self, digest: Digest, since: date, until: date) -> Made:
        """Return a digest about some days; what a report cannot tell is said in a line of its own."""
        found = list(sections(self._hub, digest, since, until))
        shown = [each for each in found if each.name != CAUSES or _has_rows(_worst(each))]
        drawn, trouble = draw_all(self._hub, shown, digest.language) if digest.charts else ({}, "")
        said = quotes(self._hub, digest, since, until) if digest.quotes and self._settings.quotes else []
        # Nobody's words can name what nobody can guess.
        stop = f"{self._hub.public_url}x/digest/stop/{secrets.token_hex(16)}"
        values = {**self._values(digest, since, until, found, drawn, said), "stop": stop}
        pictures = tuple(each.picture for each in drawn.values() if each.picture is not None)
        problems = [
            Problem("", "{title}: {why}", {"title": each.title, "why": each.trouble}) for each in found if each.trouble
        ]
        if trouble:
            problems.append(Problem("", N_("Charts are shown as tables: {why}"), {"why": trouble}))
        subject = self._render("subject.txt", digest, values)
        return Made(
            as_line(subject), self._render("mail.txt", digest, values), self._html(digest, values), pictures,
            stop, tuple(problems), any(each.may_pass for each in found),
        )  # fmt: skip

    def _values(
        self, digest: Digest, since: date, until: date, found: Sequence[Section], drawn: Mapping[str, Drawn],
        said: Sequence[Quote],
    ) -> dict[str, Any]:  # fmt: skip
        causes = next((each for each in found if each.name == CAUSES and each.report is not None), None)
        names = {name: self._hub.translate(text, digest.language) for name, text in DIMENSIONS.items()}
        return {
            "digest": digest,
            "since": since,
            "until": until,
            "changes": changes_in(found),
            "change_in": change_in,
            "causes": causes,
            "worst": _worst(causes),
            "quotes": said,
            "numbers": [each for each in found if each.report is not None and each is not causes],
            "missing": [each for each in found if each.trouble],
            "drawn": drawn,
            "filters": [(names.get(name, ""), value) for name, value in digest.filters.items()],
        }

    def _html(self, digest: Digest, values: Mapping[str, Any]) -> str:
        start, end = ("right", "left") if digest.language in RIGHT_TO_LEFT else ("left", "right")
        sheet = self._hub.render("mail.css", digest.language, start=start, end=end)
        page = self._hub.render("mail.html", digest.language, **values, sheet=sheet, start=start, end=end)
        return INLINER.inline(page)

    def _render(self, template: str, digest: Digest, values: Mapping[str, Any]) -> str:
        return self._hub.render(template, digest.language, **values)


def _has_rows(table: ReportTable | None) -> bool:
    return table is not None and bool(table.rows)


def _worst(causes: Section | None) -> ReportTable | None:
    """Return the first rows and columns of what the report on causes puts first."""
    if causes is None or causes.report is None or not causes.report.tables:
        return None
    table = causes.report.tables[0]
    rows = [list(row)[:MOST_COLUMNS] for row in list(table.rows)[:MOST_CAUSES]]
    return replace(table, columns=list(table.columns)[:MOST_COLUMNS], rows=rows, ways=())
