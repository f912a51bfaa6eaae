"""Ways on from the numbers of a report, as addresses: the report's own filters, and what the way says beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from flask import request, url_for

from ..contract.reading import DIMENSIONS
from ..contract.reports import Query, Way
from ..machinery.links import is_public_id
from ..office.answer_query import FILTERS
from .redirects import local_path

__all__ = ["OPTION", "Ways", "filters_of", "query_string", "report_address", "trail", "way_back", "with_values"]

#: What the names of an analysis' own options begin with in addresses, so that they cannot be taken for filters.
OPTION = "o-"
DAYS = {"since": "from", "until": "to"}
#: What stays the same on the way to another report; how this one is split and its own options do not.
KEPT = ("period", "from", "to", "basis", "survey", "compare", *DIMENSIONS)
#: Where ways from the list of answers may lead back to.
ORIGINS = ("/reports", "/x/")
#: Pages that show one thing: endpoint and the name of its part of the address.
SINGLE = {
    "answer": ("answers.show", "public_id"),
    "contact": ("contacts.show", "public_id"),
    "customer": ("desk.show", "customer"),
}


@dataclass(frozen=True)
class Ways:
    """Makes the addresses of one report's ways.

    Args:
        analysis: Name of the report's analysis.
        plugin: Name of its plugin.
        query: What the report was asked for.
        asked: The filters of its own address, as they stand there.
        open_to: Tells whether the visitor may open a page, by its endpoint, or see a report, by ``report:`` and its
            name; a way to one that they may not is none.
        via: The report's own address, for the way back.
    """

    analysis: str
    plugin: str
    query: Query
    asked: Mapping[str, str] = field(default_factory=dict)
    open_to: Callable[[str], bool] = lambda endpoint: True
    via: str = ""

    def __call__(self, way: Way | None) -> str:
        """Return the address of a way, empty when there is none or the visitor may not go it."""
        return "" if way is None else getattr(self, f"_to_{way.to}")(way)

    def _to_answers(self, way: Way) -> str:
        if not self.open_to("answers.index"):
            return ""
        kept = {**filters_of(self.query), "counted": "yes", **_named(way)}
        found = {name: kept[name] for name in FILTERS if kept.get(name)}
        return address("answers.index", {**found, "via": self.via})

    def _to_report(self, way: Way) -> str:
        if not self.open_to(f"report:{way.name}"):
            return ""
        values = _named(way)
        kept = {name: value for name, value in self.asked.items() if name in KEPT or way.name == self.analysis}
        if "from" in values or "to" in values:
            kept = {**kept, "period": "own", **days_of(self.query)}
        return address("reports.show", {**kept, **values}, name=way.name)

    def _to_page(self, way: Way) -> str:
        path = f"{request.script_root}/x/{self.plugin}/{quote(way.name.lstrip('/'))}"
        return with_values(path, dict(way.values))

    def _to_one(self, way: Way) -> str:
        endpoint, part = SINGLE[way.to]
        if not is_public_id(way.name) or not self.open_to(endpoint):
            return ""
        return address(endpoint, {"via": self.via} if way.to != "customer" else {}, **{part: way.name})

    _to_answer = _to_contact = _to_customer = _to_one


def days_of(query: Query) -> dict[str, str]:
    """Return a report's days as they stand in addresses."""
    return {"from": query.since.isoformat(), "to": query.until.isoformat()}


def filters_of(query: Query) -> dict[str, str]:
    """Return what a report was asked for, as the list of answers is: its days are UTC's and of the report's basis."""
    return {**days_of(query), "basis": query.basis, "survey": query.survey, **query.where}


def _named(way: Way) -> dict[str, str]:
    """Return a way's values as they are called in addresses."""
    return {DAYS.get(name, name): value for name, value in way.values.items()}


def address(endpoint: str, values: Mapping[str, str], **parts: Any) -> str:
    """Return the address of a page with some values; empty ones are left out."""
    # Not handed to url_for, which reads names such as _external as orders.
    return with_values(url_for(endpoint, **parts), values)


def report_address(name: str, asked: Mapping[str, str]) -> str:
    """Return the address of a report with its filters."""
    return address("reports.show", asked, name=name)


def with_values(path: str, values: Mapping[str, str]) -> str:
    """Return an address with some values; empty ones are left out."""
    kept = [(name, value) for name, value in values.items() if value]
    return f"{path}?{urlencode(kept)}" if kept else path


def query_string() -> str:
    """Return the filters of the running request as they stand in its address."""
    return request.query_string.decode("ascii", "ignore")


def trail() -> str:
    """Return what an address carries so that the page behind it leads back to the running one."""
    query = query_string()
    return urlencode({"via": request.script_root + request.path + (f"?{query}" if query else "")})


def way_back(*more: str) -> str:
    """Return the page that the address says the visitor comes from; empty unless it is one of our own.

    Args:
        more: What its path may begin with, beside reports and pages of plugins.
    """
    wanted, origins = local_path(request.args.get("via"), ""), (*ORIGINS, *more)
    inside = wanted.removeprefix(request.script_root).partition("?")[0]
    ours = wanted.startswith(request.script_root) and any(
        inside == origin or inside.startswith(origin.rstrip("/") + "/") for origin in origins
    )
    return wanted if ours and "/.." not in inside else ""
