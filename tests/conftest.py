"""What every test stands on: real services, nothing from the developer's environment, and in CI no skips."""

import gc
import os
import tempfile
from collections.abc import Generator

import hypothesis
import pytest

pytest_plugins = [
    "tests.services.brokers",
    "tests.services.browsers",
    "tests.services.databases",
    "tests.services.mailboxes",
    "tests.app_fixtures",
]

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# A busy machine is no failure, and a failing example must fail again on the next machine.
hypothesis.settings.register_profile("suite", deadline=None, print_blob=True)
hypothesis.settings.register_profile("ci", parent=hypothesis.settings.get_profile("suite"), derandomize=True)
hypothesis.settings.load_profile("ci" if IN_CI else "suite")


#: A folder in memory, as most systems have one; making and removing a database there takes a tenth of the time.
MEMORY = "/dev/shm"  # below it, pytest and `mkdtemp` make folders that are closed to others
#: What a run of the whole suite takes there at most, several times over.
ROOM = 4 << 30


def pytest_configure() -> None:
    """Forget the settings of whoever runs the tests; work in memory where there is room and nothing else is said."""
    for name in [name for name in os.environ if name.startswith("FEEDBACKHUB_")]:
        del os.environ[name]
    if "TMPDIR" not in os.environ and roomy(MEMORY):
        os.environ["TMPDIR"], tempfile.tempdir = MEMORY, None


def roomy(folder: str) -> bool:
    """Return whether there is a folder of that name in which we may write much and run programs."""
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & os.ST_NOEXEC


def pytest_collection_finish() -> None:
    """Look for garbage more rarely, and not among the modules: that was a third of the time of opening an instance."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, turn a skipped test into a failed one: there everything is installed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, but CI must not skip: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """In CI, turn a skipped module into a failed one."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, but CI must not skip: {report.longrepr}"
    return report
