"""Whether the page on an experiment tells what was planted, at a company simulated through the real API.

``python -m bench.planted_trials --seeds 20 --effect 0.12 --out FOLDER``: for each seed a company of its own, with a
clock that is moved. Contacts end and bad answers come in over the API; the plugins `recovery` and `apology` do what
they do: cases open, arms are drawn, apologies are sent by the engine, customers are asked again and answer. Whether a
customer is won back depends on the apology having reached their address, on nothing else. `--rows` leaves the company
out and plants the assignments themselves: many more seeds in the same time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask.testing import FlaskClient

from bench.planted_trials_rows import Result, planted_rows, result_of
from feedbackhub.app import create_app
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.settings import Settings
from feedbackhub.office.keys import create_key, scopes_of
from feedbackhub.testing import Outbox

__all__ = ["Company", "Planted", "main", "tried"]

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY, WHILE = timedelta(days=1), timedelta(minutes=16)
#: What is of no use here, and takes its share of every run of the engine.
IDLE = (
    "causes", "digest", "email", "fairness", "inaction", "mailbox", "nps", "orders", "patterns", "satisfaction",
    "silence", "sms", "solved", "webhook", "webhooks", "widget",
)  # fmt: skip
#: Long enough that nobody is reminded of cases: staff are no part of this.
NEVER = 1000
LIMIT = "1000000/second"


@dataclass(frozen=True)
class Planted:
    """What is planted.

    Args:
        seed: What everything is drawn from.
        effect: What the apology adds to the share won back.
        share: The share won back without one.
        answers: How many answer the second ask, in both arms.
        each: How many customers each arm is planned to get.
        days: Over how many days they come in.
    """

    seed: int
    effect: float = 0.12
    share: float = 0.2
    answers: float = 0.7
    each: int = 1000
    days: int = 20


class Company:
    """A simulated company.

    Args:
        folder: An empty folder.
        planted: What is planted.
    """

    def __init__(self, folder: Path, planted: Planted) -> None:
        self.planted, self.chance = planted, Random(planted.seed)
        self.clock, self.outbox = SetClock(START), Outbox()
        write_key(folder / KEY_FILE)
        self.core = open_core(_settings(folder), self.clock, extra={"outbox": self.outbox})
        prepare(self.core)
        known = scopes_of(self.core.plugins)
        _, self.key = create_key(self.core.store, self.clock, "bench", known, "bench", known)
        self.client: FlaskClient = create_app(self.core).test_client()
        self.engine = Engine(self.core)
        self.read = 0
        #: Addresses that an apology has reached, and second ratings that are on their way, by day.
        self.reached = set[str]()
        self.coming = defaultdict[int, list[tuple[str, int]]](list)
        self.day = 0

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Call the API and return what it answers; raises RuntimeError when it refuses."""
        answer = self.client.open(
            f"/api/v1/{path}", method=method, json=body, headers={"Authorization": f"Bearer {self.key}"}
        )
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.get_json() if answer.text else None

    def pass_time(self, span: timedelta = timedelta(0)) -> None:
        """Let time pass, and the engine do what is due then."""
        self.clock.move(span)
        self.engine.drain()

    def start(self) -> str:
        """Plan the experiment and start it, and return its id."""
        plan = {
            "name": "Does an apology win customers back?", "n_each": self.planted.each, "approve": False,
            "arms": [{"name": "nothing"}, {"name": "apology", "apology": "apology"}], "survey": "re-ask",
            "effect": 0.12, "baseline": self.planted.share, "per_week": 500.0,
        }  # fmt: skip
        made = self.call("POST", "x/apology/experiments", plan)
        self.call("POST", f"x/apology/experiments/{made['id']}/start", {})
        return str(made["id"])

    def run(self) -> str:
        """Let everything happen from the first contact until every window is over; return the experiment's id."""
        experiment = self.start()
        coming, a_day = 2 * self.planted.each, -(-2 * self.planted.each // self.planted.days)
        for first in range(0, coming, a_day):
            self.bad_answers(range(first, min(coming, first + a_day)))
            self.end_day()
        for _ in range(24):
            self.end_day()
        return experiment

    def bad_answers(self, numbers: Sequence[int]) -> None:
        """Let contacts end and their customers answer badly, then whatever follows within the hour happen."""
        for number in numbers:
            self.call("POST", "contacts", {
                "source": "tests", "external_id": str(number), "channel": "chat",
                "customer": {"email": f"c{number}@example.com", "name": f"C{number}", "language": "en"},
            })  # fmt: skip
        self.pass_time()
        for message in self.messages():
            rating = self.chance.choice((1, 1, 2))
            self.answer(message.link, {"satisfaction": rating, "solved": "yes"})
        for _ in range(2):
            self.pass_time(WHILE)

    def answer(self, link: str, answers: Mapping[str, Any]) -> None:
        """Answer an ask."""
        self.call("POST", "responses", {"token": link.rsplit("/", 1)[-1], "answers": dict(answers)})

    def end_day(self) -> None:
        """Let a day end: messages are read, and those who take their time answer."""
        self.hear()
        self.day += 1
        for link, rating in self.coming.pop(self.day, ()):
            self.answer(link, {"satisfaction": rating})
        self.clock.move(START + self.day * DAY - self.clock.now())
        self.engine.drain()
        self.hear()

    def hear(self) -> None:
        """Read what came: apologies, and second asks, which some will answer within the days that follow."""
        for message in self.messages():
            address = message.to.value
            if message.kind == "letter":
                self.reached.add(address)
            if message.kind != "first":
                continue
            won = self.planted.share + (self.planted.effect if address in self.reached else 0.0)
            if self.chance.random() < self.planted.answers:
                rating = 5 if self.chance.random() < won / self.planted.answers else 2
                self.coming[self.day + 1 + int(self.chance.expovariate(0.5)) % 10].append((message.link, rating))

    def messages(self) -> list[Any]:
        """Return the messages that came since the last time."""
        found = self.outbox.sent[self.read :]
        self.read += len(found)
        return found

    def report(self) -> Mapping[str, Any]:
        """Return the report as the API gives it."""
        for _ in range(600):
            answer = self.client.get("/api/v1/reports/apology", headers={"Authorization": f"Bearer {self.key}"})
            if answer.status_code == 200:
                return dict(answer.get_json())
            if answer.status_code != 202:
                raise RuntimeError(answer.text[:300])
            time.sleep(0.1)
        raise RuntimeError("the report was not made within a minute")


def _settings(folder: Path) -> Settings:
    rule = {"when": "low", "acknowledge_hours": NEVER, "resolve_hours": NEVER}
    hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "00:00-24:00")
    return Settings(
        data_dir=folder, public_url="https://feedback.example.com", throttle={"days": 0}, plugins_disabled=IDLE,
        ask=[{"name": "all", "channels": ["outbox"], "delay": "0m", "reminders": 0}],
        web={"survey_limit": LIMIT, "api_limit": LIMIT}, plugin_trial_seconds=0,
        plugins={"recovery": {
            "rules": [rule], "hours": hours, "remind_hours": NEVER, "escalate_hours": NEVER, "channel": "outbox",
        }},
    )  # fmt: skip


