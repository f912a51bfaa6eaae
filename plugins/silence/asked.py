"""Which contacts count, who was asked and what they answered, by what is known of them; from the asks themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from feedbackhub import DIMENSIONS, Filters, Query, Reader, Way
from feedbackhub.reporting import Asked
from feedbackhub.statistics import Stratum

from .measured import Measured

__all__ = ["Period", "Strata", "period_of", "strata"]

#: How many answers tell how long customers take to answer, and which share of them is waited for.
TIMED, AT_LEAST, SHARE_WAITED_FOR = 5000, 20, 0.9
#: How long is waited while few answers are known, and at most.
UNTIL_KNOWN, LONGEST = timedelta(days=3), timedelta(days=14)


@dataclass(frozen=True)
class Period:
    """The contacts that a report is about.

    Args:
        filters: Which they are, by the moment of the contact.
        waited: For how long an answer is waited before an ask counts as unanswered.
        survey: The one survey that counts, empty when there are several.
        young: ``cut`` when contacts of the query's days are left out because answers to them may still come, ``all``
            when this holds for every one of them and none is left out, else empty.
    """

    filters: Filters
    waited: timedelta
    survey: str = ""
    young: Literal["", "cut", "all"] = ""

    @property
    def since(self) -> datetime:
        """The first moment."""
        assert self.filters.since is not None
        return self.filters.since

    @property
    def until(self) -> datetime:
        """The end, a midnight."""
        assert self.filters.until is not None
        return self.filters.until

    @property
    def narrowed(self) -> bool:
        """Whether only some values of dimensions count."""
        return any(getattr(self.filters, name) for name in DIMENSIONS)

    def way(self, **values: str) -> Way:
        """Return the way to the answers of these contacts.

        Args:
            values: Filters beside.
        """
        kept = {"basis": "contact", **({"survey": self.survey} if self.survey else {}), **values}
        if self.young == "cut":
            kept["until"] = (self.until - timedelta(days=1)).date().isoformat()
        return Way(values=kept)


def period_of(reader: Reader, query: Query, asked: Sequence[Asked], now: datetime) -> Period:
    """Return the contacts that a query is about, without those whose asks are so young that answers still come.

    Answers of these young ones are left out as well: alone they would look as if everybody answered.
    """
    since = datetime.combine(query.since, time(), UTC)
    until = datetime.combine(query.until, time(), UTC) + timedelta(days=1)
    kept: dict[str, Any] = dict(query.where)
    filters = Filters(since, until, "contact", query.survey, **kept)
    waited, surveys = usual_time(reader, filters, asked), sorted({each.survey for each in asked})
    survey = surveys[0] if len(surveys) == 1 else ""
    # Whole days, so that the answers behind a number can be listed.
    end = datetime.combine((now - waited).date(), time(), UTC)
    if end >= until:
        return Period(filters, waited, survey)
    if end > since:
        return Period(replace(filters, until=end), waited, survey, "cut")
    return Period(filters, waited, survey, "all")


def usual_time(reader: Reader, filters: Filters, asked: Sequence[Asked]) -> timedelta:
    """Return the time after a contact within which nine of ten answers come."""
    took: list[timedelta] = []
    for survey in sorted({each.survey for each in asked}):
        columns = ("contact_at", "answered_at", "imported")
        for batch in reader.batches("responses", replace(filters, survey=survey), only=columns):
            rows = zip(*(batch.columns[name] for name in columns), strict=True)
            took += [answered - contact for contact, answered, imported in rows if contact and not imported]
            if len(took) >= TIMED:
                break
    if len(took) < AT_LEAST:
        return UNTIL_KNOWN
    return min(sorted(took)[int(len(took) * SHARE_WAITED_FOR)], LONGEST)


@dataclass(frozen=True)
class Strata:
    """All who were asked, by what is known of them, with what they answered.

    Args:
        dimensions: What they are known by.
        strata: The crossing of all of them.
        strays: How many answers are left out because nobody was asked for them, as through an open link.
    """

    dimensions: Sequence[str]
    strata: list[Stratum]
    strays: int


def strata(reader: Reader, period: Period, of: Measured, dimensions: Sequence[str]) -> Strata:
    """Return who was asked and what they answered.

    Args:
        reader: What may be read.
        period: Which contacts.
        of: What counts as an answer.
        dimensions: By what they are grouped.
    """
    asked: Counter[tuple[str, ...]] = Counter()
    answers: dict[tuple[str, ...], Counter[float]] = defaultdict(Counter)
    strays = 0
    for each in of.asked:
        filters = replace(period.filters, survey=each.survey)
        # Where an own system brings answers, nobody was asked: such sources are told from those with asks.
        for group in reader.grouped("invitations", ("sent", "imported", "open", "source", *dimensions), filters):
            sent, imported, opened, *kind = group.values
            if sent and not imported and not opened:
                asked[tuple(value or "" for value in kind)] += group.n
        by = ("imported", "open", "source", *dimensions, "answer")
        for group in reader.grouped("responses", by, filters, question=each.question.id):
            imported, opened, *kind, answer = group.values
            worth = of.worth(each, answer)
            if worth is None or imported:
                continue
            if opened:
                strays += group.n
            else:
                answers[tuple(value or "" for value in kind)][worth] += group.n
    strays += sum(counts.total() for key, counts in answers.items() if not asked[key])
    found: dict[tuple[str, ...], tuple[int, Counter[float]]] = {}
    for key, n in asked.items():
        before, counts = found.get(key[1:], (0, Counter()))
        found[key[1:]] = before + n, counts + answers[key]
    return Strata(dimensions, [Stratum(key, n, counts) for key, (n, counts) in sorted(found.items())], strays)
