"""Kill a serving instance again and again while it is called, and see afterwards that nothing it acknowledged is lost.

``python -m bench.soak`` takes a minute; ``--minutes 60`` soaks for an hour.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from bench.instance import contact_body, made, served
from feedbackhub.loop import tallies
from feedbackhub.loop.core import Core
from feedbackhub.loop.engine import Engine
from feedbackhub.loop.opening import open_core
from feedbackhub.store.queries import log
from feedbackhub.store.tables import contact, invitation, response

_SHORTEST, _LONGEST = 2.0, 8.0


@dataclass
class Acknowledged:
    """What the instance said that it has: ids of contacts, and the rating given to each invitation."""

    contacts: set[str] = field(default_factory=set)
    ratings: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> int:
    """Soak, look, and return 1 when something is missing or double."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long")
    parser.add_argument("--clients", type=int, default=8, help="callers at the same time")
    chosen = parser.parse_args()
    said, kills, numbers = Acknowledged(), 0, iter(range(10**9))
    with made() as (folder, core, key):
        core.close()
        end = time.monotonic() + chosen.minutes * 60
        while time.monotonic() < end:
            with served(folder, core.settings.public_url) as own:
                callers = [
                    threading.Thread(target=_call, args=(own.base, key, numbers, said)) for _ in range(chosen.clients)
                ]
                for caller in callers:
                    caller.start()
                time.sleep(random.uniform(_SHORTEST, _LONGEST))
                os.kill(own.pid, signal.SIGKILL)
                for caller in callers:
                    caller.join()
            kills += 1
        problems = _problems(open_core(core.settings), said)
    print(f"{kills} kills, {len(said.contacts):,} contacts and {len(said.ratings):,} answers acknowledged")
    print("\n".join(problems) or "nothing lost, nothing double, tallies equal a recount")
    return 1 if problems else 0


def _call(base: str, key: str, numbers: Iterator[int], said: Acknowledged) -> None:
    """Record contacts and answer about each, until the server is gone."""
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=10)
    try:
        while True:
            with said.lock:
                number = next(numbers)
            status, told = _post(connection, key, "/api/v1/contacts", contact_body(number))
            if status != 201:
                continue
            asked, rating = told["contact"]["invitation"]["id"], random.randint(1, 5)
            with said.lock:
                said.contacts.add(told["contact"]["id"])
            body = json.dumps({"invitation": asked, "answers": {"satisfaction": rating}}).encode()
            if _post(connection, key, "/api/v1/responses", body)[0] == 201:
                with said.lock:
                    said.ratings[asked] = rating
    except (OSError, http.client.HTTPException, ValueError):
        connection.close()  # killed: what was not acknowledged may be there or not


def _post(connection: http.client.HTTPConnection, key: str, path: str, body: bytes) -> tuple[int, Any]:
    connection.request("POST", path, body, {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def _problems(core: Core, said: Acknowledged) -> list[str]:
    engine = Engine(core)
    while engine.follow():
        continue
    with core.store.read() as connection:
        contacts = list(connection.scalars(select(contact.c.public_id)))
        numbers = list(connection.scalars(select(contact.c.external_id)))
        joined = select(invitation.c.public_id, response.c.headline).join(
            response, response.c.invitation_id == invitation.c.id
        )
        given = [(row.public_id, row.headline) for row in connection.execute(joined)]
        counted = {cell: n for cell, n in log.whole_tally(connection).items() if n} == tallies.recount(connection)
    core.close()
    ratings = dict(given)
    found = {
        "contacts lost": len(said.contacts - set(contacts)),
        "contacts double": len(numbers) - len(set(numbers)),
        "answers lost or changed": sum(ratings.get(asked) != rating for asked, rating in said.ratings.items()),
        "answers double": len(given) - len(ratings),
        "tallies unlike a recount": int(not counted),
    }
    return [f"{what}: {n}" for what, n in found.items() if n]


if __name__ == "__main__":
    sys.exit(main())
