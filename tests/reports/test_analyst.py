"""Analyses in processes of their own: what they may do to nobody, what is kept, and who ends when."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedbackhub import Analysis, FeedbackhubError, Hub, NotFound, Query, Refused, Report, Unavailable, hookimpl
from feedbackhub.loop import analyst as analyst_module
from feedbackhub.loop.analyst import Analyst
from feedbackhub.loop.core import Core
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.snapshots import Snapshots
from feedbackhub.machinery.clock import SetClock
from feedbackhub.machinery.containment import Containment, PluginFault
from feedbackhub.machinery.settings import Reports, Settings
from feedbackhub.machinery.settings_load import load_settings
from tests.app_fixtures import START
from tests.reports.conftest import MARCH

ODD_ONES = {
    "exits": "raised SystemExit in odd.py",
    "dies": "ended its process",
    "raises": "raised ValueError in odd.py",
    "eats": "raised MemoryError in odd.py",
    "none": "returned NoneType, which is no Report",
    "dict": "returned dict, which is no Report",
    "huge": "returned a report of more than 4 MB",
    "nan": "returned a report whose figures[0].value is no finite number",
    "text": "returned a report whose figures.0.value is wrong",
    "thing": "returned a report that cannot be written as JSON",
    "half": "returned a report with half an interval in the figure 'f'",
    "ragged": "returned a report with rows and columns of different length in the table 'T'",
    "elsewhere": "returned a report with a chart 'c' whose data are not inside its specification",
    "endless": "took longer than 1.5 s",
}


def made(core: Core, name: str, query: Query = MARCH) -> Report:
    """Return a report, however long it takes."""
    found = core.analyst.report(name, query)
    assert found is not None
    return found


def until(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Wait until something is true, and tell whether it became so."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def runs(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def apart(core: Core, processes: int = 2) -> Analyst:
    """Return another analyst of the same instance, with much patience."""
    settings = core.settings.model_copy(update={"reports": Reports(seconds=600, processes=processes)})
    return Analyst(settings, core.clock, core.plugins, core.containment, lambda: 1, Snapshots(core.store, core.clock))


@pytest.mark.parametrize("name", list(ODD_ONES))
def test_a_fault_is_named_and_the_next_report_is_made(instance: Core, name: str) -> None:
    with pytest.raises(PluginFault) as caught:
        instance.analyst.report(name, MARCH)
    assert (caught.value.plugin, caught.value.what) == ("odd", f"report {name}")
    assert caught.value.reason.startswith(ODD_ONES[name])
    assert "ann@example.org" not in str(caught.value)
    assert made(instance, "fine").title == "Fine"


def test_faults_are_in_the_trace(instance: Core) -> None:
    with pytest.raises(PluginFault):
        instance.analyst.report("dict", replace(MARCH, survey="traced"))
    newest = instance.containment.trace("odd")[0]
    assert (newest.what, newest.outcome, newest.detail) == ("report dict", "wrong", ODD_ONES["dict"])


def test_what_fails_again_and_again_rests(instance: Core) -> None:
    fresh = Containment(instance.clock)
    kept = Snapshots(instance.store, instance.clock)
    analyst = Analyst(instance.settings, instance.clock, instance.plugins, fresh, lambda: 1, kept, given=["odd"])
    reasons = []
    for _ in range(6):
        with pytest.raises(PluginFault) as caught:
            analyst.report("none", MARCH)
        reasons.append(caught.value.outcome)
    analyst.close()
    assert reasons == ["wrong"] * 5 + ["resting"]


def test_whatever_is_printed_does_not_disturb(instance: Core) -> None:
    assert made(instance, "loud") == Report("loud", [], [], [], [])


def test_the_query_arrives_whole_and_the_clock_stands_still(instance: Core) -> None:
    query = Query(
        MARCH.since, MARCH.until, "contact", "nps", "team", {"team": "Zürich \x1f 日本"},
        False, "id", "admin", {"a": "b"},
    )  # fmt: skip
    report = made(instance, "echo", query)
    assert report.title == "id"
    assert report.notes[:2] == [str(instance.clock.now()), str(query)]


def test_a_refusal_is_no_fault(instance: Core) -> None:
    with pytest.raises(Refused) as caught:
        instance.analyst.report("refuses", MARCH)
    assert [(each.field, each.reason) for each in caught.value.problems] == [("by", "is not counted")]
    assert instance.containment.trace("odd")[0].outcome == "refused"


def test_an_unknown_analysis_is_not_found(instance: Core) -> None:
    for asked in (lambda: instance.analyst.report("nothing", MARCH), lambda: instance.analyst.one("nothing")):
        with pytest.raises(NotFound):
            asked()


def test_who_does_not_wait_finds_it_later(instance: Core) -> None:
    query = replace(MARCH, survey="later")
    assert instance.analyst.report("slow", query, 0.05) is None
    assert until(lambda: instance.analyst.report("slow", query, 0.0) == Report("slow", [], [], [], []))


def test_a_report_is_kept_until_the_counts_change(instance: Core) -> None:
    at = 1
    analyst = Analyst(
        instance.settings, instance.clock, instance.plugins, instance.containment, lambda: at,
        Snapshots(instance.store, instance.clock), given=["odd"],
    )  # fmt: skip
    first = analyst.report("echo", MARCH)
    assert analyst.report("echo", MARCH) is first
    assert analyst.report("echo", replace(MARCH, by="team")) != first
    at = 2
    second = analyst.report("echo", MARCH)
    assert second == first
    assert second is not first
    analyst.close()


def test_no_more_than_so_many_are_made_at_once(instance: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyst_module, "MOST_WAITING", 2)
    analyst = apart(instance, processes=1)
    try:
        for survey in ("a", "b"):
            assert analyst.report("sleeps", replace(MARCH, survey=survey), 0.0) is None
        with pytest.raises(Unavailable):
            analyst.report("sleeps", replace(MARCH, survey="c"), 0.0)
    finally:
        analyst.close()


def test_closing_ends_processes_at_once_also_busy_ones(instance: Core) -> None:
    analyst = apart(instance)
    idle = analyst.report("echo", MARCH)
    assert idle is not None
    assert analyst.report("sleeps", MARCH, 0.3) is None
    with ThreadPoolExecutor(1) as hands:
        waiting = hands.submit(analyst.report, "sleeps", MARCH)
        analyst.close()
        with pytest.raises(Unavailable):
            waiting.result(60)
    assert instance.containment.trace("odd")[0].outcome == "refused"  # the plugin is not to blame
    assert until(lambda: not runs(int(idle.notes[2])))
    with pytest.raises(FeedbackhubError):
        analyst.report("fine", replace(MARCH, survey="after the end"))


PARENT = """
import sys, time
from dataclasses import replace
from tests.reports.conftest import MARCH
from feedbackhub.loop.opening import open_core
from feedbackhub.loop.snapshots import Snapshots
from feedbackhub.machinery.settings import Reports, Settings
from pathlib import Path
core = open_core(Settings(data_dir=Path(sys.argv[1]), reports=Reports(seconds=600)))
report = core.analyst.report("echo", MARCH)
core.analyst.report("endless", MARCH, 0.5)
print(report.notes[2], flush=True)
time.sleep(600)
"""


def test_when_the_server_is_killed_its_processes_end_also_within_an_endless_analysis(instance: Core) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(instance.settings.data_dir)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    assert runs(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(20)
    assert until(lambda: not runs(child))


class Own:
    """A plugin that exists in this process only."""

    def __init__(self, result: object) -> None:
        self.result = result

    @hookimpl
    def feedbackhub_analyses(self, hub: Hub) -> list[Analysis]:
        """Bring one analysis."""
        given = self.result

        class Here(Analysis):
            name, title = "here", "Here"

            def report(self, query: Query) -> Report:
                return given  # type: ignore[return-value]

        return [Here()]


def test_a_plugin_given_as_an_object_runs_in_the_process_that_has_it(instance: Core) -> None:
    for result, expected in ((Report("here"), None), (5, "returned int, which is no Report")):
        core = open_core(instance.settings, SetClock(START), {"own": Own(result)})
        if expected is None:
            assert made(core, "here").title == "here"
        else:
            with pytest.raises(PluginFault) as caught:
                made(core, "here")
            assert caught.value.reason == expected
        core.close()


def test_both_databases_are_read_and_never_written(core: Core, clock: SetClock) -> None:
    clock.move(timedelta(days=3))
    assert made(core, "echo").notes[0] == str(clock.now())
    assert made(core, "writes") == Report("refused", [], [], [], ["Unavailable"])
    assert made(core, "nps").figures[0].few == "none"


def test_settings_reach_the_other_process_whole(tmp_path: Path) -> None:
    path = tmp_path / "feedbackhub.toml"
    path.write_text(
        'database = "postgresql+psycopg://u:s3cret@db/x"\ndata_dir = "data"\nplugins_dir = "own"\n'
        'plugins_disabled = ["link"]\n[[ask]]\nname = "a"\ndelay = "90m"\nthrottle = "3d"\n'
        '[plugins.odd]\ntoken = "s3cret"\nlist = [1, 2.5, true]\n'
    )
    settings = load_settings(path, {})
    there = Settings.model_validate_json(settings.model_dump_json())
    assert there.model_dump() == settings.model_dump()
