"""The pages of the themes: the list, the form, trying on a text, and taking changes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from feedbackhub import Conflict, Hub, NotFound, Page, PageRequest, PageResult, Refused
from feedbackhub.reporting import N_

from .book import Book, Edition
from .forms import fields_of, theme_of
from .themes import LANGUAGES, SHIPPED, Spotter, Theme
from .themes_analysis import title_of

__all__ = ["pages_of"]

ROLE = "manager"
LONGEST_TEXT = 2000
Wrong = Refused | Conflict
NAMES = {"en": "English", "id": "Bahasa Indonesia", "hi": "हिन्दी", "ar": "العربية"}
DONE = {
    "added": N_("{title} was added"),
    "changed": N_("{title} was changed"),
    "removed": N_("{title} was removed"),
    "switched": N_("{title} was switched on or off"),
    "restored": N_("{title} was restored"),
}


def pages_of(hub: Hub) -> list[Page]:
    """Return the pages."""
    here = Pages(hub)
    both, post = ("GET", "POST"), ("POST",)
    return [
        Page("themes", N_("Themes of comments"), ROLE, here.every),
        Page("themes/new", "", ROLE, here.new, both),
        Page("themes/try", "", ROLE, here.tried, both),
        Page("themes/undo", "", ROLE, here.undo, post),
        Page("themes/restore", "", ROLE, here.restore_all, post),
        Page("themes/<key>", "", ROLE, here.one, both),
        Page("themes/<key>/on", "", ROLE, partial(here.switch, on=True), post),
        Page("themes/<key>/off", "", ROLE, partial(here.switch, on=False), post),
        Page("themes/<key>/remove", "", ROLE, here.remove, post),
        Page("themes/<key>/restore", "", ROLE, here.restore, post),
    ]


def own_size(theme: Theme) -> int:
    """Return how many words a theme has in the languages that have a column of their own."""
    return sum(len(theme.patterns.get(language, ())) for language in NAMES)


class Pages:
    """What each page does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub, self._book = hub, Book(hub)

    def every(self, request: PageRequest) -> PageResult:
        """List the themes."""
        return self._list(request)

    def tried(self, request: PageRequest) -> PageResult:
        """Show which themes a text is about; it is kept nowhere, and stands in no address."""
        if not request.form:
            return PageResult(redirect="themes")
        text, edition = request.form.get("text", "")[:LONGEST_TEXT], self._book.now()
        found = [self._title(request, edition, key) for key in Spotter(edition.themes).themes_of(text)]
        return self._list(request, text=text, found=found, was_tried=True)

    def new(self, request: PageRequest) -> PageResult:
        """Show the form for a new theme, or make it."""
        if not request.form:
            return self._form(request, None, fields_of(Theme("", ""), ""))
        try:
            self._book.add(theme_of("", request.form, True))
        except (Refused, Conflict) as refused:
            return self._form(request, None, dict(request.form), refused)
        return self._back(request, N_("The theme was added."))

    def one(self, request: PageRequest) -> PageResult:
        """Show the form of a theme, or change it."""
        edition = self._book.now()
        theme = edition.one(request.path["key"])
        shown = self._title(request, edition, theme.key)
        if not request.form:
            return self._form(request, theme, {**fields_of(theme, shown), "number": str(edition.number)})
        wanted = theme_of(theme.key, request.form, theme.is_on)
        # A shipped name left as the reader sees it stays the shipped one, in whatever language others read it.
        wanted = replace(wanted, title=theme.title) if wanted.title.strip() == shown else wanted
        try:
            self._book.change(wanted, request.number("number", None))
        except (Refused, Conflict) as refused:
            return self._form(request, theme, dict(request.form), refused)
        return self._back(request, N_("Saved."))

    def switch(self, request: PageRequest, *, on: bool) -> PageResult:
        """Let a theme be looked for, or no more."""
        return self._do(request, lambda: self._book.switch(request.path["key"], on), N_("Saved."))

    def remove(self, request: PageRequest) -> PageResult:
        """Forget a theme."""
        return self._do(request, lambda: self._book.remove(request.path["key"]), N_("The theme was removed."))

    def restore(self, request: PageRequest) -> PageResult:
        """Bring a theme back as it was shipped."""
        said = N_("The theme is as it was shipped.")
        return self._do(request, lambda: self._book.restore(request.path["key"]), said)

    def restore_all(self, request: PageRequest) -> PageResult:
        """Bring all shipped themes back."""
        return self._do(request, self._book.restore, N_("The shipped themes are back; your own stayed."))

    def undo(self, request: PageRequest) -> PageResult:
        """Take the last change back."""
        return self._do(request, self._book.undo, N_("The last change was taken back."))

    def _do(self, request: PageRequest, deed: Callable[[], object], said: str) -> PageResult:
        try:
            deed()
        except (Conflict, NotFound) as refused:
            if isinstance(refused, NotFound) and "key" in request.path:
                raise
            return self._back(request, str(refused))
        return self._back(request, said)

    def _back(self, request: PageRequest, said: str) -> PageResult:
        return PageResult(redirect="themes", notice=self._hub.translate(said, request.language))

    def _list(self, request: PageRequest, **more: Any) -> PageResult:
        edition = self._book.now()
        rows = [
            (each, self._title(request, edition, each.key), each.size - own_size(each))
            for each in edition.themes
        ]
        values: dict[str, Any] = {
            "themes": rows, "edition": edition, "last": self._last(request, edition), "languages": NAMES,
            "text": "", "found": [], "was_tried": False, "longest": LONGEST_TEXT,
        }  # fmt: skip
        return PageResult("themes.html", {**values, **more})

    def _last(self, request: PageRequest, edition: Edition) -> str:
        """Say what the last change was, empty when there was none."""
        if edition.what not in DONE:
            return ""
        t = partial(self._hub.translate, language=request.language)
        title = t(edition.title) if edition.title in SHIPPED.values() else edition.title
        return t(DONE[edition.what]).format(title=title or t(N_("All that was shipped")))

    def _title(self, request: PageRequest, edition: Edition, key: str) -> str:
        return title_of(lambda text: self._hub.translate(text, request.language), edition, key)

    def _form(
        self, request: PageRequest, theme: Theme | None, fields: dict[str, str], refused: Wrong | None = None
    ) -> PageResult:
        values = {
            "theme": theme, "fields": {**fields_of(Theme("", ""), ""), "number": "", **fields}, "languages": NAMES,
            "is_shipped": theme is not None and theme.key in SHIPPED, "problems": self._problems(request, refused),
        }  # fmt: skip
        return PageResult("theme.html", values, status=422 if refused else 200)

    def _problems(self, request: PageRequest, refused: Wrong | None) -> dict[str, str]:
        """Return what is wrong by field; several things at one field stand beside each other."""
        if refused is None:
            return {}
        if isinstance(refused, Conflict):
            return {"": self._hub.translate(str(refused), request.language)}
        found: dict[str, list[str]] = {}
        for each in refused.problems:
            name = f"words-{each.field}" if each.field in LANGUAGES else each.field
            known = ("title", *(f"words-{language}" for language in LANGUAGES))
            where = name if name in known else "more" if name != "patterns" else ""
            word, colon, why = each.reason.rpartition(": ")
            found.setdefault(where, []).append(word + colon + self._hub.translate(why, request.language))
        return {name: "; ".join(each[:5]) for name, each in found.items()}
