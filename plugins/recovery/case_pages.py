"""The pages of cases: the lists, one case with all that can be done, and opening one by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from feedbackhub import Conflict, Hub, NotFound, Page, PageRequest, PageResult, Piece, Problem, Refused, Seat, Slot
from feedbackhub.reporting import N_, Words

from .book import MEANWHILE, Wanted
from .case import UNFINISHED, Case
from .case_shown import CaseShown
from .deeds import Carrier, Deeds
from .offers_shown import offers_of
from .settings import Settings
from .telling import can_tell

__all__ = ["case_pages", "case_slots"]

ROLE = "agent"
SIZE = 50
TABS = {
    "mine": N_("Mine"), "nobody": N_("Nobody’s"), "all": N_("All open"), "overdue": N_("Overdue"),
    "waiting": N_("Waiting"), "closed": N_("Closed"),
}  # fmt: skip
CHANGED = N_("This case was changed meanwhile. This is how it stands now; what you typed is still there.")
DONE = {
    "note": N_("The note is written."), "acknowledge": N_("The case is yours to work on."),
    "wait": N_("The case waits, and comes back by itself."), "close": N_("The case is closed."),
    "reopen": N_("The case is open again."), "undo": N_("The last step was taken back."), "assign": N_("Saved."),
    "tag": N_("Saved."), "flag": N_("Saved."), "carry": N_("Saved."),
}  # fmt: skip
#: What stands in the history of what a form may want twice.
STEPS = {
    "acknowledge": "acknowledged", "wait": "waiting", "close": "closed", "reopen": "reopened", "undo": "undone",
    "assign": "owner",
}  # fmt: skip
Deed = Callable[[Case, PageRequest], Case]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list was narrowed down to; empty for everything."""

    team: str
    owner: str


def case_pages(hub: Hub, settings: Settings) -> list[Page]:
    """Return the pages."""
    here, both = CasePages(hub, settings), ("GET", "POST")
    return [
        Page("", N_("Cases"), ROLE, here.every),
        Page("cases/<id>", "", ROLE, here.one, both),
        Page("open/<response>", "", ROLE, here.open, both),
    ]


def case_slots(hub: Hub, settings: Settings) -> list[Slot]:
    """Return what the page of an answer without a case offers."""
    deeds = Deeds(hub, settings)

    def show(seat: Seat) -> Piece | None:
        if not seat.response or deeds.cases.find(seat.response) is not None:
            return None
        response = hub.read.response(seat.response)
        is_second = bool(response.after_response) and deeds.cases.find(response.after_response) is not None
        return None if is_second or not response.counted else Piece("case_offer.html", {"response": seat.response})

    def home(seat: Seat) -> Piece | None:
        # Managers see what lies anywhere, agents what is theirs.
        owner = seat.user.lower() if seat.role == "agent" else None
        lists = {"n": Wanted(states=UNFINISHED, owner=owner), "late": Wanted(owner=owner, overdue_at=hub.clock.now())}
        counts = deeds.cases.counts(lists)
        values = {**counts, "list": "mine" if seat.role == "agent" else "all"}
        return Piece("case_home.html", values) if counts["n"] else None

    return [Slot("answer", N_("No case"), ROLE, show), Slot("home", N_("Cases"), ROLE, home)]


