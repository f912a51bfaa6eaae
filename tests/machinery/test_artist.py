"""Charts as pictures: drawn in a process of their own, with the letters and numbers of every language."""

import json
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedbackhub import Chart, ReportTable, Unavailable
from feedbackhub.charts import Dot, Limit, Spot, Swing, forest, funnel, tornado, trend
from feedbackhub.machinery import artist as module
from feedbackhub.machinery.artist import Artist, localised
from feedbackhub.machinery.drawing import VERSION
from feedbackhub.machinery.fonts import family_for, with_families
from tests.gates.sources import ROOT

HEADS = ("Week", "Score", "From", "To", "Answers")
CHART = trend("Over time", [Spot("2026-03-02", 12345.0, 12000.0, 12500.0, 40), Spot("सोमवार", 12100.0)], HEADS)
NOTHING = ReportTable("", (), ())
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def artist() -> Iterator[Artist]:
    drawing = Artist()
    yield drawing
    drawing.close()


def texts(svg: bytes) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())


def test_a_chart_becomes_a_picture(artist: Artist) -> None:
    assert artist.draw(CHART, "image/png", "en")[:8] == PNG
    assert artist.draw(CHART, "image/svg+xml", "en")[:4] == b"<svg"


def test_every_kind_of_chart_can_be_drawn(artist: Artist) -> None:
    charts = [
        forest("Causes", [Spot("Billing", 12.0, 8.0, 16.0, 90), Spot("Other", None, n=3)], HEADS, ("more", "like all")),
        funnel("Teams", [Dot("North", 40, 0.8)], [Limit(10, 0.5, 1, 0.4, 1), Limit(90, 0.7, 0.9, 0.6, 1)],
               ("Team", "Answers", "Share"), ("95 %", "99.8 %"), middle=0.8),
        tornado("Assumptions", [Swing("Rate", 9.0, 2.0)], ("Assumption", "Low", "High"), middle=5.0),
    ]  # fmt: skip
    assert [artist.draw(chart, "image/png", "en")[:8] for chart in charts] == [PNG] * 3


@pytest.mark.parametrize(("language", "written"), [("en", "12,200"), ("id", "12.200"), ("hi", "12,200")])
def test_numbers_are_written_as_the_language_writes_them(artist: Artist, language: str, written: str) -> None:
    assert written in texts(artist.draw(CHART, "image/svg+xml", language))


def test_numbers_of_hindi_are_grouped_in_its_own_way() -> None:
    locale = localised({"config": {"font": "x"}}, "hi")["config"]
    assert (locale["font"], locale["locale"]["number"]["grouping"][:3]) == ("x", [3, 2, 2])


@pytest.mark.parametrize("spec", [
    {"mark": "nothing of this name", "data": {"values": []}},
    {"mark": "bar", "data": {"url": "http://127.0.0.1:9/data.json"}, "encoding": {"x": {"field": "a"}}},
    {"data": {"values": []}, "layer": [{"mark": "bar", "data": {"url": "file:///etc/passwd"}}]},
])  # fmt: skip
def test_a_wrong_chart_is_refused_and_the_next_one_drawn(artist: Artist, spec: dict[str, object]) -> None:
    with pytest.raises(Unavailable, match="could not be drawn"):
        artist.draw(Chart("Wrong", spec, NOTHING), "image/png", "en")
    assert artist.draw(CHART, "image/png", "en")[:8] == PNG


def test_a_process_that_was_killed_is_started_again(artist: Artist) -> None:
    artist.draw(CHART, "image/svg+xml", "en")
    child = artist._child
    assert child is not None
    child._process.send_signal(signal.SIGKILL)
    child._process.wait()
    assert artist.draw(CHART, "image/svg+xml", "en")[:4] == b"<svg"


def test_without_use_the_process_ends(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.05)
    artist.draw(CHART, "image/svg+xml", "en")
    child, timer = artist._child, artist._rest
    assert child is not None and timer is not None
    timer.join()
    assert (child.alive, artist._child) == (False, None)


def test_a_closed_one_draws_nothing() -> None:
    closed = Artist()
    closed.close()
    with pytest.raises(Unavailable, match="the server stops"):
        closed.draw(CHART, "image/png", "en")


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    monkeypatch.setattr(module, "find_spec", lambda name: sys.modules.get(name))
    assert not Artist().ready
    with pytest.raises(Unavailable, match=re.escape("pip install 'feedbackhub[charts]'")):
        Artist().draw(CHART, "image/png", "en")


def test_letters_of_other_scripts_name_a_font_that_has_them() -> None:
    svg = '<svg><text x="1">NPS अंक कितने (4)</text><text>score</text></svg>'
    family = family_for("hi")
    assert "Devanagari" in family
    named = f'<svg><text x="1">NPS <tspan font-family="{family}">अंक कितने</tspan> (4)</text><text>score</text></svg>'
    assert with_families(svg) == named


def test_a_line_of_several_scripts_is_drawn_all_the_same(artist: Artist) -> None:
    chart = trend("Mixed", [Spot("सोमवार الاثنين", 1.0), Spot("abc ग्राहक الاثنين 12", 2.0)], HEADS)
    assert artist.draw(chart, "image/png", "ar")[:8] == PNG


def test_pictures_and_pages_draw_with_the_same_major_version() -> None:
    vendored = json.loads((Path(ROOT) / "templates" / "static" / "vendor" / "VENDOR.json").read_text())
    versions = {each["package"]: each["version"] for each in vendored}
    assert versions["vega-lite"].partition(".")[0] == VERSION.partition(".")[0]
