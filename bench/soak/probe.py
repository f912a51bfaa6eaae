"""The Celery application of the soak: the real one, which also notes each task that it begins."""

from __future__ import annotations

import os
from typing import Any

from feedbackhub.celery_app import app
from feedbackhub.loop import carried
from feedbackhub.loop.core import Core
from feedbackhub.loop.fence import Claim

__all__ = ["app"]

_work = carried.work


def _noted(core: Core, row: Any, claim: Claim) -> None:
    file = os.open(os.environ["SOAK_BEGUN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, f"{claim.task_id} {claim.attempt}\n".encode())
    os.close(file)
    _work(core, row, claim)


carried.work = _noted
