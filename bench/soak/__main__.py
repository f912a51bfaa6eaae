"""Run the soaks: ``python -m bench.soak NAME …`` runs one with its options, ``all`` runs each with the full numbers."""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Sequence

#: Each is a module beside this one with ``main(argv) -> int``; loaded when it is run.
SOAKS = {
    "kills": "kill -9 under load, on SQLite and on PostgreSQL",
    "fsync": "every acknowledgement has an fsync before it",
    "faults": "each system call of a submission and of a send fails once, and for good",
    "disk": "the disk is full",
    "proxy": "a bad network before PostgreSQL and before the mail server",
    "smtp": "a hostile mail server, and workers that are killed",
    "celery": "Celery whose workers, broker and database are killed",
    "sequencer": "slow transactions at the same time, and every event once and in order",
    "clock": "the clock jumps",
}


def main(argv: Sequence[str]) -> int:
    """Run what is named and return 1 when a promise was broken."""
    if not argv or argv[0] not in (*SOAKS, "all"):
        print("python -m bench.soak NAME [options], where NAME is one of")
        print("\n".join(f"  {name:10} {what}" for name, what in {**SOAKS, "all": "each of them"}.items()))
        return 2
    if argv[0] != "all":
        return run(argv[0], argv[1:])
    return max(run(name, argv[1:]) for name in SOAKS)


def run(name: str, argv: Sequence[str]) -> int:
    """Run one soak, say how long it took, and return its verdict."""
    print(f"== {name}: {SOAKS[name]}", flush=True)
    begun = time.monotonic()
    code = int(importlib.import_module(f"bench.soak.{name}").main(argv))
    print(f"== {name}: {'BROKEN' if code else 'kept'} after {time.monotonic() - begun:,.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