def tried(planted: Planted, folder: Path) -> Result:
    """Simulate a company, and return what its page says.

    Args:
        planted: What is planted.
        folder: An empty folder.
    """
    began = time.process_time()
    company = Company(folder, planted)
    try:
        experiment = company.run()
        kept = company.call("GET", f"x/apology/experiments/{experiment}")
        said = (kept["state"], kept["reason"], kept["assigned"])
        found = result_of(planted.seed, planted.effect, company.report(), *said)
    finally:
        company.core.close()
    return found.within(time.process_time() - began)


def main(argv: Sequence[str] | None = None) -> int:
    """Try the seeds one after the other and print what their pages say, a JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--effect", type=float, nargs="+", default=[0.12], help="what an apology adds; 0 for nothing")
    parser.add_argument("--each", type=int, default=1000, help="customers in each arm")
    parser.add_argument("--rows", action="store_true", help="plant assignments instead of simulating a company")
    parser.add_argument("--out", type=Path, help="a folder that gets a file for each seed")
    chosen = parser.parse_args(argv)
    results = []
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    for planted in [Planted(seed, effect, each=chosen.each) for seed in seeds for effect in chosen.effect]:
        if chosen.rows:
            found = planted_rows(planted.seed, planted.effect, planted.share, planted.answers, planted.each)
        else:
            with tempfile.TemporaryDirectory() as name:
                found = tried(planted, Path(name))
        results.append(found)
        print(json.dumps(asdict(found)), flush=True)
        if chosen.out:
            kind = "rows" if chosen.rows else "company"
            (chosen.out / f"{kind}-{planted.effect:g}-{planted.seed}.json").write_text(json.dumps(asdict(found)) + "\n")
    for effect in chosen.effect:
        own = [each for each in results if each.truth == effect]
        holds, stops = sum(each.holds for each in own), sum(each.stopped for each in own)
        print(f"{effect:g} planted: the interval holds it in {holds} of {len(own)}; the e-process stopped in {stops}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
