"""Reports taken along: all tables in one archive, charts as pictures, and a report made anew."""

import io
import time
import zipfile

import pytest

from feedbackhub import Chart, Figure, Report, ReportTable, Unavailable
from feedbackhub.loop.core import Core
from feedbackhub.office.reports import archive_of
from tests.app_fixtures import MakeClient, StaffClient
from tests.reports.looking import ready


@pytest.fixture
def core(instance: Core) -> Core:
    """The instance of this module."""
    return instance


@pytest.fixture
def manager(request: pytest.FixtureRequest, client_of: MakeClient) -> StaffClient:
    """A browser in which a manager of the test is signed in."""
    return client_of("manager", f"{request.node.name[-40:]}@example.com")


def test_all_numbers_come_in_one_archive_and_none_runs_as_a_formula(manager: StaffClient) -> None:
    assert 'href="/reports/fine/tables.zip?period=7d"' in ready(manager, "/reports/fine?period=7d").text
    answer = manager.get("/reports/fine/tables.zip?period=7d")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="fine.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files["fine-0.csv"] == "\ufefffigure,value,low,high,n,unit,note\r\nMean,3.25,2.5,4.0,40,,\r\n"
    assert files["fine-1.csv"] == "\ufeffa,b\r\n'=1+1,2\r\nok,3\r\n"
    report = Report("r", [Figure("f", None)], [Chart("c", {}, ReportTable("t", ("a",), []))])
    assert archive_of(report, "x") == archive_of(report, "x")


def test_charts_are_handed_out_as_pictures(manager: StaffClient) -> None:
    page = ready(manager, "/reports/charts?period=7d").text
    assert '<noscript><img class="still" src="/reports/charts/chart.svg?period=7d&amp;chart=1" alt="Trend"' in page
    drawn = manager.get("/reports/charts/chart.svg?period=7d&chart=1")
    assert (drawn.status_code, drawn.content_type) == (200, "image/svg+xml")
    assert drawn.data.startswith(b"<svg")
    saved = manager.get("/reports/charts/chart.png?chart=4&download=1")
    assert (saved.content_type, saved.data[:4]) == ("image/png", b"\x89PNG")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="charts-4.png"'
    wrong = ("svg?chart=6", "svg", "gif?chart=1")
    assert [manager.get(f"/reports/charts/chart.{rest}").status_code for rest in wrong] == [404, 404, 404]
    assert manager.get("/reports/for-admins/chart.svg?chart=1").status_code == 404


def test_without_what_draws_there_are_no_pictures_and_why_is_said(
    manager: StaffClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(core.artist), "ready", False)
    page = ready(manager, "/reports/charts?period=30d").text
    assert ("chart.svg" in page, "<noscript><img" in page) == (False, False)
    missing = manager.get("/reports/charts/chart.svg?chart=1")
    assert (missing.status_code, "pip install &#39;feedbackhub[charts]&#39;" in missing.text) == (404, True)


def test_a_picture_that_does_not_come_is_no_traceback(
    manager: StaffClient, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> bytes:
        raise Unavailable("the chart could not be drawn")

    monkeypatch.setattr(core.artist, "draw", fails)
    assert manager.get("/reports/charts/chart.png?chart=1").status_code == 503


def test_what_is_kept_for_a_while_is_made_anew_when_asked_for(manager: StaffClient) -> None:
    page = ready(manager, "/reports/kept?team=A+%26+B").text
    assert 'action="/reports/kept/anew?team=A+%26+B"' in page
    assert "As of Mar 2, 2026" in page
    first = numbers(page)
    assert numbers(ready(manager, "/reports/kept?team=A+%26+B").text) == first
    again = manager.submit("/reports/kept/anew?team=A+%26+B")
    assert (again.status_code, again.headers["Location"]) == (303, "/reports/kept?team=A+%26+B")
    for _ in range(100):  # the page looks again by itself as long as it says that newer numbers are being made
        page = manager.get("/reports/kept?team=A+%26+B").text
        if "Newer ones are being made" not in page:
            break
        time.sleep(0.1)
    assert (numbers(page) != first, bool(numbers(page))) == (True, True)
    assert manager.submit("/reports/for-admins/anew").status_code == 404
    assert manager.post("/reports/kept/anew").status_code == 400


def numbers(page: str) -> str:
    """Return the first note of a report that is another each time it is made."""
    return page.partition('<ul class="reading"><li>')[2].partition("</li>")[0]
