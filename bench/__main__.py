"""Measure the hot paths beside a bare Flask hello on the same server, and print one table.

``python -m bench`` takes about a minute; ``--responses 1000000`` fills that long a history before the card is measured.
"""

from __future__ import annotations

import argparse
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.fill import address, fill
from bench.instance import Running, contact_body, hello, made, served
from bench.load import Outcome, Shot, run
from feedbackhub.contract.intake import ContactEvent
from feedbackhub.loop.core import Core
from feedbackhub.loop.intake import record_contact
from feedbackhub.loop.views import survey_link


@dataclass(frozen=True)
class Row:
    """One path: how it is called, and with how many clients."""

    name: str
    clients: int
    server: Running
    shots: Callable[[int], Shot]


def main() -> None:
    """Run everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=20_000, help="answers in the tables beside the measured ones")
    parser.add_argument("--n", type=int, default=1000, help="requests in each round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    chosen = parser.parse_args()
    with made() as (folder, core, key), hello() as bare:
        customers = fill(core, chosen.responses)
        tokens = _invitations(core, chosen.n * chosen.rounds)
        core.close()
        with served(folder, core.settings.public_url) as own:
            rows = _rows(own, bare, key, tokens, customers)
            results = [(row, _measure(row, chosen.n, chosen.rounds)) for row in rows]
    _print(results, chosen.responses)


def _invitations(core: Core, n: int) -> list[str]:
    found = []
    for number in range(n):
        event = ContactEvent.model_validate_json(contact_body(-1 - number))
        invitation = record_contact(core, event).contact.invitation
        if invitation is None:
            raise RuntimeError("the bench's contact was not asked about")
        found.append(urllib.parse.urlsplit(survey_link(core.links, "", invitation.id)).path)
    return found


def _rows(own: Running, bare: Running, key: str, links: list[str], customers: int) -> list[Row]:
    json_headers = (("Authorization", f"Bearer {key}"), ("Content-Type", "application/json"))
    form = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept-Language", "en"))
    answer = urllib.parse.urlencode({"satisfaction": "4", "comment": "quick and kind"}).encode()

    def lookup(i: int) -> Shot:
        asked = {"email": address(1 + i * 7919 % customers), "agent": {"source": "helpdesk", "id": "7"}}
        body = json.dumps(asked).encode()
        return Shot("POST", "/api/v1/customers/lookup", body, json_headers)

    return [
        Row("Flask hello (the limit)", 8, bare, lambda i: Shot("GET", "/")),
        Row("survey page GET", 8, own, lambda i: Shot("GET", links[i % len(links)])),
        Row("durable submission", 8, own, lambda i: Shot("POST", links[i], answer, form, (200, 303))),
        Row("card lookup", 8, own, lookup),
        Row("contact intake", 8, own, lambda i: Shot("POST", "/api/v1/contacts", contact_body(i), json_headers)),
    ]


def _measure(row: Row, n: int, rounds: int) -> Outcome:
    found = []
    for turn in range(rounds):

        def shot(i: int, turn: int = turn) -> Shot:
            return row.shots(turn * n + i)

        found.append(run(row.server.base, row.server.pid, shot, n, row.clients))
    return Outcome(
        n * rounds,
        median(each.rate for each in found),
        median(each.p50 for each in found),
        median(each.p99 for each in found),
        median(each.cpu for each in found),
        sum(each.failed for each in found),
    )


def _print(results: list[tuple[Row, Outcome]], responses: int) -> None:
    limit = results[0][1]
    print(f"SQLite, one serving process, {responses:,} answers in the tables; medians of the rounds\n")
    print("| path | clients | CPU-ms per operation | p50 ms | p99 ms | per second | of hello | failed |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for row, seen in results:
        print(
            f"| {row.name} | {row.clients} | {seen.cpu:.2f} | {seen.p50:.1f} | {seen.p99:.1f} | {seen.rate:.0f} "
            f"| {seen.rate / limit.rate:.0%} | {seen.failed} |"
        )


if __name__ == "__main__":
    main()
