"""The page of assumptions: what holds, where it comes from, and how it is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from feedbackhub import Conflict, Hub, Page, PageRequest, PageResult, Problem, Refused
from feedbackhub.reporting import N_

from .money_assumptions import CURRENCY
from .money_book import Assumed, Held
from .money_wanted import ENDS, checked, ends_of, typed

__all__ = ["LIST", "money_pages_of"]

LIST = "assumptions"
MANAGER = "manager"
CHANGED_MEANWHILE = N_("Somebody else has changed it meanwhile. Look at what holds now, then save again or cancel.")


def money_pages_of(hub: Hub, book: Assumed) -> list[Page]:
    """Return the pages."""
    here = MoneyScreens(hub, book)
    one = f"{LIST}/<name>"
    return [
        Page(LIST, N_("Assumptions on recoveries"), MANAGER, here.every),
        Page(one, "", MANAGER, here.one, ("GET", "POST")),
        Page(f"{one}/default", "", MANAGER, here.back_to_default, ("POST",)),
        Page(f"{one}/undo", "", MANAGER, here.undo, ("POST",)),
    ]


class MoneyScreens:
    """What the pages show and do.

    Args:
        hub: The plugin's hub.
        book: What was entered.
    """

    def __init__(self, hub: Hub, book: Assumed) -> None:
        self._hub, self._book = hub, book

    def every(self, request: PageRequest) -> PageResult:
        """List all assumptions."""
        found = self._book.all()
        changed = found.get(request.query.get("changed", ""))
        undone = changed if changed is not None and changed.number else None
        values = {"held": list(found.values()), "currency": found[CURRENCY].word, "changed": undone}
        return PageResult("money_assumptions.html", values)

    def one(self, request: PageRequest) -> PageResult:
        """Show the form of an assumption, or keep what was entered."""
        held = self._book.get(request.path["name"])
        if not request.form:
            return self._form(held, fields_of(held))
        try:
            entry = checked(held.about, typed(held.about, request.form))
            self._book.put(held.about.name, entry, request.user, number_of(request.form.get("number", "")))
        except Refused as refused:
            return self._form(held, request.form, self._said(request, refused.problems))
        except Conflict:
            held = self._book.get(held.about.name)
            return self._form(held, request.form, self._said(request, [Problem("", CHANGED_MEANWHILE)]))
        return self._back(request, held.about.name, N_("Saved."))

    def back_to_default(self, request: PageRequest) -> PageResult:
        """Let the default hold again."""
        held = self._book.put(request.path["name"], None, request.user, number_of(request.form.get("number", "")))
        return self._back(request, held.about.name, N_("The default holds again."))

    def undo(self, request: PageRequest) -> PageResult:
        """Put back what held before the last change."""
        held = self._book.undo(request.path["name"], request.user, number_of(request.form.get("number", "")))
        return self._back(request, held.about.name, N_("The last change was undone."))

    def _back(self, request: PageRequest, name: str, said: str) -> PageResult:
        notice = self._hub.translate(said, request.language)
        return PageResult(redirect=f"{LIST}?changed={name}", notice=notice)

    def _form(self, held: Held, fields: Mapping[str, str], problems: dict[str, str] | None = None) -> PageResult:
        values: dict[str, Any] = {
            "held": held, "currency": self._book.currency(), "problems": problems or {}, "ends": ends_of(held.about),
            "fields": {**dict.fromkeys((*ENDS, "word", "source"), ""), **fields, "number": str(held.number)},
        }  # fmt: skip
        return PageResult("money_assumption.html", values, status=422 if problems else 200)

    def _said(self, request: PageRequest, problems: Sequence[Problem]) -> dict[str, str]:
        return {each.field: self._hub.translate(each.reason, request.language) for each in reversed(problems)}


def number_of(text: str) -> int:
    """Return after how many changes a form was made, -1 when it does not say."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def fields_of(held: Held) -> dict[str, str]:
    """Return what stands in the form of an assumption: what was entered, else the default."""
    range_ = held.range
    fields = {"word": held.word, "source": held.entry.source if held.entry is not None else ""}
    if range_ is not None:
        fields |= {name: f"{getattr(range_, name):.12g}" for name in ENDS}
    return fields