class CasePages:
    """What each page does.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
    """

    def __init__(self, hub: Hub, settings: Settings) -> None:
        self._hub, self._settings, self._deeds = hub, settings, Deeds(hub, settings)
        self._ways: Mapping[str, Deed] = {
            "note": lambda case, request: self._deeds.note(case, request.user, request.form.get("text", "")),
            "acknowledge": lambda case, request: self._deeds.acknowledge(case, request.user),
            "wait": self._wait,
            "close": self._close,
            "reopen": lambda case, request: self._deeds.reopen(case, request.user, request.form.get("text", "")),
            "undo": lambda case, request: self._deeds.undo(case, request.user),
            "assign": lambda case, request: self._deeds.change(case, request.user, owner=request.form.get("owner", "")),
            "tag": lambda case, request: self._deeds.change(case, request.user, tags=_tags(request)),
            "flag": lambda case, request: self._deeds.change(case, request.user, flags=request.every("flags")),
            "carry": lambda case, request: self._deeds.change(case, request.user, carrier=_carrier(request)),
        }

    def every(self, request: PageRequest) -> PageResult:
        """List cases, what is due next first."""
        tab = request.query.get("list", "")
        tab = tab if tab in TABS else "mine" if request.role == "agent" else "all"
        chosen = Chosen(request.query.get("team", "")[:200], request.query.get("owner", "")[:320])
        lists = {each: self._wanted(each, chosen, request.user.lower()) for each in TABS}
        after = request.query.get("after", "")
        try:
            found = self._deeds.cases.listing(
                lists[tab], after=after, size=SIZE + 1, by_due=True, newest=tab == "closed"
            )
        except NotFound:  # a link that is old
            return PageResult(redirect="/")
        t, (teams, owners) = Words(self._hub, request.language), self._deeds.cases.filters()
        # Closed ones are not counted, there are many.
        counts = self._deeds.cases.counts({name: wanted for name, wanted in lists.items() if name != "closed"})
        values = {
            "lines": CaseShown(self._hub, request.language).lines(found[:SIZE]), "tab": tab, "chosen": chosen,
            "tabs": [(name, t(title), counts.get(name)) for name, title in TABS.items()],
            "next": found[SIZE - 1].id if len(found) > SIZE else "", "is_first": not after,
            "teams": teams, "owners": owners, "can_tell": can_tell(self._hub, self._settings),
            "channel": self._settings.channel, "zone": self._hub.timezone,
        }  # fmt: skip
        return PageResult("cases.html", values)

    def one(self, request: PageRequest) -> PageResult:
        """Show a case, or do something with it."""
        case = self._deeds.cases.get(request.path["id"])
        if not request.form:
            return self._show(request, case)
        deed = request.form.get("deed", "")
        way = self._ways.get(deed)
        if way is None:
            return self._show(request, case, wrong="deed")
        try:
            # A note is never in the way of what somebody else does.
            way(case if deed == "note" else self._seen(request), request)
        except Conflict as conflict:
            if not self._is_done(deed, request):
                return self._show(request, self._deeds.cases.get(case.id), conflict, deed)
        except Refused as refused:
            return self._show(request, case, refused, deed)
        t = Words(self._hub, request.language)
        return PageResult(redirect=f"cases/{case.id}", notice=t(DONE[deed]))

    def open(self, request: PageRequest) -> PageResult:
        """Open a case by hand for an answer."""
        response = self._hub.read.response(request.path["response"])
        found = self._deeds.cases.find(response.public_id)
        if found is not None:
            return PageResult(redirect=f"cases/{found.id}")
        if not request.form:
            return PageResult("case_open.html", {"response": response, "text": "", "problem": ""})
        text = request.form.get("text", "")
        try:
            case = self._deeds.open(response.public_id, request.user, text)
        except Conflict:
            return PageResult(redirect=f"open/{response.public_id}")
        except Refused as refused:
            values = {"response": response, "text": text, "problem": self._said(request, refused)}
            return PageResult("case_open.html", values, status=422)
        notice = self._hub.translate(N_("The case is open."), request.language)
        return PageResult(redirect=f"cases/{case.id}", notice=notice)

    def _seen(self, request: PageRequest) -> Case:
        """Return the case if it is as the sender of a form saw it; raises Conflict."""
        return self._deeds.seen(request.path["id"], request.number("version", -1))

    def _is_done(self, deed: str, request: PageRequest) -> bool:
        """Tell whether a form came twice, as by a double click, so that what it wants is the last that was done."""
        case = self._deeds.cases.get(request.path["id"])
        last = self._deeds.cases.history(case.id)[-1:]
        if deed not in STEPS or not last or request.form.get("version") != str(case.version - 1):
            return False
        words = request.form.get("text", "").strip()
        if (last[0].kind, last[0].by, last[0].text) != (STEPS[deed], request.user, words):
            return False
        waits = case.next_at.astimezone(ZoneInfo(self._hub.timezone)) if case.next_at else None
        same = {
            "close": case.outcome == request.form.get("outcome"), "assign": case.owner == request.form.get("owner"),
            "wait": waits is not None and f"{waits:%Y-%m-%dT%H:%M}" == request.form.get("until", "")[:16],
        }  # fmt: skip
        return same.get(deed, True)

    def _wait(self, case: Case, request: PageRequest) -> Case:
        return self._deeds.wait(case, request.user, self._until(request), request.form.get("text", ""))

    def _until(self, request: PageRequest) -> datetime:
        said = request.form.get("until", "")
        try:
            return datetime.strptime(said[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(self._hub.timezone))
        except ValueError:
            raise Refused(Problem("until", N_("must be a day and a time"))) from None

    def _close(self, case: Case, request: PageRequest) -> Case:
        return self._deeds.close(case, request.user, request.form.get("outcome", ""), request.form.get("text", ""))

    def _show(
        self, request: PageRequest, case: Case, refused: Refused | Conflict | None = None, wrong: str = ""
    ) -> PageResult:
        history = self._deeds.cases.history(case.id)
        shown: dict[str, Any] = CaseShown(self._hub, request.language).whole(case, history)
        is_stale = isinstance(refused, Conflict)
        said = self._said(request, refused) if refused is not None else ""
        values: dict[str, Any] = {
            **shown, "line": shown, "case_due": shown["due"], "wrong": wrong, "said_wrong": said, "me": request.user,
            "offers": offers_of(self._hub, case, history, request.language),
            "fields": dict(request.form) if wrong else {},
            "zone": self._hub.timezone, "longest_wait": self._settings.longest_wait_days,
        }  # fmt: skip
        return PageResult("case.html", values, status=409 if is_stale else 422 if wrong else 200)

    def _said(self, request: PageRequest, refused: Refused | Conflict) -> str:
        if isinstance(refused, Refused):
            return "; ".join(each.told(self._hub.translate, request.language) for each in refused.problems)
        is_stale = str(refused) == MEANWHILE
        return self._hub.translate(CHANGED if is_stale else str(refused), request.language)

    def _wanted(self, tab: str, chosen: Chosen, user: str) -> Wanted:
        states = {"waiting": ("waiting",), "closed": ("closed",)}.get(tab, UNFINISHED)
        owner = {"mine": user, "nobody": ""}.get(tab, chosen.owner or None)
        overdue = self._hub.clock.now() if tab == "overdue" else None
        return Wanted(states=states, owner=owner, team=chosen.team, overdue_at=overdue)


def _tags(request: PageRequest) -> list[str]:
    return request.form.get("tags", "").split(",")


def _carrier(request: PageRequest) -> Carrier:
    return Carrier(request.form.get("reference", ""), request.form.get("url", ""), "quiet" in request.form)
