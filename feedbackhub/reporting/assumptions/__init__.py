"""Assumptions: what a report rests on beside what is measured, each named, sourced, and for managers to change.

A plugin names them, keeps what is entered in a table of its own, and brings their pages and operations::

    from feedbackhub.reporting import N_
    from feedbackhub.reporting.assumptions import (
        Assumption, Assumptions, Range, assumption_pages, assumption_routes, assumptions_table,
    )

    metadata = MetaData()
    table = assumptions_table("plugin_parcels_assumption", metadata)  # for feedbackhub_tables
    NAMED = (
        Assumption("currency", N_("Currency"), "code", None, N_("There is no default, as nobody else can know it.")),
        Assumption("late", N_("Cost of a late parcel"), "money", None, N_("Enter what accounting says.")),
        Assumption("lost", N_("Share of late parcels that are lost"), "share", Range(0, 0.01, 0.05), N_("A guess.")),
    )
    book = Assumptions(hub, table, NAMED)
    pages = assumption_pages(hub, book, N_("Assumptions on parcels"), report="parcels")  # for feedbackhub_pages
    routes = assumption_routes(book)  # for feedbackhub_routes

The pages are two templates of the plugin's own that extend ``staff/assumptions.html``, with a block ``lead`` that says
what they are about, and ``staff/assumption.html``. A report takes ``book.all()``, draws from each range by ``draws``,
tells by `Spread` where the results lie, and returns ``str(book.changes())`` as its ``stamp``.
"""

from .book import Assumptions, Entry, Held, assumptions_table
from .catalogue import CURRENCY, Assumption, Kind
from .entering import Wanted, checked, typed
from .pages import LIST, assumption_pages
from .ranges import Range, draws, seeded
from .routes import End, EntryIn, HeldList, HeldOut, Source, Word, assumption_routes
from .spreads import Spread, percentile, plain

__all__ = [
    "CURRENCY", "LIST", "Assumption", "Assumptions", "End", "Entry", "EntryIn", "Held", "HeldList", "HeldOut", "Kind",
    "Range", "Source", "Spread", "Wanted", "Word", "assumption_pages", "assumption_routes", "assumptions_table",
    "checked", "draws", "percentile", "plain", "seeded", "typed",
]  # fmt: skip
