"""What is pasted: made in one place, safe whatever is typed, and the same in the documentation."""

import pytest
from flask.testing import FlaskClient

from feedbackhub_plugins.widget.snippet import Wanted, after_chat, element, policy, script
from tests.app_fixtures import StaffClient
from tests.docs.blocks import FENCE
from tests.gates.sources import ROOT

HERE = "https://feedback.example/"
LINK = HERE + "o/TOKEN"


def test_every_snippet_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    pasted = [text.rstrip("\n") for language, text in FENCE.findall(page) if language != "toml"]
    assert pasted == [
        script(HERE), element(Wanted(LINK)), element(Wanted(LINK, "corner", 20, "id")), after_chat(LINK), policy(HERE),
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/o/" + "A" * 24, "/s/" + "A" * 24, "/sub/o/" + "A" * 24 + "?ticket=7"])
def test_the_page_makes_the_lines_for_a_link(manager_client: StaffClient, path: str) -> None:
    link = "https://feedback.example" + path
    page = manager_client.submit("/x/widget/", {"link": link, "mode": "corner", "delay": "7", "language": "ar"})
    assert page.status_code == 200
    assert f'<feedbackhub-survey link="{link}" mode="corner" delay="7" language="ar">' in page.text


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)//o/" + "A" * 24, "https://x.example/", "/o/" + "A" * 24, '"><script>',
        "https:///o/" + "A" * 24, "https://x.example/o/" + "A" * 24 + '"><script>',
    ],
)  # fmt: skip
def test_what_is_no_survey_is_refused_and_shown_as_typed(manager_client: StaffClient, link: str) -> None:
    page = manager_client.submit("/x/widget/", {"link": link})
    assert page.status_code == 422
    assert "This is no address of a survey." in page.text
    assert "<script>" not in page.text


def test_the_script_is_public_small_and_cached(client: FlaskClient) -> None:
    given = client.get("/x/widget/static/widget.js")
    assert (given.status_code, given.mimetype) == (200, "text/javascript")
    assert given.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in given.headers
    assert len(given.data) < 12_000
    again = client.get("/x/widget/static/widget.js", headers={"If-None-Match": given.headers["ETag"]})
    assert again.status_code == 304


def test_agents_and_strangers_see_no_page(agent_client: StaffClient, client: FlaskClient) -> None:
    assert agent_client.get("/x/widget/").status_code == 403
    assert client.get("/x/widget/").status_code == 303
