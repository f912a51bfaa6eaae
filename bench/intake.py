"""How fast contacts come in from a file: the same code as ``feedbackhub import contacts``.

``python -m bench.intake`` imports 20,000 contacts, then the same file again, and prints contacts a second for both.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

from bench.profile import instance
from feedbackhub.loop.core import Core
from feedbackhub.office.imports import Imported, Order, run_import

_COLUMNS = (
    "external_id", "customer.email", "customer.name", "agent.id", "agent.name", "team", "channel", "topic", "ended_at",
    "rating.satisfaction",
)  # fmt: skip


def main() -> None:
    """Import twice and print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--n", type=int, default=20_000, help="contacts in the file")
    parser.add_argument("--answers", action="store_true", help="each with an answer")
    chosen = parser.parse_args()
    print("| import | contacts per second | CPU-ms per contact |\n| --- | --- | --- |")
    with instance(chosen.database) as core:
        path = written(Path(core.settings.data_dir) / "contacts.csv", chosen.n, chosen.answers)
        for name in ("fresh", "repeated"):
            rate, cpu, _ = imported(core, path)
            print(f"| {name} | {rate:.0f} | {cpu:.3f} |", flush=True)


def measure_import(n: int, kind: str = "sqlite") -> float:
    """Return how many contacts a second come in from a file of `n`, into a fresh instance.

    Args:
        n: How many contacts.
        kind: The database: ``sqlite`` or ``postgres``.
    """
    with instance(kind) as core:
        return imported(core, written(Path(core.settings.data_dir) / "contacts.csv", n))[0]


def imported(core: Core, path: Path) -> tuple[float, float, Imported]:
    """Import a file, also one that was imported before, and return contacts a second, CPU-ms each, and what it told."""
    cpu, begun = time.process_time(), time.perf_counter()
    done = run_import(core, Order("contacts", path, again=True), lambda share: None)
    took = time.perf_counter() - begun
    return done.rows / took, (time.process_time() - cpu) * 1000 / done.rows, done


def written(path: Path, n: int, answers: bool = False) -> Path:
    """Write a file of `n` contacts of a third as many customers, served by forty agents."""
    columns = _COLUMNS if answers else _COLUMNS[:-1]
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        for number in range(n):
            customer, agent = number * 7919 % max(n // 3, 1), number % 40
            cells = (
                f"T-{number}", f"customer{customer}@example.org", f"Customer {customer}", str(agent), f"Agent {agent}",
                f"Team {agent % 5}", ("email", "chat", "phone")[number % 3], ("invoice", "delivery")[number % 2],
                f"2025-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
                str(number % 5 + 1),
            )  # fmt: skip
            rows.writerow(cells[: len(columns)])
    return path


if __name__ == "__main__":
    main()
