"""The disk is full: whoever writes is told to come again, readers see no difference, and space heals it by itself.

While callers record and answer, the disk is filled to the last byte, every door is tried, and the space is given back.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.soak import databases, verdict
from bench.soak.callers import calling, send_again
from bench.soak.client import Answer, NoAnswer
from bench.soak.instance import Instance, Process, contact, make
from bench.soak.ledger import Entry, Ledger
from bench.soak.small_disk import SmallDisk, small_disk

__all__ = ["Filled", "fill_again", "main"]

RECOVERS_WITHIN = 5.0
MEGABYTES = 24
_ROWS = 300
#: A remark on the source that takes everything, and the error.
_USUAL_LINES = 2
_FAIR = ("503, come again", " 200", " 201", " 202", " 303")
_FORM = "application/x-www-form-urlencoded"
_SOURCE = """\
[plugins.webhook.sources.backoffice]
[plugins.webhook.sources.backoffice.paths]
external_id = "number"
"customer.email" = "email"
[plugins.webhook.sources.backoffice.verify]
scheme = "none"
"""


@dataclass
class Filled:
    """What came of it.

    Args:
        ledger: What was sent and acknowledged.
        fills: How often the disk was full.
        refused: How many writing requests were answered while it was, by door and status.
        reads: How many reading requests, by door and status.
        recovered: Seconds from the space given back to the next acknowledgement.
        problems: What is not as it must be.
    """

    ledger: Ledger
    kind: str = ""
    fills: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    recovered: list[float] = field(default_factory=list)
    problems: dict[str, int] = field(default_factory=dict)

    def told(self) -> str:
        """Return the figures in a few lines."""
        return (
            f"{self.fills} times full ({self.kind}); {self.ledger.contacts:,} contacts and "
            f"{self.ledger.answers:,} answers acknowledged\n"
            f"  writing meanwhile: {dict(self.refused)}\n  reading meanwhile: {dict(self.reads)}\n"
            f"  acknowledged again after {max(self.recovered, default=0.0):.2f} s at most"
        )


def main(argv: Sequence[str]) -> int:
    """Fill the disk as often as the options say, print the figures, and return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak disk", description=__doc__)
    parser.add_argument("--fills", type=int, default=50, help="how often")
    parser.add_argument("--callers", type=int, default=4, help="callers at the same time")
    chosen = parser.parse_args(argv)
    found = fill_again(chosen.fills, chosen.callers)
    wrong = verdict.broken(found.problems)
    print(found.told(), *(wrong or ["nothing lost, nothing damaged"]), sep="\n  ", flush=True)
    return int(bool(wrong))


def fill_again(fills: int, callers: int = 4) -> Filled:
    """Fill the disk of a running instance several times under load.

    Args:
        fills: How often.
        callers: How many call at the same time.
    """
    with small_disk(MEGABYTES) as disk:
        instance = make(disk.folder, databases.SQLITE, log_level="warning", more=_SOURCE)
        try:
            # What does not fit into memory is laid down in temporary files: these lie on the same disk here.
            process = instance.serve(env={"TMPDIR": str(disk.folder)})
            return _filled(instance, process, disk, fills, callers)
        finally:
            instance.close()


def _filled(instance: Instance, process: Process, disk: SmallDisk, fills: int, callers: int) -> Filled:
    found, probes = Filled(Ledger(silent=0.0), disk.kind), Ledger(silent=0.0, prefix="p")
    open_one = probes.next()
    open_one.silent = True
    probes.carry_out(instance.client(), open_one)
    with calling(instance, found.ledger, callers, pause=0.01):
        for number in range(fills):
            time.sleep(0.2)
            disk.fill(process)
            _use_up(instance, found.ledger)
            _while_full(instance, found, open_one, number)
            disk.free(process)
            found.recovered.append(_recovered(instance, probes))
            found.fills += 1
        imported = _import_twice(instance, process, disk, found.ledger)
    send_again(instance, found.ledger, 60.0)
    alive = process.alive
    listed = verdict.listed(instance.client())
    responses = [each for each in listed if each["invitation"] != open_one.invitation]
    process.stop()
    found.ledger.entries += probes.entries
    found.problems = {
        "the server ended": int(not alive), **imported,
        "writing doors that answered neither 503 with Retry-After nor that they have it": sum(
            n for said, n in found.refused.items() if not said.endswith(_FAIR) and (disk.whole or "large" not in said)
        ),
        "times full without a refusal": max(0, fills - sum(n for said, n in found.refused.items() if " 503" in said)),
        "reading doors that did not answer 200": sum(
            n for said, n in found.reads.items() if not said.endswith(" 200") and disk.whole
        ),
        "recovered too late": sum(each > RECOVERS_WITHIN for each in found.recovered),
        **verdict.compared(found.ledger, responses), **verdict.inside(instance, found.ledger),
        **verdict.damaged(instance),
    }  # fmt: skip
    return found


