"""The widget in Chromium, on a page of another origin: shown, answered, closed, and refused where it is not allowed."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FrameLocator, Page, expect

from feedbackhub import ContactEvent
from feedbackhub.loop.intake import record_contact
from tests.widget.conftest import Instance, Site, Visit, told

Check = Callable[[Page], None]


@pytest.fixture
def accessible() -> Check:
    """Fail when axe finds something wrong on the page or in the frame (its own report knows no shadow roots)."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []

    return check


def survey(page: Page) -> FrameLocator:
    """Return the survey inside the widget."""
    return page.frame_locator("feedbackhub-survey iframe")


def answer(page: Page, rating: str = "5") -> None:
    """Give a rating as a person does, after looking for a moment."""
    page.wait_for_timeout(1100)
    survey(page).locator(f"label:has(input[name=satisfaction][value='{rating}'])").click()
    survey(page).get_by_role("button", name="Send my answer").click()


def test_a_survey_in_the_page_is_shown_and_answered_once(visit: Visit, instance: Instance, accessible: Check) -> None:
    before = len(instance.stored())
    page = visit(f'<feedbackhub-survey link="{instance.link()}"><a href="/">Tell us</a></feedbackhub-survey>')
    expect(survey(page).get_by_role("heading", name="Your contact with us")).to_be_visible()
    expect(page.get_by_role("link", name="Tell us")).to_be_hidden()
    accessible(page)
    assert page.locator("feedbackhub-survey iframe").bounding_box()["height"] > 300  # type: ignore[index]
    answer(page)
    expect(survey(page).get_by_text("Thank you. Your answer has been saved")).to_be_visible()
    page.wait_for_function("told().length === 2")
    assert told(page) == [["shown", None], ["answered", None]]
    assert instance.stored()[before:] == [(5, "human")]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_strict_policy_of_the_page_lets_it_work(visit: Visit, instance: Instance, site: Site) -> None:
    origin = instance.address
    policy = f"default-src 'none'; script-src 'self' {origin}; frame-src {origin}; style-src 'none'; base-uri 'none'"
    page = visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>', policy=policy)
    expect(page.get_by_role("dialog", name="Your feedback")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_css("position", "fixed")
    site.policy = ""


def test_a_pop_in_takes_no_focus_and_closing_gives_it_back(
    visit: Visit, instance: Instance, accessible: Check
) -> None:
    page = visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>')
    page.locator("#before").focus()
    dialog = page.get_by_role("dialog", name="Your feedback")
    expect(dialog).to_be_visible()
    expect(page.locator("#before")).to_be_focused()
    accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    close = page.get_by_role("button", name="Close")
    close.focus()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#before")).to_be_focused()
    assert told(page) == [["shown", None], ["closed", None]]


def test_escape_inside_the_survey_closes_a_pop_in(visit: Visit, instance: Instance) -> None:
    page = visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>')
    page.locator("#before").focus()
    page.evaluate("document.querySelector('feedbackhub-survey').show()")
    dialog = page.get_by_role("dialog", name="Your feedback")
    expect(dialog).to_be_visible()
    survey(page).locator("input[name=satisfaction]").first.focus()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#before")).to_be_focused()


def test_the_close_button_closes_and_it_can_be_shown_again(visit: Visit, instance: Instance) -> None:
    page = visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>')
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.querySelector('feedbackhub-survey').show()")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_delay_is_waited_for(visit: Visit, instance: Instance) -> None:
    page = visit(f'<feedbackhub-survey mode="corner" delay="600" link="{instance.link()}"></feedbackhub-survey>')
    page.wait_for_timeout(700)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.evaluate("document.querySelector('feedbackhub-survey').setAttribute('delay', '0')")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_another_language_turns_the_corner_round(visit: Visit, instance: Instance, accessible: Check) -> None:
    page = visit(
        f'<feedbackhub-survey mode="corner" language="ar" link="{instance.link()}"></feedbackhub-survey>',
        direction="rtl", language="ar",
    )  # fmt: skip
    dialog = page.locator("feedbackhub-survey [role=dialog]")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_attribute("dir", "rtl")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] == 16
    accessible(page)


