"""A bad network before PostgreSQL and before the mail server: recovery, and nothing that piles up.

While callers record and answer, the network goes wrong in one way after the other for some seconds. When it is well
again the instance must be, too, and must have no more threads and open files than before. What was acknowledged is
there, and whoever answers does not notice that no mail can be sent.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.soak import databases, verdict
from bench.soak.callers import Pace, calling, send_again
from bench.soak.client import NoAnswer
from bench.soak.fault_proxy import MODES, OK, FaultProxy, Mode, proxied
from bench.soak.instance import Instance, Process, make
from bench.soak.ledger import Ledger
from bench.soak.postbox import Postbox, postbox

__all__ = ["PLACES", "Network", "Weather", "endure", "main"]

PLACES = ("postgres", "smtp")
RECOVERS_WITHIN = 10.0
#: A pool may keep what it opened while it was busy; more than that is a leak.
_SPARE = 6
_CROWD = 24
_SETTLES_WITHIN = 40.0


@dataclass(frozen=True)
class Weather:
    """What one mode did.

    Args:
        mode: The mode.
        recovered: Seconds from its end until all went well.
        threads: Threads of the process before and after.
        files: Open files before and after.
        answered: How many requests were acknowledged meanwhile.
        p99: What all but the slowest hundredth of these took at most, in milliseconds; and the same just before.
    """

    mode: Mode
    recovered: float
    threads: tuple[int, int]
    files: tuple[int, int]
    answered: int
    p99: tuple[float, float]

    def told(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.mode!s:16} recovered after {self.recovered:4.1f} s, "
            f"threads {self.threads[0]} -> {self.threads[1]}, files {self.files[0]} -> {self.files[1]}, "
            f"meanwhile {self.answered} acknowledged, p99 {self.p99[0]:.0f} -> {self.p99[1]:.0f} ms"
        )


@dataclass
class Network:
    """What came of it: each mode's figures, and what is not as it must be."""

    place: str
    ledger: Ledger
    weather: list[Weather] = field(default_factory=list)
    problems: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """Return the figures in one line."""
        late = max((each.recovered for each in self.weather), default=0.0)
        return (
            f"before {self.place}: {len(self.weather)} modes, recovered after {late:.1f} s at most, "
            f"{self.ledger.answers:,} answers acknowledged; {dict(self.ledger.statuses)}"
        )


