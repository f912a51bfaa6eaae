"""Verdicts: staff accept or discard answers that look like a machine's, one or many, audited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from ..loop.core import Core
from ..loop.judge import Verdict, judge_now
from .audit import record

__all__ = ["VERDICTS", "Verdict", "judge_answers", "restore_verdicts"]

VERDICTS: tuple[Verdict, ...] = ("accepted", "discarded", "")


def judge_answers(core: Core, responses: Sequence[str], verdict: Verdict, by: str) -> dict[str, Verdict]:
    """Accept or discard answers, all or none, and return the changed ones with the verdicts before.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """
    return _judge(core, dict.fromkeys(responses, verdict), by)


def restore_verdicts(core: Core, before: Mapping[str, Verdict], by: str) -> int:
    """Give answers the verdicts that they had before, and return how many changed.

    Raises:
        NotFound: One of them does not exist; nothing was changed.
    """
    return len(_judge(core, before, by))


def _judge(core: Core, verdicts: Mapping[str, Verdict], by: str) -> dict[str, Verdict]:
    now = core.clock.now()
    known = {str(verdict): verdict for verdict in VERDICTS}

    def run(connection: Connection) -> dict[str, Verdict]:
        changed: dict[str, Verdict] = {}
        # In one order, so that two people judging the same answers never wait for each other.
        for response, verdict in sorted(verdicts.items()):
            before = judge_now(connection, response, verdict, now)
            if before != verdict:
                changed[response] = known[before]
                record(connection, now, by, "response.judged", f"response:{response}", {"verdict": verdict or "none"})
        return changed

    return core.store.write(run)
