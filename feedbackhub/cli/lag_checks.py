"""What `feedbackhub doctor` says of work: which lane or reader is behind and why, what is parked, and what to type."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ..loop.core import Core
from ..loop.lag import Lag, subscribers_lag
from ..loop.plugin_queue import PLUGIN_LANE
from ..loop.pulse import CELERY_WORKER, Pulse, pulses
from ..office.engine_view import LaneLine, lane_lines
from ..store.queries import inbound, tasks
from .checks import Finding

__all__ = ["check_work"]

#: What is due for longer is behind.
PATIENCE = timedelta(minutes=10)
SKEW = timedelta(seconds=30)
#: So many tasks that fail for one reason are no accident.
MANY = 5
#: Lanes of the core's own work, which is no channel's.
OWN = ("core", "inbound")


def check_work(core: Core) -> Iterator[Finding]:
    """Look at what waits to be done, at who does it, at who reads the event log, and at what waits for a person."""
    found = [
        *check_engines(core), *check_lanes(core), *check_failing(core), *check_parked(core), *check_followers(core),
        *check_requests(core),
    ]  # fmt: skip
    yield from found
    if not found:
        yield Finding("ok", "sending", "nothing is overdue")


def check_engines(core: Core) -> Iterator[Finding]:
    """Look whether any process sends, and whether its clock agrees with ours."""
    now, known = core.clock.now(), pulses(core.store)
    ahead = [each for each in known if each.at - now > SKEW]
    if ahead:
        said = f"an engine on {ahead[0].host} was heard of at {_at(ahead[0].at)}, which lies in the future"
        yield Finding("warning", "clock", said, "this clock went back, or the other one is fast: use NTP on both")
    living = [each for each in known if each.lives(now)]
    if living:
        if core.settings.engine.runner == "celery" and CELERY_WORKER not in (each.runner for each in living):
            said, advice = "no Celery worker has been heard of for a minute", "start one, and see docs/deploy.md"
            yield Finding("warning", "engine", said, advice)
        return
    behind = [each.behind(now) for each in lane_lines(core)]
    waits = max(behind, default=timedelta(0)) > PATIENCE
    if not known and not waits:
        return
    yield Finding("error" if waits else "warning", "engine", _nobody(known), _start(core))


def _nobody(known: list[Pulse]) -> str:
    if not known:
        return "nothing is being sent: no engine has run within a day"
    last = known[0]
    return f"nothing is being sent: the last engine, on {last.host}, was heard of at {_at(last.at)}"


def _start(core: Core) -> str:
    return "start `feedbackhub serve`" if core.store.is_sqlite else "start `feedbackhub serve`, or `feedbackhub worker`"


def check_lanes(core: Core) -> Iterator[Finding]:
    """Look at each lane whose work has been due for long, and say why it may be."""
    now = core.clock.now()
    for each in lane_lines(core):
        if each.behind(now) <= PATIENCE:
            continue
        minutes = int(each.behind(now).total_seconds() // 60)
        said = f"{each.due} task{'s' * (each.due != 1)} overdue, the oldest by {minutes} minutes"
        why, advice = _reason(core, each, now)
        yield Finding("warning", f"lane {each.name}", f"{said}{why}", advice)


def _reason(core: Core, lane: LaneLine, now: datetime) -> tuple[str, str]:
    """Return why a lane is behind, and what to do about it."""
    look = f"see them by `feedbackhub tasks list --lane {lane.name}`"
    if not any(each.lives(now) for each in pulses(core.store)):
        return "; no engine is running", _start(core)
    absent = _absent(core, lane.name)
    if absent:
        return f"; {absent}", "see `feedbackhub plugins list`"
    with core.store.read() as connection:
        reasons = tasks.failing_reasons(connection, lane.name, now)
    if reasons:
        return f"; {reasons[0].n} failed with: {reasons[0].last_error}", _again(lane.name)
    if lane.rate is not None:
        hours = lane.due / lane.rate / 3600
        return f"; its rate of {lane.rate:g} per second needs {hours:.1f} hours for them", "raise it in [engine] rates"
    if lane.claimed:
        return f"; {lane.claimed} under way", f"raise [engine] threads if the other side can take more; {look}"
    return "", look


def _again(lane: str) -> str:
    return f"mend that, then `feedbackhub tasks retry --all --lane {lane}`"


def check_failing(core: Core) -> Iterator[Finding]:
    """Look for lanes in which many tasks fail for one reason, although they are tried again in time."""
    now = core.clock.now()
    with core.store.read() as connection:
        found = {each: tasks.failing_reasons(connection, each, now) for each in (*core.plugins.channels, *OWN)}
    for lane, reasons in found.items():
        if reasons and reasons[0].n >= MANY:
            said = f"{reasons[0].n} tasks failed and are tried again: {reasons[0].last_error}"
            yield Finding("warning", f"lane {lane}", said, _again(lane))


def _absent(core: Core, lane: str) -> str:
    """Say that nobody does the work of a lane, empty when somebody does."""
    if lane.startswith(PLUGIN_LANE):
        plugin = lane.removeprefix(PLUGIN_LANE)
        state = core.plugins.state(plugin)
        if state is None:
            return f"the plugin {plugin} is not installed"
        return "" if state.state == "active" else f"the plugin {plugin} is {state.state}: {state.reason}"
    return "" if lane in core.plugins.channels or lane in OWN else f"no working plugin brings the channel {lane}"


def check_parked(core: Core) -> Iterator[Finding]:
    """Look at what gave up, by what stopped it."""
    with core.store.read() as connection:
        reasons = tasks.parked_reasons(connection)
    for each in reasons:
        said = f"{each.n} task{'s' * (each.n != 1)} gave up" + (f": {each.last_error}" if each.last_error else "")
        advice = f"{_again(each.lane)}; or give them up by `feedbackhub tasks discard --all --lane {each.lane}`"
        yield Finding("warning", f"lane {each.lane}", said, advice)


def check_followers(core: Core) -> Iterator[Finding]:
    """Look at who reads the event log: who is stopped, and who is behind."""
    now = core.clock.now()
    for each in subscribers_lag(core):
        subject = f"subscriber {each.name}"
        if not each.installed:
            plugin = each.name.partition(":")[0]
            advice = f"install it again, or forget it by `feedbackhub plugins purge {plugin}`"
            yield Finding("warning", subject, f"its plugin is gone; {each.behind} events behind", advice)
        elif each.error:
            state = "is parked" if each.parked else "fails and is tried again"
            yield Finding("warning", subject, f"{state}, {each.behind} events behind: {each.error}", _mend(each))
        elif each.since is not None and now - each.since > PATIENCE:
            said = f"{each.behind} events behind, the oldest of {_at(each.since)}"
            yield Finding("warning", subject, said, f"it reads on while an engine runs; else {_start(core)}")


def _mend(lag: Lag) -> str:
    if ":" not in lag.name:
        return "see the log; it is tried again by itself"
    plugin = lag.name.partition(":")[0]
    at = f"; it stands before event {lag.stuck_at}" if lag.stuck_at is not None else ""
    return f"see `feedbackhub plugins trace {plugin}`{at}; once mended, it is tried again by itself"


def check_requests(core: Core) -> Iterator[Finding]:
    """Look at requests of other systems that could not be read."""
    with core.store.read() as connection:
        failed = sum(each.get("failed", 0) for each in inbound.waiting_counts(connection).values())
    if failed:
        said = f"{failed} request{'s' * (failed != 1)} of other systems could not be read"
        yield Finding("warning", "sources", said, "see `feedbackhub sources inbox --state failed`")


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
