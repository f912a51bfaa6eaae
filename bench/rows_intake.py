"""Rows: contacts over the API, each decided on and asked about, and contacts from a file."""

from __future__ import annotations

from collections.abc import Iterator

from bench.fill import fill
from bench.instance import contact_body, made_on, served
from bench.intake import measure_import
from bench.load import request
from bench.rows_card import NAMES
from bench.rows_pages import FEW, shot
from bench.table import Figure, Plan, Rounds

__all__ = ["rows"]

MUST = {"sqlite": 4.0, "postgres": 6.0}


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure both ways on each database."""
    for kind in plan.databases:
        seen = _over_http(kind, plan)
        name = f"contact intake (decide + invite), {NAMES[kind]}"
        yield Figure(name, "CPU in our processes", seen["cpu"], "ms", MUST[kind], 2.5, False, f"{seen['rate']:,.0f}/s")
        rounds = Rounds()
        for _ in range(1 if plan.quick else 3):
            rounds.note(rate=measure_import(plan.n if plan.quick else 10_000, kind))
        yield Figure(f"import of contacts, {NAMES[kind]}", "contacts", rounds["rate"], "/s", 1000, 3000, True)


def _over_http(kind: str, plan: Plan) -> Rounds:
    seen = Rounds()
    with made_on(kind) as (folder, core, key):
        fill(core, plan.responses)
        core.close()
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        with served(folder, core.settings.public_url) as own:
            for turn in range(-1, plan.rounds):
                numbers = range((turn + 1) * plan.n, (turn + 2) * plan.n)
                found = shot(own, [request("POST", "/api/v1/contacts", contact_body(i), headers) for i in numbers], FEW)
                if turn >= 0:
                    seen.note(cpu=found.cpu, rate=found.rate)
    return seen
