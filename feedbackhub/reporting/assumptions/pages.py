"""The pages of assumptions: what holds, where it comes from, and how it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...contract.errors import Conflict, Refused
from ...contract.hub import Hub
from ...contract.screens import Page, PageRequest, PageResult
from ..words import N_
from .book import Assumptions, Held
from .catalogue import CURRENCY, ENDS
from .entering import checked, typed, written

__all__ = ["LIST", "assumption_pages"]

#: Where the list is below the plugin's prefix; each assumption has its page below the list.
LIST = "assumptions"
MANAGER = "manager"
CHANGED_MEANWHILE = N_("Somebody else has changed it meanwhile. Look at what holds now, then save again or cancel.")


def assumption_pages(hub: Hub, book: Assumptions, title: str, report: str) -> list[Page]:
    """Return the list, the form of each, and what its buttons do; all for managers.

    Args:
        hub: The plugin's hub.
        book: The assumptions.
        title: The list's name in the staff area.
        report: The name of the report that rests on them, which the list leads back to.
    """
    here = Screens(hub, book, report)
    one = f"{LIST}/<name>"
    return [
        Page(LIST, title, MANAGER, here.every),
        Page(one, "", MANAGER, here.one, ("GET", "POST")),
        Page(f"{one}/default", "", MANAGER, here.back_to_default, ("POST",)),
        Page(f"{one}/undo", "", MANAGER, here.undo, ("POST",)),
    ]


class Screens:
    """What the pages show and do.

    Args:
        hub: The plugin's hub.
        book: The assumptions.
        report: The name of the report that rests on them.
    """

    def __init__(self, hub: Hub, book: Assumptions, report: str) -> None:
        self._hub, self._book, self._report = hub, book, report

    def every(self, request: PageRequest) -> PageResult:
        """List all assumptions."""
        found = self._book.all()
        changed = found.get(request.query.get("changed", ""))
        undone = changed if changed is not None and changed.number else None
        currency = found[CURRENCY].word if CURRENCY in found else ""
        values = {"held": list(found.values()), "currency": currency, "changed": undone, "report": self._report}
        return PageResult("assumptions.html", values)

    def one(self, request: PageRequest) -> PageResult:
        """Show the form of an assumption, or keep what was entered."""
        held = self._book.get(request.path["name"])
        if not request.form:
            return self._form(held, fields_of(held))
        try:
            entry = checked(held.about, typed(held.about, request.form))
            self._book.put(held.about.name, entry, request.user, request.number("number", -1))
        except Refused as refused:
            return self._form(held, request.form, refused.told(self._hub.translate, request.language))
        except Conflict:
            held = self._book.get(held.about.name)
            meanwhile = self._hub.translate(CHANGED_MEANWHILE, request.language)
            return self._form(held, request.form, {"": meanwhile})
        return self._back(request, held.about.name, N_("Saved."))

    def back_to_default(self, request: PageRequest) -> PageResult:
        """Let the default hold again."""
        held = self._book.put(request.path["name"], None, request.user, request.number("number", -1))
        return self._back(request, held.about.name, N_("The default holds again."))

    def undo(self, request: PageRequest) -> PageResult:
        """Put back what held before the last change."""
        held = self._book.undo(request.path["name"], request.user, request.number("number", -1))
        return self._back(request, held.about.name, N_("The last change was undone."))

    def _back(self, request: PageRequest, name: str, said: str) -> PageResult:
        notice = self._hub.translate(said, request.language)
        return PageResult(redirect=f"{LIST}?changed={name}", notice=notice)

    def _form(self, held: Held, fields: Mapping[str, str], problems: dict[str, str] | None = None) -> PageResult:
        values: dict[str, Any] = {
            "held": held, "currency": self._book.currency(), "problems": problems or {},
            "fields": {**dict.fromkeys((*ENDS, "word", "source"), ""), **fields, "number": str(held.number)},
        }  # fmt: skip
        return PageResult("assumption.html", values, status=422 if problems else 200)


def fields_of(held: Held) -> dict[str, str]:
    """Return what stands in the form of an assumption: what was entered, else the default."""
    range_ = held.range
    fields = {"word": held.word, "source": held.entry.source if held.entry is not None else ""}
    if range_ is not None:
        fields |= {name: written(held.about, getattr(range_, name)) for name in ENDS}
    return fields