def test_reduced_motion_is_respected(visit: Visit, instance: Instance, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>')
    expect(page.get_by_role("dialog")).to_have_css("animation-name", "none")


def test_a_personal_link_after_a_chat_is_asked_once(visit: Visit, instance: Instance) -> None:
    event = {"source": "chat", "external_id": str(len(instance.stored())), "channel": "chat",
             "customer": {"ids": {"chat": "7"}}}  # fmt: skip
    invitation = record_contact(instance.core, ContactEvent.model_validate(event)).contact.invitation
    assert invitation is not None
    element = f'<feedbackhub-survey mode="corner" link="{invitation.link}"></feedbackhub-survey>'
    page = visit(element)
    answer(page, "4")
    expect(survey(page).get_by_text("Thank you. Your answer has been saved")).to_be_visible()
    assert instance.stored()[-1] == (4, "human")
    page = visit(element)
    page.wait_for_timeout(1000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert told(page) == []


@pytest.fixture
def stranger(browser: Browser, complaints: list[str], watched: Callable[[Page], Page]) -> Iterator[Page]:
    """A page at an origin that is not allowed; the browser complains, which is meant."""
    context = browser.new_context()
    yield watched(context.new_page())
    complaints[:] = [each for each in complaints if "frame-ancestors" not in each and "postMessage" not in each]
    context.close()


def test_a_page_that_is_not_allowed_shows_nothing_broken(stranger: Page, site: Site, instance: Instance) -> None:
    site.policy = ""
    site.pages["/"] = (
        f'<!doctype html><html lang="en"><title>Evil</title><script src="/recorder.js"></script>'
        f'<script src="{instance.address}/x/widget/static/widget.js" defer></script>'
        f'<feedbackhub-survey link="{instance.link()}"><a href="/">Tell us</a></feedbackhub-survey>'
        f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey></html>'
    )
    stranger.goto(site.origin.replace("localhost", "127.0.0.1") + "/")
    stranger.wait_for_timeout(3500)
    expect(stranger.get_by_role("link", name="Tell us")).to_be_visible()
    assert stranger.locator("feedbackhub-survey iframe").evaluate_all("all => all.map((each) => each.src)") == ["", ""]
    expect(stranger.get_by_role("dialog")).to_be_hidden()
    assert told(stranger) == []


def test_messages_of_others_are_not_heard(visit: Visit, instance: Instance) -> None:
    page = visit(f'<feedbackhub-survey mode="corner" link="{instance.link()}"></feedbackhub-survey>')
    expect(page.get_by_role("dialog")).to_be_visible()
    page.evaluate(
        "window.postMessage({type: 'feedbackhub:escape'}, '*');"
        "window.postMessage({type: 'feedbackhub:state', state: 'thanks', height: 9}, '*')"
    )
    page.wait_for_timeout(200)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert told(page) == [["shown", None]]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "", "not an address", "file:///etc/passwd"])
def test_what_is_no_web_address_is_not_opened(visit: Visit, link: str) -> None:
    page = visit(f'<feedbackhub-survey link="{link}"><a href="/">Tell us</a></feedbackhub-survey>')
    expect(page.get_by_role("link", name="Tell us")).to_be_visible()
    assert page.locator("feedbackhub-survey iframe").evaluate("frame => frame.src") == ""


def test_a_link_taken_back_leaves_the_page_as_it_is(visit: Visit, instance: Instance, complaints: list[str]) -> None:
    page = visit(
        f'<feedbackhub-survey link="{instance.address}/o/{"A" * 24}"><a href="/">Tell us</a></feedbackhub-survey>'
    )
    page.wait_for_timeout(500)
    expect(page.get_by_role("link", name="Tell us")).to_be_visible()
    expect(page.locator("feedbackhub-survey iframe")).to_be_hidden()
    assert told(page) == []
    complaints[:] = [each for each in complaints if "404" not in each]
