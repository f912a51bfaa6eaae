"""A digest as somebody wants it, and what has to be right about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feedbackhub import N_, Problem, Refused, is_line

from .rhythm import RHYTHMS, SPANS

__all__ = ["DIMENSIONS", "FILTERS", "LANGUAGES", "Wanted", "checked"]

#: Languages that digests can be written in, each by its own name.
LANGUAGES: Mapping[str, str] = {"en": "English", "id": "Bahasa Indonesia", "hi": "हिन्दी", "ar": "العربية"}
DIMENSIONS: Mapping[str, str] = {
    "channel": N_("Channel"), "team": N_("Team"), "topic": N_("Topic"), "product": N_("Product"),
    "brand": N_("Brand"), "language": N_("Language"), "segment": N_("Segment"), "country": N_("Country"),
}  # fmt: skip
FILTERS = ("survey", *DIMENSIONS)
LONGEST_TITLE, LONGEST_VALUE, MOST_REPORTS = 80, 200, 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a digest is to be; see the columns of `tables.digest`.

    Args:
        addresses: Whom it goes to, as they were written.
    """

    title: str
    language: str = "en"
    every: str = "weekly"
    weekday: int = 0
    hour: int = 8
    days: int = 0
    filters: Mapping[str, str] = field(default_factory=dict)
    reports: Sequence[str] = ()
    quotes: bool = True
    charts: bool = True
    addresses: Sequence[str] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept of it in the digest's row."""
        names = ("title", "language", "every", "weekday", "hour", "days", "quotes", "charts")
        kept = {name: getattr(self, name) for name in names}
        return {**kept, "filters": dict(self.filters), "reports": list(self.reports)}


def checked(wanted: Wanted, analyses: Sequence[str], kept: Sequence[str] = ()) -> Wanted:
    """Return what is wanted, in one spelling; its addresses are checked apart.

    Args:
        wanted: What is wanted.
        analyses: Names of the analyses there are.
        kept: Those that the digest had before, which may be gone meanwhile.

    Raises:
        Refused: Naming each field that is wrong.
    """
    filters = {name: value.strip() for name, value in wanted.filters.items() if value.strip()}
    known = [*analyses, *kept]
    reports = tuple(dict.fromkeys(name for name in wanted.reports))
    problems = [*_flaws(wanted), *_of_filters(wanted.filters), *_of_reports(reports, known)]
    if problems:
        raise Refused(*problems)
    return Wanted(
        wanted.title.strip(), wanted.language, wanted.every, wanted.weekday, wanted.hour, wanted.days, filters, reports,
        wanted.quotes, wanted.charts, wanted.addresses,
    )  # fmt: skip


def _flaws(wanted: Wanted) -> Iterator[Problem]:
    title = wanted.title.strip()
    if not title or len(title) > LONGEST_TITLE or not is_line(title):
        yield Problem("title", N_("must be a line of at most {n} characters"), {"n": LONGEST_TITLE})
    if wanted.language not in LANGUAGES:
        yield Problem("language", N_("must be one of {names}"), {"names": ", ".join(LANGUAGES)})
    if wanted.every not in RHYTHMS:
        yield Problem("every", N_("must be one of {names}"), {"names": ", ".join(RHYTHMS)})
    if not 0 <= wanted.weekday <= 6:
        yield Problem("weekday", N_("must be a day from 0 (Monday) to 6 (Sunday)"))
    if not 0 <= wanted.hour <= 23:
        yield Problem("hour", N_("must be an hour from 0 to 23"))
    if wanted.days not in SPANS:
        yield Problem("days", N_("must be one of {names}"), {"names": ", ".join(map(str, SPANS))})


def _of_filters(filters: Mapping[str, str]) -> Iterator[Problem]:
    for name, value in filters.items():
        if name not in FILTERS:
            yield Problem("filters", N_("{name} is nothing that reports are filtered by"), {"name": name[:40]})
        elif len(value.strip()) > LONGEST_VALUE or not is_line(value.strip()):
            yield Problem(f"filters.{name}", N_("must be a line of at most {n} characters"), {"n": LONGEST_VALUE})


def _of_reports(reports: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    if not reports:
        yield Problem("reports", N_("choose at least one report"))
    elif len(reports) > MOST_REPORTS:
        yield Problem("reports", N_("at most {n} reports fit into a mail"), {"n": MOST_REPORTS})
    for name in reports:
        if name not in known:
            yield Problem("reports", N_("there is no report {name}"), {"name": name[:40]})
