"""From the fields of a form to a digest as somebody wants it, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from feedbackhub import PageRequest

from .book import Digest
from .readers import Recipient
from .wanted import FILTERS, Wanted

__all__ = ["FIELDS", "as_typed", "fields_of", "wanted_of"]

#: Filters have names of their own: one of them is called as the digest's language is.
FILTER_FIELDS = {f"filters.{name}": name for name in FILTERS}
FIELDS = ("title", "language", "every", "weekday", "hour", "days", "recipients", *FILTER_FIELDS)
#: What a new digest has chosen, as far as these reports are there.
USUAL_REPORTS = ("nps", "satisfaction", "solved", "causes")


def wanted_of(request: PageRequest) -> Wanted:
    """Return what a form asks for; what is no number becomes one that is refused."""
    form = request.form
    weekday, hour, days = (request.number(name, -1) for name in ("weekday", "hour", "days"))
    filters = {name: form.get(field, "") for field, name in FILTER_FIELDS.items()}
    return Wanted(
        form.get("title", ""), form.get("language", ""), form.get("every", ""), weekday, hour, days, filters,
        request.every("reports"), "quotes" in form, "charts" in form, form.get("recipients", "").splitlines(),
    )  # fmt: skip


def fields_of(digest: Digest | None, recipients: Iterable[Recipient], analyses: Iterable[str]) -> dict[str, Any]:
    """Return what stands in the form for a digest, or for a new one."""
    if digest is None:
        usual = [name for name in analyses if name in USUAL_REPORTS]
        fresh = {"language": "en", "every": "weekly", "weekday": "0", "hour": "8", "days": "0"}
        return {**dict.fromkeys(FIELDS, ""), **fresh, "reports": usual, "quotes": True, "charts": True}
    kept = {name: str(getattr(digest, name)) for name in ("title", "language", "every", "weekday", "hour", "days")}
    filters = {field: digest.filters.get(name, "") for field, name in FILTER_FIELDS.items()}
    return {
        **filters, **kept, "reports": digest.reports, "quotes": digest.quotes,
        "charts": digest.charts, "recipients": "\n".join(each.address for each in recipients),
    }  # fmt: skip


def as_typed(request: PageRequest) -> dict[str, Any]:
    """Return what stands in a form that is shown again."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    return {
        **typed, "reports": request.every("reports"), "quotes": "quotes" in request.form,
        "charts": "charts" in request.form,
    }  # fmt: skip
