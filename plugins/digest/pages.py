"""The pages of the staff area: the list, the form, one digest with its readers, and the preview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from feedbackhub import N_, NotFound, Page, PageRequest, PageResult, Refused

from .book import UNDO, Digest
from .choices import choices
from .ending import Ending
from .forms import as_typed, fields_of, wanted_of
from .history import Edition
from .service import Service

__all__ = ["pages_of"]

MANAGER = "manager"
#: A preview that is not there by then will not come.
PATIENCE = timedelta(minutes=15)


def pages_of(service: Service) -> list[Page]:
    """Return the pages."""
    shown, done, ending = Shown(service), Done(service), Ending(service.hub, service.recipients)
    both, post = ("GET", "POST"), ("POST",)

    def acting(rule: str, view: Callable[[PageRequest], PageResult]) -> Page:
        return Page(f"digests/<id>/{rule}", "", MANAGER, view, post)

    return [
        Page("", N_("Digests"), MANAGER, shown.every),
        Page("new", "", MANAGER, shown.new, both),
        Page("digests/<id>", "", MANAGER, shown.one),
        Page("digests/<id>/edit", "", MANAGER, shown.edit, both),
        Page("digests/<id>/preview/<edition>", "", MANAGER, shown.preview),
        Page("digests/<id>/preview/<edition>/mail", "", MANAGER, shown.mail),
        acting("preview", done.preview),
        acting("test", done.test),
        acting("on", done.on),
        acting("off", done.off),
        acting("delete", done.delete),
        acting("restore", done.restore),
        acting("readers/<reader>/back", shown.back),
        Page("stop/<token>", N_("End this mail"), "public", ending.show, both),
    ]


class Shown:
    """Pages that show something.

    Args:
        service: What is done with digests.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def every(self, request: PageRequest) -> PageResult:
        """List the digests, and those that can still be brought back."""
        book = self._service.book
        lines = [(each, book.next_at(each)) for each in book.all()]
        counts, gone = self._service.recipients.counts(), book.all(deleted=True)
        values = {"lines": lines, "counts": counts, "gone": gone, "undo_days": UNDO.days}
        return PageResult("list.html", {**values, **self._common(request)})

    def one(self, request: PageRequest) -> PageResult:
        """Show a digest with its readers and what was sent."""
        return self._digest(request, self._service.book.get(request.path["id"]))

    def back(self, request: PageRequest) -> PageResult:
        """Put somebody back who had ended a digest; without a reason the page says that one is needed."""
        found = self._service.book.get(request.path["id"])
        try:
            self._service.recipients.put_back(
                found.id, request.path["reader"], request.form.get("note", ""), request.user
            )
        except Refused as refused:
            problems = refused.told(self._service.hub.translate, request.language, " ")
            return self._digest(request, found, problems, request.path["reader"], status=422)
        notice = self._service.hub.translate(N_("The mail goes to this address again."), request.language)
        return PageResult(redirect=f"digests/{found.id}", notice=notice)

    def new(self, request: PageRequest) -> PageResult:
        """Show the form for a new digest, or make it."""
        if not request.form:
            return self._form(request, None, fields_of(None, (), self._service.hub.analyses()))
        try:
            made = self._service.add(wanted_of(request), request.user)
        except Refused as refused:
            return self._form(request, None, as_typed(request), refused)
        words = self._service.hub.translate(N_("The digest was made. Look at the preview."), request.language)
        return PageResult(redirect=f"digests/{made.id}", notice=words)

    def edit(self, request: PageRequest) -> PageResult:
        """Show the form for a digest, or change it."""
        found = self._service.book.get(request.path["id"])
        if not request.form:
            return self._form(request, found, fields_of(found, self._service.recipients.of(found.id), ()))
        try:
            self._service.change(found.id, wanted_of(request))
        except Refused as refused:
            return self._form(request, found, as_typed(request), refused)
        words = self._service.hub.translate(N_("Saved."), request.language)
        return PageResult(redirect=f"digests/{found.id}", notice=words)

    def preview(self, request: PageRequest) -> PageResult:
        """Show the mail as it would be now, once it is made; until then the page looks again by itself."""
        found, edition = self._edition(request)
        age = self._service.hub.clock.now() - edition.created_at
        works = edition.state == "waiting" and age < PATIENCE
        values = {"digest": found, "edition": edition, "working": works, "content": edition.content}
        problems = self._problems(request, edition)
        return PageResult("preview.html", {**values, **self._common(request), "problems_of": problems})

    def mail(self, request: PageRequest) -> PageResult:
        """Give the mail's HTML for the frame on the preview's page."""
        _, edition = self._edition(request)
        if edition.content is None:
            raise NotFound("no such preview")
        html = str(edition.content.get("html", "")).replace("<head>", '<head><base target="_blank">', 1)
        return PageResult(body=html.encode())

    def _edition(self, request: PageRequest) -> tuple[Digest, Edition]:
        found = self._service.book.get(request.path["id"])
        edition = self._service.history.find(request.path["edition"])
        if edition is None or edition.digest != found.id or edition.kind != "preview":
            raise NotFound("no such preview")
        return found, edition

    def _digest(
        self, request: PageRequest, found: Digest, problems: dict[str, str] | None = None, reader: str = "",
        status: int = 200,
    ) -> PageResult:  # fmt: skip
        service, common = self._service, self._common(request)
        sent = [(each, self._problems(request, each)) for each in service.history.sent(found.id)]
        names = {**common["dimensions"], "survey": service.hub.translate(N_("Survey"), request.language)}
        values = {
            "digest": found, "readers": service.recipients.of(found.id), "sent": sent,
            "next_at": service.book.next_at(found), "problems": problems or {}, "reader": reader,
            "filters": [(names.get(name, name), value) for name, value in found.filters.items()],
            "titles": service.hub.analyses(request.language), "note": request.form.get("note", ""),
        }  # fmt: skip
        return PageResult("digest.html", {**common, **values}, status=status)

    def _form(
        self, request: PageRequest, found: Digest | None, fields: dict[str, Any], refused: Refused | None = None
    ) -> PageResult:
        problems = refused.told(self._service.hub.translate, request.language, " ") if refused else {}
        kept = found.reports if found else ()
        values = {"digest": found, "fields": fields, "problems": problems}
        offered = choices(self._service.hub, request.language, kept)
        return PageResult("form.html", {**values, **self._common(request), **offered}, status=422 if refused else 200)

    def _common(self, request: PageRequest) -> dict[str, Any]:
        """Return what every page knows: the names of things, and what stands in the way of sending."""
        from_choices = choices(self._service.hub, request.language, (), values=False)
        return {
            **from_choices, "can_send": self._service.can_send, "can_draw": self._service.can_draw,
            "channel": self._service.settings.channel, "zone": self._service.hub.timezone,
            "may_quote": self._service.settings.quotes, "domains": self._service.settings.domains,
        }  # fmt: skip

    def _problems(self, request: PageRequest, edition: Edition) -> list[str]:
        t = self._service.hub.translate
        return [t(each.text, request.language).format(**each.values) for each in edition.problems]


