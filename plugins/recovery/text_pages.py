"""The pages of texts: the list, the form with a look at what comes out, and taking changes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from feedbackhub import Conflict, Hub, NotFound, Page, PageRequest, PageResult, Refused
from feedbackhub.reporting import N_, Words

from .offer_pages import LANGUAGE_NAMES
from .offers_shown import title_of
from .piping import KNOWN, fill, problems
from .settings import Settings
from .sms_size import parts_of
from .step_words import KIND_WORDS, MANNER_WORDS
from .text_book import Held, TextBook
from .text_forms import PARTS, fields_of_text, languages_shown, text_of_form
from .texts import SAMPLE, SHIPPED, Text

__all__ = ["text_pages"]

ROLE, LIST = "manager", "texts"
RTL = ("ar", "fa", "he", "ur")


def text_pages(hub: Hub) -> list[Page]:
    """Return the pages."""
    here, both, post = Pages(hub), ("GET", "POST"), ("POST",)
    return [
        Page(LIST, N_("Letters to customers"), ROLE, here.every),
        Page(f"{LIST}/new", "", ROLE, here.new, both),
        Page(f"{LIST}/<name>", "", ROLE, here.one, both),
        Page(f"{LIST}/<name>/on", "", ROLE, partial(here.switch, on=True), post),
        Page(f"{LIST}/<name>/off", "", ROLE, partial(here.switch, on=False), post),
        Page(f"{LIST}/<name>/remove", "", ROLE, here.remove, post),
        Page(f"{LIST}/<name>/undo", "", ROLE, here.undo, post),
    ]


class Pages:
    """What each page does.

    Args:
        hub: The plugin's hub.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._book = TextBook(hub, hub.settings(Settings).offers.sms_parts)

    def every(self, request: PageRequest) -> PageResult:
        """List the texts."""
        t = Words(self._hub, request.language)
        rows = [
            (held, held.text, title_of(t, held.text), self._kind(t, held.text))
            for held in self._book.all() if held.text is not None
        ]  # fmt: skip
        gone = self._gone(request.query.get("removed", ""))
        return PageResult("texts.html", {"rows": rows, "names": LANGUAGE_NAMES, "removed": gone})

    def _gone(self, name: str) -> str:
        """Return the name of a text that was just removed, so that it can be brought back; empty for none."""
        try:
            self._book.held(name)
        except NotFound:
            return name if name and name.replace("-", "").isalnum() and len(name) <= 40 else ""
        return ""

    @staticmethod
    def _kind(t: Words, text: Text) -> str:
        manner = MANNER_WORDS.get(text.manner, "")
        return " · ".join(filter(None, [t(KIND_WORDS[text.kind]), t(manner) if manner else ""]))

    def new(self, request: PageRequest) -> PageResult:
        """Show the form of a new text, or keep it."""
        if not request.form:
            return self._form(request, None, {"kind": "apology", "manner": "plain"})
        wanted = text_of_form(request.form, request.form.get("name", "").strip())
        if request.form.get("deed") == "preview":
            return self._form(request, None, request.form, looked=wanted)
        try:
            self._book.add(wanted, request.user)
        except (Refused, Conflict) as refused:
            return self._form(request, None, request.form, refused)
        return self._back(request, N_("The text was added."))

    def one(self, request: PageRequest) -> PageResult:
        """Show the form of a text, or change it."""
        held = self._book.held(request.path["name"])
        if held.text is None:
            raise NotFound("no such text")
        shown = title_of(Words(self._hub, request.language), held.text)
        if not request.form:
            return self._form(request, held, {**fields_of_text(held.text, shown), "number": str(held.number)})
        wanted = text_of_form(request.form, held.text.name, held.text.is_on)
        # A shipped title left as the reader sees it stays the shipped one, in whatever language others read it.
        wanted = replace(wanted, title=held.text.title) if wanted.title.strip() == shown else wanted
        if request.form.get("deed") == "preview":
            return self._form(request, held, request.form, looked=wanted)
        try:
            self._book.change(wanted, request.user, request.number("number", None))
        except (Refused, Conflict) as refused:
            return self._form(request, held, request.form, refused)
        return self._back(request, N_("Saved."))

    def switch(self, request: PageRequest, *, on: bool) -> PageResult:
        """Offer a text, or no more."""
        name = request.path["name"]
        return self._do(request, lambda: self._book.switch(name, on, request.user), N_("Saved."))

    def remove(self, request: PageRequest) -> PageResult:
        """Forget a text of one's own, or bring a shipped one back as it was shipped."""
        name = request.path["name"]
        done = N_("The text is as it was shipped.") if name in SHIPPED else N_("The text was removed.")
        more = "" if name in SHIPPED else f"?removed={name}"
        return self._do(request, lambda: self._book.remove(name, request.user), done, more)

    def undo(self, request: PageRequest) -> PageResult:
        """Take the last change back."""
        name, number = request.path["name"], request.number("number", None)
        done = N_("The last change was taken back.")
        return self._do(request, lambda: self._book.undo(name, request.user, number), done)

    def _do(self, request: PageRequest, deed: Callable[[], object], done: str, more: str = "") -> PageResult:
        try:
            deed()
        except Conflict as conflict:
            return self._back(request, str(conflict))
        return self._back(request, done, more)

    def _back(self, request: PageRequest, done: str, more: str = "") -> PageResult:
        return PageResult(redirect=f"{LIST}{more}", notice=self._hub.translate(done, request.language))

    def _form(
        self, request: PageRequest, held: Held | None, form: Mapping[str, str],
        refused: Refused | Conflict | None = None, looked: Text | None = None,
    ) -> PageResult:  # fmt: skip
        t = Words(self._hub, request.language)
        text = held.text if held else None
        languages = languages_shown(text, form)
        empty = dict.fromkeys([f"{part}-{each}" for part in PARTS for each in languages], "")
        plain = {"title": "", "name": "", "kind": "", "manner": "", "number": "", "more": ""}
        values: dict[str, Any] = {
            "held": held, "text": text, "fields": {**plain, **empty, **form, "more": ""}, "problems": {},
            "languages": [(each, LANGUAGE_NAMES.get(each, each), each in RTL) for each in languages],
            "kinds": [(name, t(words)) for name, words in KIND_WORDS.items()],
            "manners": [(name, t(words)) for name, words in MANNER_WORDS.items() if name],
            "known": [f"{space}.{name}" for space, names in KNOWN.items() for name in names],
            "is_shipped": bool(text and text.name in SHIPPED), "looks": self._looks(looked) if looked else [],
        }  # fmt: skip
        if isinstance(refused, Refused):
            values["problems"] = _by_field(refused.told(self._hub.translate, request.language))
        elif refused is not None:
            values["problems"] = {"": t(str(refused))}
        return PageResult("text.html", values, status=422 if refused else 200)

    @staticmethod
    def _looks(text: Text) -> list[dict[str, Any]]:
        """Return each language of a text as a customer would read it, with invented values."""
        found: list[dict[str, Any]] = []
        for language, words in text.languages.items():
            if problems(words.subject + words.words) or problems(words.short):
                continue
            short = fill(words.short, SAMPLE)
            found.append({
                "language": language, "name": LANGUAGE_NAMES.get(language, language), "parts": parts_of(short),
                "subject": fill(words.subject, SAMPLE), "words": fill(words.words, SAMPLE), "short": short,
            })  # fmt: skip
        return found


def _by_field(told: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong by the names of the form's fields: ``languages.id.short`` is ``short-id`` there."""
    found: dict[str, str] = {}
    for name, why in told.items():
        parts = name.split(".")
        if parts[0] == "languages":
            name = f"{parts[2]}-{parts[1]}" if len(parts) == 3 else f"words-{parts[1]}" if len(parts) == 2 else ""
        found[name] = f"{found[name]}; {why}" if name in found else why
    return found
