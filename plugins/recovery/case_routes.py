"""The operations of the API on cases: a helpdesk can carry a case instead of the staff area."""

from __future__ import annotations

from feedbackhub import Hub, Route, RouteRequest

from .book import Wanted
from .case import Case
from .case_models import (
    CaseChange,
    CaseDeed,
    CaseDetail,
    CaseEnd,
    CaseIn,
    CaseList,
    CaseNote,
    CaseOut,
    CaseQuery,
    CaseWait,
)
from .deeds import Carrier, Deeds
from .settings import Settings

__all__ = ["case_routes"]

CARRIED = ("reference", "url", "quiet")


def case_routes(hub: Hub, settings: Settings) -> list[Route]:
    """Return the operations."""
    here = CaseOperations(hub, settings)
    one, out = "cases/<id>", CaseDetail
    return [
        Route("GET", "cases", "List cases.", "read", here.every, CaseList, query=CaseQuery),
        Route("POST", "cases", "Open a case by hand.", "write", here.open, out, CaseIn, status=201),
        Route("GET", one, "Show a case with its history.", "read", here.one, out),
        Route("PATCH", one, "Change owner, tags, flags, or who carries it.", "write", here.change, out, CaseChange),
        Route("POST", f"{one}/notes", "Write a note.", "write", here.note, out, CaseNote),
        Route("POST", f"{one}/acknowledge", "Take a case on.", "write", here.acknowledge, out, CaseDeed),
        Route("POST", f"{one}/wait", "Let a case wait; it comes back by itself.", "write", here.wait, out, CaseWait),
        Route("POST", f"{one}/close", "Close a case.", "write", here.close, out, CaseEnd),
        Route("POST", f"{one}/reopen", "Open a closed case again.", "write", here.reopen, out, CaseDeed),
        Route("POST", f"{one}/undo", "Take the last step back.", "write", here.undo, out, CaseDeed),
    ]


class CaseOperations:
    """What each operation does.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._deeds = hub, Deeds(hub, settings)

    def every(self, request: RouteRequest) -> CaseList:
        """List cases."""
        query: CaseQuery = request.query
        now = self._hub.clock.now()
        wanted = Wanted(
            states=(query.state,) if query.state else (), owner=query.owner.lower() or None, team=query.team,
            survey=query.survey, responses=(query.response,) if query.response else (),
            customers=(query.customer,) if query.customer else (), overdue_at=now if query.overdue else None,
        )  # fmt: skip
        found = self._deeds.cases.listing(wanted, after=query.after, size=query.limit + 1)
        part = found[: query.limit]
        more = part[-1].id if len(found) > len(part) else ""
        return CaseList(cases=[CaseOut.of(each, now) for each in part], next=more)

    def open(self, request: RouteRequest) -> CaseDetail:
        """Open a case by hand."""
        body: CaseIn = request.body
        return self._out(self._deeds.open(body.response, request.actor, body.text))

    def one(self, request: RouteRequest) -> CaseDetail:
        """Show a case with its history."""
        return self._out(self._deeds.cases.get(request.path["id"]))

    def change(self, request: RouteRequest) -> CaseDetail:
        """Change owner, tags, flags, or who carries it."""
        body: CaseChange = request.body
        case = self._deeds.seen(request.path["id"], body.version)
        given = body.model_dump(include=set(CARRIED), exclude_none=True)
        carrier = Carrier(**{name: given.get(name, getattr(case, name)) for name in CARRIED}) if given else None
        return self._out(self._deeds.change(
            case, request.actor, owner=body.owner, tags=body.tags, flags=body.flags, carrier=carrier
        ))  # fmt: skip

    def note(self, request: RouteRequest) -> CaseDetail:
        """Write a note."""
        case = self._deeds.cases.get(request.path["id"])
        return self._out(self._deeds.note(case, request.actor, request.body.text))

    def acknowledge(self, request: RouteRequest) -> CaseDetail:
        """Take a case on."""
        return self._out(self._deeds.acknowledge(self._seen(request), request.actor, request.body.text))

    def wait(self, request: RouteRequest) -> CaseDetail:
        """Let a case wait; it comes back by itself."""
        body: CaseWait = request.body
        return self._out(self._deeds.wait(self._seen(request), request.actor, body.until, body.text))

    def close(self, request: RouteRequest) -> CaseDetail:
        """Close a case."""
        body: CaseEnd = request.body
        return self._out(self._deeds.close(self._seen(request), request.actor, body.outcome, body.text))

    def reopen(self, request: RouteRequest) -> CaseDetail:
        """Open a closed case again."""
        return self._out(self._deeds.reopen(self._seen(request), request.actor, request.body.text))

    def undo(self, request: RouteRequest) -> CaseDetail:
        """Take the last step back."""
        return self._out(self._deeds.undo(self._seen(request), request.actor))

    def _seen(self, request: RouteRequest) -> Case:
        body: CaseDeed = request.body
        return self._deeds.seen(request.path["id"], body.version)

    def _out(self, case: Case) -> CaseDetail:
        return CaseDetail.whole(case, self._deeds.cases.history(case.id), self._hub.clock.now())