def main(argv: Sequence[str]) -> int:
    """Go through every mode at both places, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak proxy", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each mode lasts")
    parser.add_argument("--place", choices=PLACES, action="append", help="only there; may be given again")
    parser.add_argument("--only", default="", help="only modes that hold this text")
    chosen = parser.parse_args(argv)
    code = 0
    for place in chosen.place or PLACES:
        found = endure(place, [each for each in MODES if chosen.only in str(each)], chosen.seconds, say=True)
        wrong = verdict.broken(found.problems)
        print(found.told(), *(wrong or ["nothing lost, nothing piled up"]), sep="\n  ", flush=True)
        code |= bool(wrong)
    return code


def endure(place: str, modes: Sequence[Mode], seconds: float, callers: int = 4, say: bool = False) -> Network:
    """Let the network before a server go wrong in several ways, one after the other.

    Args:
        place: Before ``postgres`` or ``smtp``.
        modes: The ways.
        seconds: How long each lasts.
        callers: How many call at the same time.
        say: Whether to print each as it is over.
    """
    with databases.folder() as folder, postbox() as box, _made(place, folder, box) as (instance, proxy):
        found = Network(place, Ledger(silent=0.3))
        process = instance.serve()
        with calling(instance, found.ledger, _CROWD, timeout=30.0):
            time.sleep(2.0)  # whatever is kept for many at the same time is open then
        with calling(instance, found.ledger, callers, pause=0.02, timeout=30.0) as pace:
            time.sleep(1.0)
            for mode in modes:
                found.weather.append(_weathered(instance, process, proxy, found, mode, pace, box, seconds))
                if say:
                    print(f"  {found.weather[-1].told()}", flush=True)
        _judge(instance, process, found)
        return found


@contextmanager
def _made(place: str, folder: Path, box: Postbox) -> Iterator[tuple[Instance, FaultProxy]]:
    with ExitStack() as stack:
        if place == "smtp":
            proxy = stack.enter_context(proxied(box.port))
            instance = make(folder, databases.SQLITE, proxy.port, log_level="error", lease=10)
        else:
            server = stack.enter_context(databases.postgres(ssl="on"))
            proxy = stack.enter_context(proxied(server.port))
            instance = make(folder, server.through(proxy.port), box.port, log_level="error")
        stack.callback(instance.close)
        yield instance, proxy


def _weathered(
    instance: Instance, process: Process, proxy: FaultProxy, found: Network, mode: Mode, pace: Pace, box: Postbox,
    seconds: float,
) -> Weather:  # fmt: skip
    before = _size(process)
    calm = _p99(pace, seconds)
    answered = found.ledger.answers
    proxy.change(mode)
    rough = _p99(pace, seconds)
    answered = found.ledger.answers - answered
    proxy.change(OK)
    recovered = max(_recovered(instance), _sends_again(instance, box))
    after = _settled(process, before)
    return Weather(mode, recovered, (before[0], after[0]), (before[1], after[1]), answered, (calm, rough))


def _p99(pace: Pace, seconds: float) -> float:
    pace.times.clear()
    time.sleep(seconds)
    return pace.p99()


def _recovered(instance: Instance) -> float:
    """Return how long it takes until ten contacts in a row are recorded and answered without a fault."""
    begun, probes, well = time.monotonic(), Ledger(silent=0.0, prefix=f"r{time.monotonic_ns()}-"), 0
    client, last = instance.client(30.0), 0.0
    while well < 10 and time.monotonic() - begun < 120:
        try:
            well = well + 1 if probes.carry_out(client, probes.next()) else 0
            last = time.monotonic() - begun if well == 1 else last
        except NoAnswer:
            well = 0
        if not well:
            time.sleep(0.05)
    client.close()
    return last if well else 120.0


def _sends_again(instance: Instance, box: Postbox) -> float:
    """Return how long it takes until somebody who was recorded just now has a mail."""
    ledger, client = Ledger(silent=1.0, prefix=f"r{time.monotonic_ns()}-m"), instance.client(30.0)
    begun = time.monotonic()
    entry = ledger.next()
    while time.monotonic() - begun < 120:
        try:
            if ledger.carry_out(client, entry) and box.per_recipient()[f"{entry.number}@example.org"]:
                break
        except NoAnswer:
            pass
        time.sleep(0.05)
    client.close()
    return time.monotonic() - begun


def _size(process: Process) -> tuple[int, int]:
    """Return how many threads and open files a process has."""
    folder = Path(f"/proc/{process.pid}")
    return len(list((folder / "task").iterdir())), len(list((folder / "fd").iterdir()))


def _settled(process: Process, before: tuple[int, int]) -> tuple[int, int]:
    """Wait until a process is about as large as before, and return how large it is."""
    until = time.monotonic() + _SETTLES_WITHIN
    while True:
        now = _size(process)
        if all(each <= was + _SPARE for each, was in zip(now, before, strict=True)) or time.monotonic() > until:
            return now
        time.sleep(0.2)


def _judge(instance: Instance, process: Process, found: Network) -> None:
    send_again(instance, found.ledger, 60.0)
    probes = [each for each in verdict.listed(instance.client()) if not str(each["external_id"]).startswith("r")]
    alive = process.alive
    process.stop()
    weather, smtp = found.weather, found.place == "smtp"
    found.problems = {
        "the server ended": int(not alive),
        "modes that it did not recover from in time": sum(each.recovered > RECOVERS_WITHIN for each in weather),
        "modes after which there were more threads": sum(_grew(each.threads) for each in weather),
        "modes after which there were more open files": sum(_grew(each.files) for each in weather),
        "submissions refused while mails could not be sent": sum(
            n for status, n in found.ledger.statuses.items() if smtp and status[-3:] not in ("200", "201", "303")
        ),
        "submissions slower while mails could not be sent": int(smtp and not _as_fast(weather)),
        **verdict.compared(found.ledger, probes), **verdict.inside(instance, found.ledger), **verdict.damaged(instance),
    }  # fmt: skip


def _grew(sizes: tuple[int, int]) -> bool:
    return sizes[1] > sizes[0] + _SPARE


#: Kinds of bad weather below which their times are not judged.
FEW = 5


def _as_fast(weather: Sequence[Weather]) -> bool:
    """Tell whether answers took about as long in bad weather; a few figures say too little on a shared machine."""
    before, meanwhile = (median(each.p99[at] for each in weather) for at in (0, 1))
    return len(weather) < FEW or meanwhile <= 1.5 * before + 50