def _use_up(instance: Instance, ledger: Ledger) -> None:
    """Write until the log's own file, which is used again and again, has no room left either."""
    client = instance.client(30.0)
    refused = 0
    until = time.monotonic() + 60
    while refused < 3 and time.monotonic() < until:
        refused = 0 if ledger.carry_out(client, ledger.next()) else refused + 1
    client.close()


def _while_full(instance: Instance, found: Filled, one: Entry, number: int) -> None:
    client = instance.client(30.0)
    answers = json.dumps({"invitation": one.invitation, "answers": {"satisfaction": 2}}).encode()
    doors = {
        "page": lambda: client.call("POST", one.path, b"satisfaction=2", _FORM),
        "responses": lambda: client.call("POST", "/api/v1/responses", answers),
        "contacts": lambda: client.call("POST", "/api/v1/contacts", contact(f"full{number}")),
        "webhook": lambda: client.call("POST", "/in/backoffice", _told(number, 0)),
        "large webhook": lambda: client.call("POST", "/in/backoffice", _told(number, 900_000)),
        "export": lambda: client.call("POST", "/api/v1/exports", b'{"records": "responses", "format": "csv"}'),
    }
    for door, call in doors.items():
        found.refused[f"{door} {_said(call)}"] += 1
    for door, path in {"survey page": one.path, "health": "/healthz", "list": "/api/v1/responses?limit=1"}.items():
        found.reads[f"{door} {client.call('GET', path).status}"] += 1
    client.close()


def _told(number: int, padding: int) -> bytes:
    said = {"number": f"w{number}-{padding}", "email": "ann@example.org", "more": "x" * padding}
    return json.dumps(said).encode()


def _said(call: object) -> str:
    assert callable(call)
    try:
        answer: Answer = call()
    except NoAnswer as error:
        return f"no answer ({error})"
    again = ", come again" if answer.headers.get("retry-after", "").isdigit() else ""
    return f"{answer.status}{again}"


def _recovered(instance: Instance, probes: Ledger) -> float:
    client, begun = instance.client(30.0), time.monotonic()
    entry = probes.next()
    while time.monotonic() - begun < 60:
        try:
            if probes.carry_out(client, entry):
                return time.monotonic() - begun
        except NoAnswer:
            pass
        entry = probes.next()
        time.sleep(0.02)
    raise RuntimeError("no answer was acknowledged within a minute after there was space again")


def _import_twice(instance: Instance, process: Process, disk: SmallDisk, ledger: Ledger) -> dict[str, int]:
    """Import a file while the disk is full, and once more when it is not: then all of it is there."""
    file = instance.folder / "contacts.csv"
    rows = "".join(f"imported{number},imported{number}@example.org,2026-03-01T09:00:00Z\n" for number in range(_ROWS))
    file.write_text(f"external_id,customer.email,ended_at\n{rows}", encoding="ascii")
    command = instance.command("import", "contacts", str(file), "--set", "source=file")
    disk.fill(process)
    _use_up(instance, ledger)
    failed = subprocess.run(command, check=False, capture_output=True)
    disk.free(process)
    done = subprocess.run([*command, "--again"], check=False, capture_output=True)
    if done.returncode:
        print(done.stdout.decode(), done.stderr.decode())
    return {
        "imports that said all was well": int(disk.whole and not failed.returncode),
        "imports that failed with space": int(done.returncode != 0),
        "lines on stderr of an import without space": max(0, len(failed.stderr.splitlines()) - _USUAL_LINES),
    }

