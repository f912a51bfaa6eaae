"""The reports behind a digest: asked for one after the other, so that one that fails costs only its own lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from feedbackhub import N_, Hub, NotFound, Query, Refused, Report, Unavailable

from .book import Digest

__all__ = ["Section", "link_to", "query_for", "sections"]


@dataclass(frozen=True, slots=True)
class Section:
    """What one report has to say.

    Args:
        name: The analysis.
        title: Its title, in the digest's language.
        link: Where it is read in full.
        report: What it found, None when it could not be made.
        trouble: Why it could not be made, in the digest's language.
        may_pass: Whether trying again may help.
    """

    name: str
    title: str
    link: str
    report: Report | None = None
    trouble: str = ""
    may_pass: bool = False


def sections(hub: Hub, digest: Digest, since: date, until: date) -> Iterator[Section]:
    """Yield what each report of a digest has to say about some days, in the digest's order."""
    titles, query = hub.analyses(digest.language), query_for(digest, since, until)
    for name in digest.reports:
        yield _asked(hub, digest, query, name, titles.get(name, ""))


def _asked(hub: Hub, digest: Digest, query: Query, name: str, title: str) -> Section:
    shown, link = title or name, link_to(hub.public_url, name, query)
    if not title:  # also where the analysis is there, but not for managers
        return Section(name, shown, link, trouble=hub.translate(N_("there is no such report any more"), query.language))
    try:
        return Section(name, shown, link, hub.report(name, query))
    except NotFound:
        return Section(name, shown, link, trouble=hub.translate(N_("there is no such report any more"), query.language))
    except Refused as refused:
        reasons = refused.told(hub.translate, query.language, " ")
        words = "; ".join(f"{field}: {reason}" if field else reason for field, reason in reasons.items())
        return Section(name, shown, link, trouble=words)
    except Unavailable as trouble:
        hub.log.warning("digest %s: the report %s could not be made: %s", digest.id, name, trouble)
        words = hub.translate(N_("it could not be made this time"), query.language)
        return Section(name, shown, link, trouble=words, may_pass=True)


def query_for(digest: Digest, since: date, until: date) -> Query:
    """Return what the reports of a digest are asked for."""
    where = {name: value for name, value in digest.filters.items() if name != "survey"}
    survey = digest.filters.get("survey", "")
    return Query(since, until, survey=survey, where=where, language=digest.language)


def link_to(public_url: str, name: str, query: Query) -> str:
    """Return where a report is read in full, with the same filters and days."""
    days = {"from": query.since.isoformat(), "to": query.until.isoformat()}
    kept = {**days, "survey": query.survey, **query.where}
    return f"{public_url}reports/{name}?{urlencode({key: value for key, value in kept.items() if value})}"
