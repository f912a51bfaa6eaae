"""The clock jumps while an instance runs: by hours, days, more than a year, and by the changes of summer time.

One machine is played in one process: a clock that can be set wrong, and seconds that pass whatever it says. What was
sent is compared with what the same days bring when the clock is right.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from feedbackhub.contract.records import Message, Receipt
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.loop.steady import PATIENCE, Steady
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.testing import Outbox, make_contact_event

__all__ = ["HOUR", "JUMPS", "SPANS", "ZONES", "Glitch", "days", "late", "main", "problems", "quiet_hours"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
JUMPS = (HOUR, -HOUR, -DAY, 400 * DAY)
#: Set right while nothing is begun, and set right after it was believed.
SPANS = (timedelta(minutes=3), 2 * HOUR)
ASK = {"name": "all", "channels": ["outbox"], "delay": "1h", "reminder_after": "1d", "expires_after": "3d"}
#: A zone, and a moment at which its clocks are changed: by an hour, by half an hour, at midnight, and on a leap day.
ZONES = (
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
    ("Asia/Jakarta", datetime(2028, 2, 29, 12, tzinfo=UTC)),
)
EVENING, MORNING = time(21), time(8)


@dataclass(frozen=True)
class Glitch:
    """A clock that is set wrong and right again.

    Args:
        at: When, after the start.
        by: How wrong.
        span: For how long.
    """

    at: timedelta
    by: timedelta
    span: timedelta


@dataclass(frozen=True)
class Sent:
    """A message: what it was, to whom, and when it really went."""

    kind: str
    to: str
    link: str
    at: datetime


class Noting(Outbox):
    """A channel that notes when its messages really went."""

    def __init__(self) -> None:
        super().__init__()
        self.machine: Machine | None = None
        self.noted: list[Sent] = []

    def deliver(self, message: Message) -> Receipt:
        """Note the message."""
        if self.machine is None:
            raise RuntimeError("the outbox belongs to no machine")
        self.noted.append(Sent(message.kind, message.to.value, message.link, self.machine.really))
        return super().deliver(message)


@dataclass
class Machine:
    """A machine with a clock that may be wrong."""

    core: Core
    clock: SetClock
    outbox: Noting
    counted: float = 0.0
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        """Start an engine that doubts the clock."""
        self.outbox.machine = self
        self.engine = Engine(self.core, Steady(self.clock, counted=lambda: self.counted))

    @property
    def really(self) -> datetime:
        """What a right clock would show."""
        return START + timedelta(seconds=self.counted)

    def runs(self, by: timedelta) -> None:
        """Let time pass, then do what is due."""
        self.clock.move(by)
        self.counted += by.total_seconds()
        self.engine.drain()

    def runs_until(self, moment: datetime, step: timedelta) -> None:
        """Let time pass in steps up to a moment."""
        while self.really < moment:
            self.runs(min(step, moment - self.really))

    def ends(self, number: int, **customer: str) -> None:
        """Let a contact end now."""
        record_contact(self.core, make_contact_event(str(number), ended_at=self.really, customer=customer))


def _address(number: int) -> str:
    return f"ann{number}@example.org"


@contextmanager
def machine(**asking: object) -> Iterator[Machine]:
    """Give a machine with a fresh instance."""
    with tempfile.TemporaryDirectory() as name:
        folder, clock, outbox = Path(name), SetClock(START), Noting()
        write_key(folder / KEY_FILE)
        settings = Settings.model_validate({"data_dir": folder, "ask": [ASK], "plugins": {"asking": asking}})
        core = open_core(settings, clock, {"outbox": outbox})
        prepare(core)
        try:
            yield Machine(core, clock, outbox)
        finally:
            core.close()


def days(glitch: Glitch | None, contacts: int, seed: int, step: timedelta = HOUR) -> list[Sent]:
    """Play some days, with or without a glitch, and return what was sent.

    Args:
        glitch: When and how the clock is wrong.
        contacts: How many contacts end, of as many customers; each of them once more a day later.
        seed: Decides when they do; none ends while the clock is wrong.
        step: Time between two looks of the engine, while nothing happens.
    """
    ends = sorted((random.Random(seed + n).uniform(0, 36) * HOUR, n) for n in range(contacts))
    ends += [(at + DAY, n + 1000) for at, n in ends]
    if glitch is not None:
        ends = [(at if not glitch.at <= at <= glitch.at + glitch.span else glitch.at - HOUR / 60, n) for at, n in ends]
    with machine(quiet_hours={"begin": "00:00", "end": "00:00"}) as played:
        moments: list[tuple[timedelta, int | None]] = [*sorted(ends), (5 * DAY, None)]
        for at, number in moments:
            if glitch is not None and played.really - START <= glitch.at < at:
                played.runs_until(START + glitch.at, step)
                _wrong(played, glitch)
            played.runs_until(START + at, step)
            if number is not None:
                played.ends(number, email=_address(number % 1000))
        return played.outbox.noted


def _wrong(played: Machine, glitch: Glitch) -> None:
    played.clock.move(glitch.by)
    played.engine.drain()
    played.runs_until(played.really + glitch.span, timedelta(minutes=1) if glitch.span < HOUR else HOUR / 4)
    played.clock.move(-glitch.by)
    played.engine.drain()


def problems(sent: Sequence[Sent], usual: Sequence[Sent], glitch: Glitch) -> dict[str, int]:
    """Return what is wrong with what was sent, compared with what is usual.

    A glitch that is over before the clock is believed changes nothing at all. A longer one may move messages, and may
    let invitations expire when it says that their time is over; nobody is asked twice even then.
    """
    asked = Counter(each.to for each in sent if each.kind == "first")
    reminded = Counter(each.link for each in sent if each.kind == "reminder")
    expected = {each.to for each in usual if each.kind == "first"}
    found = {
        "asked twice": sum(n - 1 for n in asked.values()),
        "reminded twice": sum(n - 1 for n in reminded.values()),
    }
    if glitch.span < PATIENCE:
        same = Counter((each.kind, each.to) for each in sent) == Counter((each.kind, each.to) for each in usual)
        found["not as usual"] = int(not same)
    if glitch.by < 3 * DAY:
        found["not asked"] = len(expected - set(asked))
    return found


def quiet_hours(zone: str, change: datetime, step: timedelta) -> dict[str, int]:
    """Let contacts end around a change of the clocks and return how many messages went at a wrong moment.

    Args:
        zone: The customers' time zone.
        change: The moment of the change.
        step: Time between two contacts.
    """
    own, begun = zoneinfo.ZoneInfo(zone), change - 36 * HOUR
    with machine(quiet_hours={"begin": f"{EVENING:%H:%M}", "end": f"{MORNING:%H:%M}"}) as played:
        played.clock.move(begun - START)
        played.counted = (begun - START).total_seconds()
        played.engine = Engine(played.core)
        number, ended = 0, dict[str, datetime]()
        while played.really < change + 36 * HOUR:
            number += 1
            ended[_address(number)] = played.really
            played.ends(number, email=_address(number), timezone=zone)
            played.runs(step)
        played.runs_until(played.really + DAY, min(step, HOUR / 2))
        firsts = {each.to: each.at for each in played.outbox.noted if each.kind == "first"}
        return {
            "not asked": len(set(ended) - set(firsts)),
            "in quiet hours": sum(not _free(at, own) for at in firsts.values()),
            "later than needed": sum(
                at - _first_free(ended[to] + HOUR, own) > HOUR for to, at in firsts.items()
            ),
        }


def _free(moment: datetime, zone: zoneinfo.ZoneInfo) -> bool:
    return MORNING <= moment.astimezone(zone).time() < EVENING


def _first_free(moment: datetime, zone: zoneinfo.ZoneInfo) -> datetime:
    while not _free(moment, zone):
        moment += timedelta(minutes=1)
    return moment


def late(zone: str, outage: timedelta) -> dict[str, int]:
    """Let nothing be sent for a while, into the night, and return how many messages went in quiet hours then.

    Args:
        zone: The customers' time zone.
        outage: How long, from two hours before the quiet hours on.
    """
    own = zoneinfo.ZoneInfo(zone)
    with machine(quiet_hours={"begin": f"{EVENING:%H:%M}", "end": f"{MORNING:%H:%M}"}) as played:
        evening = datetime.combine(START.astimezone(own).date() + DAY, time(19), own)
        played.clock.move(evening - START)
        played.counted = (evening - START).total_seconds()
        played.engine = Engine(played.core)
        for number in range(5):
            played.ends(number, email=_address(number), timezone=zone)
        played.clock.move(outage)
        played.counted += outage.total_seconds()
        played.engine.drain()
        played.runs_until(evening + DAY, HOUR / 2)
        firsts = [each for each in played.outbox.noted if each.kind == "first"]
        return {"not asked": 5 - len(firsts), "in quiet hours": sum(not _free(each.at, own) for each in firsts)}


def main(argv: Sequence[str]) -> int:
    """Play all jumps at many moments, and the changes of the clocks, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak clock", description=__doc__)
    parser.add_argument("--moments", type=int, default=8, help="moments at which each jump happens")
    parser.add_argument("--contacts", type=int, default=12, help="contacts on those days, and as many a day later")
    chosen = parser.parse_args(argv)
    total: Counter[str] = Counter()
    runs = 0
    for moment in range(chosen.moments):
        usual = days(None, chosen.contacts, moment)
        for by in JUMPS:
            for span in SPANS:
                glitch = Glitch((moment + 0.5) / chosen.moments * 3 * DAY, by, span)
                total.update(problems(days(glitch, chosen.contacts, moment), usual, glitch))
                runs += 1
    print(f"{runs} jumps of {', '.join(str(each) for each in JUMPS)}: {dict(+total) or 'nobody lost, nobody twice'}")
    for zone, change in ZONES:
        found = Counter(quiet_hours(zone, change, timedelta(minutes=20))) + Counter(late(zone, 4 * HOUR))
        print(f"{zone} around {change:%Y-%m-%d %H:%M} UTC: {dict(+found) or 'quiet hours kept'}")
        total.update(found)
    return int(any(total.values()))
