"""The pages of the staff area: the list, the form, one endpoint with its log, and replays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedbackhub import N_, Page, PageRequest, PageResult, Refused

from .catalogue import INCLUDES, TYPES
from .endpoints import Endpoint
from .forms import as_typed, fields_of, moment_of, wanted_of
from .log import STATUSES
from .presets import PRESETS
from .replaying import Stretch
from .service import Service

__all__ = ["pages_of"]

PER_PAGE = 50
ADMIN = "admin"
FIELDS = (
    "kind", "title", "url", "more_types", "source", "credentials", "preset", "language", "method", "path", "headers",
    "body",
)  # fmt: skip


def pages_of(service: Service) -> list[Page]:
    """Return the pages."""
    shown, done = Shown(service), Done(service)
    post = ("POST",)

    def acting(rule: str, view: Callable[[PageRequest], PageResult]) -> Page:
        return Page(f"endpoints/<id>/{rule}", "", ADMIN, view, post)

    return [
        Page("", N_("Webhooks"), ADMIN, shown.every),
        Page("new", "", ADMIN, shown.new, ("GET", "POST")),
        Page("endpoints/<id>", "", ADMIN, shown.one),
        Page("endpoints/<id>/edit", "", ADMIN, shown.edit, ("GET", "POST")),
        Page("endpoints/<id>/replay", "", ADMIN, shown.replay, ("GET", "POST")),
        acting("secret", shown.secret),
        acting("test", shown.test),
        acting("on", done.on),
        acting("off", done.off),
        acting("rotate", done.rotate),
        acting("delete", done.delete),
        acting("deliveries/<delivery>/retry", done.retry),
    ]


class Shown:
    """Pages that show something.

    Args:
        service: What is done with endpoints.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def every(self, request: PageRequest) -> PageResult:
        """List the endpoints with how they fare."""
        service = self._service
        values = {"endpoints": service.book.all(), "counts": service.log.counts(), "words": self._words(request)}
        return PageResult("list.html", values)

    def one(self, request: PageRequest) -> PageResult:
        """Show an endpoint with its log."""
        return self._endpoint(request, self._service.book.get(request.path["id"]))

    def secret(self, request: PageRequest) -> PageResult:
        """Show an endpoint with its secret."""
        secret = self._service.secret(request.path["id"])
        return self._endpoint(request, self._service.book.get(request.path["id"]), secret=secret)

    def test(self, request: PageRequest) -> PageResult:
        """Call an endpoint, and show what it answered."""
        id_ = request.path["id"]
        try:
            called = self._service.test(id_, request.form.get("ticket", ""))
        except Refused as refused:
            problems = self._problems(request, refused)
            return self._endpoint(request, self._service.book.get(id_), problems=problems, status=422)
        return self._endpoint(request, self._service.book.get(id_), tried=True, called=called)

    def new(self, request: PageRequest) -> PageResult:
        """Show the form for a new endpoint, or make it."""
        kind = "note" if request.query.get("kind") == "note" else "events"
        if not request.form:
            return self._form(request, None, fields_of(None, kind))
        try:
            made = self._service.add(wanted_of(request), request.user)
        except Refused as refused:
            return self._form(request, None, as_typed(request), refused)
        said = self._service.hub.translate(N_("The endpoint was made. Try it with a test."), request.language)
        return PageResult(redirect=f"endpoints/{made.id}", notice=said)

    def edit(self, request: PageRequest) -> PageResult:
        """Show the form for an endpoint, or change it."""
        endpoint = self._service.book.get(request.path["id"])
        if not request.form:
            return self._form(request, endpoint, fields_of(endpoint, ""))
        try:
            self._service.change(endpoint.id, wanted_of(request))
        except Refused as refused:
            return self._form(request, endpoint, as_typed(request), refused)
        said = self._service.hub.translate(N_("Saved."), request.language)
        return PageResult(redirect=f"endpoints/{endpoint.id}", notice=said)

    def replay(self, request: PageRequest) -> PageResult:
        """Show how many events a replay would send, or begin it."""
        endpoint, replays = self._service.book.get(request.path["id"]), self._service.replays
        given = request.form or request.query
        if not (given.get("since") or given.get("after")):
            return self._replay(request, endpoint)
        try:
            part = replays.stretch(request.number("after", 0), moment_of(given.get("since", "")))
        except Refused as refused:
            return self._replay(request, endpoint, problems=self._problems(request, refused), status=422)
        if not request.form:
            return self._replay(request, endpoint, part)
        replays.begin(endpoint, part)
        said = self._service.hub.translate(N_("The replay has begun."), request.language)
        return PageResult(redirect=f"endpoints/{endpoint.id}", notice=said)

    def _replay(
        self, request: PageRequest, endpoint: Endpoint, part: Stretch | None = None, status: int = 200, **more: Any
    ) -> PageResult:
        count = self._service.replays.count(endpoint, part) if part else None
        since, after = request.query.get("since", ""), request.query.get("after", "")
        values = {"endpoint": endpoint, "part": part, "count": count, "since": since, "after": after}
        return PageResult("replay.html", {"problems": {}, **values, **more}, status=status)

    def _endpoint(self, request: PageRequest, endpoint: Endpoint, status: int = 200, **more: Any) -> PageResult:
        only = request.query.get("status", "")
        before = request.number("before", None)
        found = self._service.log.page(endpoint.id, only if only in STATUSES else "", before, PER_PAGE + 1)
        values: dict[str, Any] = {
            "endpoint": endpoint,
            "preset": PRESETS.get(str(endpoint.template.get("preset"))),
            "deliveries": found[:PER_PAGE],
            "older": found[PER_PAGE - 1].position if len(found) > PER_PAGE else None,
            "only": only,
            "statuses": STATUSES,
            "counts": self._service.log.counts().get(endpoint.id, {}),
            "words": self._words(request),
            "problems": {},
            "secret": "",
            "tried": False,
            "called": None,
        }
        return PageResult("endpoint.html", {**values, **more}, status=status)

    def _form(
        self, request: PageRequest, endpoint: Endpoint | None, fields: dict[str, Any], refused: Refused | None = None
    ) -> PageResult:
        t, language = self._service.hub.translate, request.language
        values = {
            "endpoint": endpoint,
            "fields": {**dict.fromkeys(FIELDS, ""), "types": (), "include": (), **fields},
            "problems": self._problems(request, refused) if refused else {},
            "types": [(name, t(text, language)) for name, text in TYPES.items()],
            "includes": [(name, t(text, language)) for name, text in INCLUDES.items()],
            "presets": [(name, each.title) for name, each in PRESETS.items()],
            "credentials": [(name, name) for name in sorted(self._service.settings.credentials)],
        }
        return PageResult("form.html", values, status=422 if refused else 200)

    def _problems(self, request: PageRequest, refused: Refused) -> dict[str, str]:
        t = self._service.hub.translate
        return {each.field: t(each.reason, request.language) for each in reversed(refused.problems)}

    def _words(self, request: PageRequest) -> dict[str, str]:
        return {name: self._service.hub.translate(text, request.language) for name, text in WORDS.items()}


