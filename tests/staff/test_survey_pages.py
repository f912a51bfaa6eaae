"""The pages of surveys: previews, the editor with its errors by line, and publishing with one more question."""

import pytest

from feedbackhub.office import audit
from feedbackhub.office.survey_versions import changes, versions
from tests.app_fixtures import StaffClient
from tests.staff.conftest import World

OWN = """\
name: own
languages: [en, ar]
title: {en: "Ours", ar: "لنا"}
questions:
  - id: satisfaction
    type: csat
    text: {en: "How was it?", ar: "كيف كان؟"}
thanks: {en: "Thank you", ar: "شكرًا"}
"""


def test_surveys_are_listed_with_what_they_are_used_for(world: World, manager_client: StaffClient) -> None:
    html = manager_client.get("/surveys").text
    assert [html.count(f'href="/surveys/{name}"') for name in ("effort", "nps", "post-contact", "re-ask")] == [1] * 4
    assert html.count("In use") == 1


def test_managers_read_and_administrators_write(manager_client: StaffClient, admin_client: StaffClient) -> None:
    assert "/surveys/nps/edit" not in manager_client.get("/surveys/nps").text
    assert manager_client.get("/surveys/nps/edit?version=1").status_code == 403
    assert manager_client.submit("/surveys/-/publish", {"source": OWN}).status_code == 403
    assert "/surveys/nps/edit" in admin_client.get("/surveys/nps").text


@pytest.mark.parametrize("part", ["page", "thanks", "thanks_low", "mail"])
@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ar", "rtl"), ("hi", "ltr"), ("id", "ltr")])
def test_each_part_is_previewed_in_each_language(
    manager_client: StaffClient, part: str, lang: str, direction: str
) -> None:
    answer = manager_client.get(f"/surveys/post-contact/preview?lang={lang}&part={part}")
    assert answer.status_code == 200
    assert f'lang="{lang}" dir="{direction}"' in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers.get("X-Frame-Options") in (None, "SAMEORIGIN")


def test_a_text_with_mistakes_is_shown_with_them_beside_their_lines(admin_client: StaffClient) -> None:
    wrong = OWN.replace("csat", "csta")
    answer = admin_client.submit("/surveys/-/check", {"source": wrong.replace("\n", "\r\n")})
    assert answer.status_code == 422
    assert "did you mean &#39;csat&#39;?" in answer.text
    assert '<span class="wrong-line"><span class="line">6</span>    type: csta' in answer.text
    assert "1 thing to mend" in answer.text
    assert "    type: csta" in answer.text.partition("<textarea")[2]


def test_a_good_text_is_compared_with_the_newest_version(world: World, admin_client: StaffClient) -> None:
    admin_client.submit("/surveys/-/publish", {"source": OWN})
    answer = admin_client.submit("/surveys/-/check", {"source": OWN.replace("How was it?", "How did we do?")})
    assert "would become version 2" in answer.text
    assert '<tr class="added">' in answer.text
    assert len(versions(world.core, "own")) == 1


def test_a_new_survey_is_published_at_once_and_audited(world: World, admin_client: StaffClient) -> None:
    answer = admin_client.submit("/surveys/-/publish", {"source": OWN})
    assert answer.headers["Location"] == "/surveys/own"
    [entry] = audit.entries(world.core.store, "survey:own")
    assert (entry.actor, entry.action, entry.detail) == ("admin@example.com", "survey.published", {"version": 1})


def test_another_version_is_published_only_when_confirmed(world: World, admin_client: StaffClient) -> None:
    admin_client.submit("/surveys/-/publish", {"source": OWN})
    changed = OWN.replace("How was it?", "How did we do?")
    asked = admin_client.submit("/surveys/-/publish", {"source": changed})
    assert (asked.status_code, "Publish version 2 of own?" in asked.text) == (200, True)
    assert len(versions(world.core, "own")) == 1
    admin_client.submit("/surveys/-/publish", {"source": changed, "confirmed": "1"})
    assert [each.number for each in versions(world.core, "own")] == [2, 1]
    page = admin_client.get("/surveys/own?version=2").text
    assert "Changed since version 1" in page


def test_what_was_confirmed_for_an_older_version_is_asked_again(world: World, admin_client: StaffClient) -> None:
    for text in (OWN, OWN.replace("Ours", "Ours 2")):
        admin_client.submit("/surveys/-/publish", {"source": text, "confirmed": "1"})
    late = {"source": OWN.replace("Ours", "Mine"), "confirmed": "1"}
    assert "Publish version 3 of own?" in admin_client.submit("/surveys/-/publish", late).text
    assert len(versions(world.core, "own")) == 2


def test_the_same_text_is_not_published_twice(world: World, admin_client: StaffClient) -> None:
    admin_client.submit("/surveys/-/publish", {"source": OWN})
    again = admin_client.submit("/surveys/-/publish", {"source": OWN})
    assert "there is nothing to publish" in again.text
    admin_client.submit("/surveys/-/publish", {"source": OWN, "confirmed": "1"})
    assert len(versions(world.core, "own")) == 1


def test_the_editor_previews_what_is_typed(admin_client: StaffClient) -> None:
    shown = admin_client.submit("/surveys/-/preview", {"source": OWN, "lang": "ar", "part": "page"})
    assert (shown.status_code, "كيف كان؟" in shown.text) == (200, True)
    wrong = admin_client.submit("/surveys/-/preview", {"source": "name: ["})
    assert (wrong.status_code, "There is nothing to show yet" in wrong.text) == (422, True)


def test_the_example_for_a_new_survey_is_one(admin_client: StaffClient) -> None:
    html = admin_client.get("/surveys/-/new").text
    source = html.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0]
    checked = admin_client.submit("/surveys/-/check", {"source": source.replace("&#39;", "'").replace("&#34;", '"')})
    assert (checked.status_code, "This text can be published" in checked.text) == (200, True)


def test_what_is_not_there_is_not_found(manager_client: StaffClient) -> None:
    for path in ("/surveys/none", "/surveys/nps?version=9", "/surveys/none/preview"):
        assert manager_client.get(path).status_code == 404, path


def test_hostile_texts_stay_texts(admin_client: StaffClient) -> None:
    hostile = OWN.replace("Ours", "<script>alert(1)</script>")
    for answer in (
        admin_client.submit("/surveys/-/check", {"source": hostile}),
        admin_client.submit("/surveys/-/preview", {"source": hostile, "lang": "en"}),
        admin_client.submit("/surveys/-/check", {"source": f"{hostile}\n</textarea><script>alert(1)</script>"}),
    ):
        assert "<script>alert" not in answer.text


def test_a_comparison_names_lines_on_both_sides_and_leaves_gaps() -> None:
    before = "\n".join(str(number) for number in range(30))
    after = before.replace("\n2\n", "\ntwo\n").replace("\n25\n", "\n")
    found = changes(before, after)
    kinds = [each.kind for each in found]
    assert (kinds.count("added"), kinds.count("removed"), kinds.count("gap")) == (1, 2, 1)
    assert [(each.before, each.after, each.text) for each in found if each.kind == "added"] == [(None, 3, "two")]
    assert changes(before, before) == []
