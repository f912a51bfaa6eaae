"""What a load balancer asks: is the process alive, can it take requests, what is degraded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from ..contract.errors import Unavailable
from ..loop.core import Core
from ..loop.pulse import silent
from ..store.migrate import misfit
from .permission import permission

__all__ = ["Checks", "blueprint"]

LEAST_FREE = 50 * 1024 * 1024


class Checks:
    """What is looked at for ``/readyz``.

    Args:
        core: The instance.
        engine_runs: Tells whether due messages are being sent; None where another process does that.
    """

    def __init__(self, core: Core, engine_runs: Callable[[], bool] | None = None) -> None:
        self.core, self.engine_runs = core, engine_runs

    def broken(self) -> list[str]:
        """Return what keeps this instance from taking requests."""
        return [*self._database(), *self._disk()]

    def degraded(self) -> list[str]:
        """Return what does not work although requests are taken."""
        failed = [f"plugin {each.name} failed" for each in self.core.plugins.states if each.state == "failed"]
        failed += [f"plugin {name} rests after faults" for name in self.core.containment.resting()]
        return failed + (["messages are not being sent"] if self._is_silent() else [])

    def _is_silent(self) -> bool:
        """Tell whether nobody sends: this process's own engine, or else any that is heard of in the database."""
        if self.engine_runs is not None:
            return not self.engine_runs()
        try:
            return silent(self.core)
        except Unavailable:
            return False  # what is broken is told as such

    def _database(self) -> list[str]:
        try:
            wrong = misfit(self.core.store)
        except Unavailable as error:
            return [str(error)]
        return [f"the database {wrong}"] if wrong else []

    def _disk(self) -> list[str]:
        folder = self.core.settings.data_dir
        if not os.access(folder, os.W_OK):
            return ["the data folder cannot be written to"]
        return ["the disk is almost full"] if shutil.disk_usage(folder).free < LEAST_FREE else []


def blueprint(checks: Checks) -> Blueprint:
    """Serve ``/healthz`` and ``/readyz``."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    @permission("public")
    def healthz() -> ResponseReturnValue:
        return jsonify(status="ok")

    @pages.get("/readyz")
    @permission("public")
    def readyz() -> ResponseReturnValue:
        broken, degraded = checks.broken(), checks.degraded()
        status = "broken" if broken else "degraded" if degraded else "ready"
        return jsonify(status=status, broken=broken, degraded=degraded), 503 if broken else 200

    return pages
