"""A plugin whose analyses do what analyses must not do, and some that do what they should."""

import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from feedbackhub import (
    Analysis,
    Chart,
    Figure,
    Hub,
    Option,
    Problem,
    Query,
    Refused,
    Report,
    ReportTable,
    Unavailable,
    hookimpl,
)
from feedbackhub.charts import Bar, Spot, histogram, intervals, trend
from feedbackhub.contract.reports import Way


class Does(Analysis):
    """Does what it was told to."""

    title = "Odd"
    options = (Option("step", "Step", {"": "any", "week": "weeks"}),)

    def __init__(self, name: str, run: Callable[[Query], object], permission: str = "manager") -> None:
        self.name = name  # type: ignore[misc]
        self.permission = permission  # type: ignore[misc]
        self._run = run

    def report(self, query: Query) -> Report:
        """Do it."""
        return self._run(query)  # type: ignore[return-value]


class Coy(Does):
    """Cannot say what there is to choose."""

    def offers(self) -> list[Option]:
        """Fail, or offer what is no option."""
        if self.name == "coy":
            raise LookupError("nothing to choose from")
        return ["step"]  # type: ignore[list-item]


def loud(query: Query) -> Report:
    """Write and read where the process talks with its parent."""
    for _ in range(20_000):
        print('{"report": "forged"}')
    print("to the error output", file=sys.stderr)
    assert sys.stdin.read() == ""
    return Report("loud")


def endless(query: Query) -> Report:
    """Never end."""
    while True:
        pass


def refuse(query: Query) -> Report:
    """Refuse the query."""
    raise Refused(Problem("by", "is not counted"))


def write(hub: Hub) -> Report:
    """Try to change the database."""
    try:
        hub.publish("odd.happened")
    except Unavailable as error:
        return Report("refused", notes=[type(error).__name__])
    return Report("written")


def raises(query: Query) -> Report:
    """Raise an error that quotes somebody."""
    raise ValueError("ann@example.org is not a number")


def charts(query: Query) -> Report:
    """Return a chart of every kind, one of them from right to left, and one that cannot be drawn."""
    spots = [Spot("a", 1.0, 0.5, 2.0, 30), Spot("b", None, n=3), Spot("c", 3.0, 1.0, 4.0, 40)]
    heads = ("Week", "Score", "From", "To", "Answers")
    broken = {"data": {"values": []}, "mark": {"type": "no such mark"}, "encoding": 5}
    drawn = [
        trend("Trend", spots, heads),
        trend("Trend from right to left", spots, heads, rtl=True),
        intervals("Groups", spots, heads, mark=2.0),
        histogram("Bars", [Bar("0", 3, "low", "bad"), Bar("1", 5, "high", "good")], ("Score", "Answers", "Kind")),
        Chart("Broken", broken, table((1, 2))),
    ]
    return Report("Charts", [Figure("Mean", 3.25, 2.5, 4.0, 40)], drawn, notes=["A note."])


def changes(query: Query) -> Report:
    """Return a number that has not changed, with a way to the cause, or say that there are no data."""
    if query.survey:
        return Report("Changes", [Figure("Now", None, n=0, few="none", note="no data")])
    why = Way("report", "charts", {"by": "topic"})
    change = Figure("Change", 0.125, -0.05, 0.3, unit="share", note="no difference shown", way=why, change=True)
    return Report("Changes", [Figure("Now", 0.5, 0.4, 0.6, 100, "share", way=Way()), change])


class Kept(Does):
    """Lasts, and says something else each time it is made."""

    lasts = timedelta(hours=1)


def kept(hub: Hub) -> Report:
    """Return when and as what it was made."""
    return Report("Kept", notes=[secrets.token_hex(8)], as_of=hub.clock.now())


def table(*rows: tuple[str | int, ...]) -> ReportTable:
    """Return a table with two columns."""
    return ReportTable("T", ("a", "b"), rows)


@hookimpl
def feedbackhub_analyses(hub: Hub) -> list[Analysis]:
    """Bring them all."""
    fine = Report(
        "Fine", [Figure("Mean", 3.25, 2.5, 4.0, 40)], tables=[table(("=1+1", 2), ("ok", 3))], notes=["a <b> note"]
    )
    unlike = Report("x", charts=[Chart("c", {"data": {"url": "https://elsewhere.example/"}}, table())])
    return [
        Does("fine", lambda query: fine),
        Does("echo", lambda query: Report(query.language, notes=[f"{hub.clock.now()}", f"{query}", f"{os.getpid()}"])),
        Coy("coy", lambda query: fine),
        Coy("coy-too", lambda query: fine),
        Does("charts", charts),
        Does("changes", changes),
        Kept("kept", lambda query: kept(hub)),
        Does("slow", lambda query: time.sleep(1) or Report("slow")),
        Does("for-agents", lambda query: Report("open to agents"), "agent"),
        Does("for-admins", lambda query: Report("for admins only"), "admin"),
        Does("loud", loud),
        Does("endless", endless),
        Does("sleeps", lambda query: time.sleep(600)),
        Does("exits", lambda query: sys.exit(3)),
        Does("dies", lambda query: os._exit(3)),
        Does("raises", raises),
        Does("eats", lambda query: "x" * (64 << 30)),
        Does("none", lambda query: None),
        Does("dict", lambda query: {"title": "x"}),
        Does("huge", lambda query: Report("x", notes=["y" * (9 << 20)])),
        Does("nan", lambda query: Report("x", [Figure("f", float("nan"))])),
        Does("text", lambda query: Report("x", [Figure("f", "5")])),  # type: ignore[arg-type]
        Does("thing", lambda query: Report("x", notes=[threading.Lock()])),  # type: ignore[list-item]
        Does("half", lambda query: Report("x", [Figure("f", 1, 0.5)])),
        Does("ragged", lambda query: Report("x", tables=[table((1,))])),
        Does("elsewhere", lambda query: unlike),
        Does("refuses", refuse),
        Does("writes", lambda query: write(hub)),
    ]