class Done:
    """Buttons that change something and lead on.

    Args:
        service: What is done with digests.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def preview(self, request: PageRequest) -> PageResult:
        """Have the mail made, and lead to where it will be shown."""
        edition = self._service.preview(request.path["id"])
        return PageResult(redirect=f"digests/{edition.digest}/preview/{edition.id}")

    def test(self, request: PageRequest) -> PageResult:
        """Send the mail to whoever presses the button."""
        self._service.try_out(request.path["id"], request.user)
        return self._back(request, N_("A test is on its way to your own address."))

    def on(self, request: PageRequest) -> PageResult:
        """Send a digest from now on."""
        self._service.book.switch(request.path["id"], True)
        return self._back(request, N_("The digest is on. What was due meanwhile is not sent."))

    def off(self, request: PageRequest) -> PageResult:
        """Pause a digest."""
        self._service.book.switch(request.path["id"], False)
        return self._back(request, N_("The digest is paused."))

    def delete(self, request: PageRequest) -> PageResult:
        """Delete a digest; the list offers to bring it back."""
        self._service.book.remove(request.path["id"])
        words = N_("The digest was deleted. Below you can bring it back.")
        return PageResult(redirect="/", notice=self._service.hub.translate(words, request.language))

    def restore(self, request: PageRequest) -> PageResult:
        """Bring a deleted digest back."""
        self._service.book.restore(request.path["id"])
        return self._back(request, N_("The digest is back."))

    def _back(self, request: PageRequest, words: str) -> PageResult:
        notice = self._service.hub.translate(words, request.language)
        return PageResult(redirect=f"digests/{request.path['id']}", notice=notice)