class Done:
    """Buttons that change something and lead back.

    Args:
        service: What is done with endpoints.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def on(self, request: PageRequest) -> PageResult:
        """Switch an endpoint on."""
        self._service.switch(request.path["id"], True)
        return self._back(request, N_("The endpoint is on."))

    def off(self, request: PageRequest) -> PageResult:
        """Switch an endpoint off."""
        self._service.switch(request.path["id"], False)
        return self._back(request, N_("The endpoint is off."))

    def rotate(self, request: PageRequest) -> PageResult:
        """Take a new secret into use."""
        self._service.rotate(request.path["id"])
        return self._back(request, N_("There is a new secret. For 24 hours the old one signs too."))

    def delete(self, request: PageRequest) -> PageResult:
        """Forget an endpoint and its log."""
        self._service.book.remove(request.path["id"])
        said = self._service.hub.translate(N_("The endpoint was deleted."), request.language)
        return PageResult(redirect="/", notice=said)

    def retry(self, request: PageRequest) -> PageResult:
        """Send one delivery again."""
        log = self._service.log
        log.retry(log.get(request.path["id"], request.path["delivery"]))
        return self._back(request, N_("It is sent again."))

    def _back(self, request: PageRequest, said: str) -> PageResult:
        notice = self._service.hub.translate(said, request.language)
        return PageResult(redirect=f"endpoints/{request.path['id']}", notice=notice)


WORDS = {
    "waiting": N_("Waiting"),
    "delivered": N_("Delivered"),
    "failed": N_("Failed"),
    "held": N_("Held back"),
    "skipped": N_("Nothing to say"),
    "by_hand": N_("switched off by staff"),
    "gone": N_("it answered 410 Gone"),
    "failing": N_("it has failed for five days"),
}
