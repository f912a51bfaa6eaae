"""Ways as addresses: filters survive them, wrong ways are refused by name, and only own paths lead back."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlsplit

import hypothesis
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from feedbackhub import Figure, Query, Report, ReportTable
from feedbackhub.app import create_app
from feedbackhub.contract.reading import DIMENSIONS
from feedbackhub.contract.reports import Way
from feedbackhub.loop.core import Core
from feedbackhub.loop.report_json import BadReport, read_report, report_json
from feedbackhub.web.answer_filters import texts_of
from feedbackhub.web.report_filters import asked_for
from feedbackhub.web.ways import Ways, trail, way_back

MARCH = Query(date(2026, 3, 1), date(2026, 3, 31), "contact", "nps", where={"team": "Back & Front"})
ID = "AbCdEf123-_x"
VALUES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def staff(instance: Core) -> Flask:
    """The application."""
    return create_app(instance)


def address(app: Flask, way: Way, asked: Mapping[str, str] = {}, via: str = "", **more: object) -> str:
    """Return the address of a way in the report ``echo`` of the plugin ``odd``."""
    with app.test_request_context("/reports/echo"):
        return Ways("echo", "odd", MARCH, asked, via=via, **more)(way)  # type: ignore[arg-type]


@hypothesis.settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*DIMENSIONS, "survey", "question", "score"]), VALUES), VALUES)
def test_every_value_survives_its_address(staff: Flask, values: dict[str, str], via: str) -> None:
    found = address(staff, Way(values=values), via=via)
    with staff.test_request_context(found):
        said = texts_of()
    kept = {"from": "2026-03-01", "to": "2026-03-31", "basis": "contact", "survey": "nps", "team": "Back & Front"}
    assert {name: text for name, text in said.items() if text} == {**kept, "counted": "yes", **values}
    assert dict(parse_qsl(urlsplit(found).query))["via"] == via


@hypothesis.settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([*DIMENSIONS, "survey", "by", "o-step"]), VALUES))
def test_a_way_to_another_report_keeps_its_filters_but_not_its_split(staff: Flask, values: dict[str, str]) -> None:
    asked = {"period": "7d", "by": "channel", "team": "Back & Front", "basis": "contact", "o-step": "week"}
    found = address(staff, Way("report", "fine", values), asked)
    with staff.test_request_context(found):
        step = staff.extensions["feedbackhub"].analyst.one("fine").options
        wanted = asked_for(step)
    assert urlsplit(found).path == "/reports/fine"
    assert (wanted.period, wanted.basis, wanted.by) == ("7d", "contact", values.get("by", ""))
    dimensions = {name: value for name, value in values.items() if name in DIMENSIONS}
    assert wanted.where == {"team": "Back & Front", **dimensions}
    assert wanted.options == ({"step": values["o-step"]} if "o-step" in values else {})


def test_where_ways_lead(staff: Flask) -> None:
    dropped = address(staff, Way(values={"team": "", "since": "2026-03-09", "until": "2026-03-09"}))
    assert dropped == "/answers?from=2026-03-09&to=2026-03-09&basis=contact&survey=nps&counted=yes"
    same = address(staff, Way("report", "echo", {"team": "A"}), {"by": "team", "o-step": "week"})
    assert same == "/reports/echo?by=team&o-step=week&team=A"
    days = address(staff, Way("report", "fine", {"until": "2026-03-09"}), {"period": "7d"})
    assert days == "/reports/fine?period=own&from=2026-03-01&to=2026-03-09"
    assert address(staff, Way("page", "/assumptions/edit", {"of": "a b"})) == "/x/odd/assumptions/edit?of=a+b"
    assert address(staff, Way("answer", ID), via="/reports/echo") == f"/answers/{ID}?via=%2Freports%2Fecho"
    assert address(staff, Way("contact", ID)) == f"/contacts/{ID}"
    assert address(staff, Way("customer", ID)) == f"/desk/{ID}"
    assert address(staff, Way("answer", "../users")) == ""


def test_a_way_that_the_visitor_may_not_go_is_none(staff: Flask) -> None:
    asked: list[str] = []

    def closed(page: str) -> bool:
        asked.append(page)
        return False

    ways = (Way(), Way("report", "fine"), Way("contact", ID))
    assert [address(staff, way, open_to=closed) for way in ways] == ["", "", ""]
    assert asked == ["answers.index", "report:fine", "contacts.show"]


def test_ways_cross_between_processes() -> None:
    rows = [("a", 1), ("b", 2)]
    report = Report(
        "r", [Figure("f", 1.0, way=Way("report", "nps", {"by": "team", "o-step": "week"}))],
        tables=[ReportTable("t", ("n", "v"), rows, ways=[Way(values={"score": "0-6", "question": "q"}), None])],
    )  # fmt: skip
    assert read_report(report_json(report)).figures[0].way == report.figures[0].way
    assert list(read_report(report_json(report)).tables[0].ways) == list(report.tables[0].ways)


@pytest.mark.parametrize(("way", "said"), [
    (Way("nowhere"), "figures.0.way.to is wrong"),  # type: ignore[arg-type]
    (Way(values={"mood": "x"}), "a way with the unknown filter 'mood' in the figure 'f'"),
    (Way("report", "nps", {"score": "1"}), "a way with the unknown filter 'score' in the figure 'f'"),
    (Way("answer", "1"), "a way to no public id in the figure 'f'"),
    (Way(values={"team": "x" * 201}), "a way whose 'team' is no line of at most 200 characters in the figure 'f'"),
    (Way(values={"team": "a\nb"}), "a way whose 'team' is no line of at most 200 characters in the figure 'f'"),
])  # fmt: skip
def test_a_wrong_way_is_refused_by_name(way: Way, said: str) -> None:
    with pytest.raises(BadReport, match=said):
        report_json(Report("r", [Figure("f", 1.0, way=way)]))


def test_there_are_as_many_ways_as_rows() -> None:
    table = ReportTable("t", ("n",), [("a",), ("b",)], ways=[Way()])
    with pytest.raises(BadReport, match="not as many ways as rows in the table 't'"):
        report_json(Report("r", tables=[table]))


@pytest.mark.parametrize("path", ["/reports", "/reports/nps?by=team&team=a%26b", "/x/digest/", "/answers/" + ID])
def test_an_own_page_leads_back(staff: Flask, path: str) -> None:
    with staff.test_request_context(path):
        carried = trail()
    with staff.test_request_context(f"/contacts/{ID}?{carried}"):
        assert way_back("/answers") == path


@pytest.mark.parametrize("path", [
    "https://elsewhere.example/reports", "//elsewhere.example/reports", "/\\elsewhere.example/reports", "/reportsx",
    "/reports/../users", "/users", "javascript:alert(1)", "/sign-out", "reports", "/answers", "/reports\n/x", "",
    "/reports/" + "x" * 2000,
])  # fmt: skip
def test_no_other_address_leads_back(staff: Flask, path: str) -> None:
    with staff.test_request_context("/answers", query_string={"via": path}):
        assert way_back() == ""
