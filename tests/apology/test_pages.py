"""The pages of experiments, as a manager goes through them."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.app_fixtures import StaffClient

HERE = "/x/apology/"


def test_a_draft_goes_through_its_steps_to_a_start_and_is_frozen(manager_client: StaffClient) -> None:
    browser = manager_client

    def send(path: str, **form: object) -> TestResponse:
        return browser.submit(HERE + path, dict(form))

    made = send("experiments/new", name="Does it help?", kind="apology")
    assert made.status_code == 303, made.text
    first = made.headers["Location"].removeprefix(HERE)
    one = first.rpartition("/")[0]
    for step in ("question", "arms", "outcome", "size"):
        page = browser.get(f"{HERE}{one}/{step}")
        assert page.status_code == 200, page.text[-3000:]
    found = re.search(r'name="version" value="(\d+)"', browser.get(f"{HERE}{one}/size").text)
    assert found is not None
    version = found[1]
    wrong = send(f"{one}/size", version=version, baseline="x", effect="10", alpha="5", power="80", n_each="0",
                 stopping="fixed", design="hash")
    assert wrong.status_code == 422
    saved = send(f"{one}/size", version=version, baseline="20", effect="10", alpha="5", power="80", n_each="300",
                 stopping="fixed", design="blocks", strata="severity", per_week="50")
    assert saved.status_code == 303, saved.text
    page = browser.get(HERE + one)
    assert page.status_code == 200
    assert "It cannot start yet" not in page.text, page.text
    started = send(f"{one}/start", version=int(version) + 1)
    assert started.status_code == 303, started.text
    late = send(f"{one}/size", version=int(version) + 2, baseline="30")
    assert late.status_code == 409
    assert "The plan was frozen" in late.text
    assert browser.get(HERE + "planner").status_code == 200
    assert browser.get(HERE + "experiments").status_code == 200
    assert send(f"{one}/stop", reason="").status_code == 422
    assert send(f"{one}/stop", reason="The shop closes").status_code == 303
    assert "The shop closes" in browser.get(HERE + one).text
