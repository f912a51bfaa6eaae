"""Rows: survey pages and durable submissions on both databases, beside a bare hello and a bare writing loop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from urllib.parse import urlencode

from bench.fill import fill, fill_open
from bench.instance import Running, bare, hello, made_on, served
from bench.load import Outcome, request, run
from bench.table import Figure, Plan, Rounds, ratio

__all__ = ["ANSWER", "FORM", "rows"]

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"}
ANSWER = urlencode({"satisfaction": "4", "solved": "yes", "comment": "quick and kind"}).encode()
FEW, MANY = 8, 32


def rows(plan: Plan) -> Iterator[Figure]:
    """Measure pages and submissions on each database."""
    for kind in plan.databases:
        yield from (_sqlite(plan) if kind == "sqlite" else _postgres(plan))


def submissions(links: list[str]) -> list[bytes]:
    """Return an answer to each link, as it goes over the wire."""
    return [request("POST", link, ANSWER, FORM) for link in links]


def pages(links: list[str], n: int) -> list[bytes]:
    """Return `n` looks at survey pages."""
    return [request("GET", links[i % len(links)], headers=FORM) for i in range(n)]


def shot(server: Running, requests: list[bytes], clients: int, expect: Sequence[int] = (200, 201, 303)) -> Outcome:
    """Send requests; raises RuntimeError when one has another status than expected."""
    found = run(server.base, server.pid, requests, clients, expect=expect)
    if found.failed:
        raise RuntimeError(f"{found.failed} of {found.n} requests failed: {dict(found.statuses)}")
    return found


def _sqlite(plan: Plan) -> Iterator[Figure]:
    seen = Rounds()
    with ExitStack() as stack:
        own, links = _instance(stack, "sqlite", plan)
        limit, peer = stack.enter_context(hello()), stack.enter_context(bare())
        for turn in range(plan.rounds):
            mine = links[turn * plan.n : (turn + 1) * plan.n]
            top = shot(limit, [request("GET", "/")] * plan.n, FEW)
            page = shot(own, pages(mine, plan.n), FEW)
            busy = shot(limit, [request("GET", "/")] * plan.n, MANY)
            loop = shot(peer, [request("POST", f"/s/{turn}-{i}", ANSWER, FORM) for i in range(plan.n)], MANY)
            kept = shot(own, submissions(mine), MANY)
            seen.note(
                hello=top.rate, page=page.rate, page_cpu=page.cpu, page_share=ratio(page.rate, top.rate),
                loop=loop.rate, loop_cpu=loop.cpu, kept=kept.rate, kept_cpu=kept.cpu, kept_p99=kept.p99,
                share=ratio(kept.rate, loop.rate), busy_p99=busy.p99, slower=kept.p99 / busy.p99, hello_cpu=top.cpu,
            )  # fmt: skip
    get, post = "survey page GET, SQLite", f"durable submission, SQLite, {MANY} clients"
    beside = f"hello {seen['hello']:,.0f}/s, {seen['hello_cpu']:.2f} CPU-ms; page {seen['page']:,.0f}/s"
    yield Figure(get, "of hello behind the same server", seen["page_share"], "%", 35, 50, True, beside)
    yield Figure(get, "CPU", seen["page_cpu"], "ms", 1.2)
    beside = f"bare loop {seen['loop']:,.0f}/s, {seen['loop_cpu']:.2f} CPU-ms; ours {seen['kept']:,.0f}/s"
    yield Figure(post, "of a bare group commit", seen["share"], "%", 40, 60, True, beside)
    yield Figure(post, "CPU", seen["kept_cpu"], "ms", 2.2, 1.6)
    beside = f"hello {seen['busy_p99']:.0f} ms, ours {seen['kept_p99']:.0f} ms"
    yield Figure(post, "p99 of hello's", seen["slower"], "×", 3, None, False, beside)


def _postgres(plan: Plan) -> Iterator[Figure]:
    seen = Rounds()
    with ExitStack() as stack:
        own, links = _instance(stack, "postgres", plan)
        limit = stack.enter_context(hello())
        for turn in range(plan.rounds):
            mine = links[turn * plan.n : (turn + 1) * plan.n]
            top = shot(limit, [request("GET", "/")] * plan.n, FEW)
            page = shot(own, pages(mine, plan.n), FEW)
            kept = shot(own, submissions(mine), FEW)
            seen.note(
                hello_p99=top.p99, page_cpu=page.cpu, page=page.rate, kept=kept.rate, cpu=kept.cpu, p99=kept.p99,
                slower=kept.p99 / top.p99,
            )  # fmt: skip
    post = f"durable submission, PostgreSQL, {FEW} clients"
    yield Figure("survey page GET, PostgreSQL", "CPU in our processes", seen["page_cpu"], "ms")
    yield Figure(post, "CPU in our processes", seen["cpu"], "ms", 3.5, 2.5, False, f"{seen['kept']:,.0f}/s")
    beside = f"hello {seen['hello_p99']:.0f} ms, ours {seen['p99']:.0f} ms"
    yield Figure(post, "p99 of hello's", seen["slower"], "×", 3, None, False, beside)


def _instance(stack: ExitStack, kind: str, plan: Plan) -> tuple[Running, list[str]]:
    folder, core, _ = stack.enter_context(made_on(kind))
    fill(core, plan.responses)
    warm = min(plan.n, 200)
    links = fill_open(core, plan.n * plan.rounds + warm)
    core.close()
    own = stack.enter_context(served(folder, core.settings.public_url))
    shot(own, [*pages(links, warm), *submissions(links[-warm:])], FEW)
    return own, links
