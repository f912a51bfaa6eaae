"""The main job in a real browser: a contact ends, the mail comes, a face is clicked, and the next agent knows."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.story.conftest import Served

Watched = Callable[[Page], Page]
Accessible = Callable[[Page], None]
# Nobody reads a page and answers within a second; who does is taken for a machine.
READING = 1_300


@dataclass(frozen=True)
class Story:
    """What one customer sees and says."""

    language: str
    direction: str
    own_name: str
    question: str
    sorry: str
    words: str


STORIES = [
    Story("en", "ltr", "English", "Was your issue solved?", "We are sorry that we let you down", "Nobody rang back."),
    Story("ar", "rtl", "العربية", "هل حُلّت مشكلتك؟", "نعتذر لأننا لم نكن عند حسن ظنك", "لم يتصل بي أحد."),
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_the_contact_to_the_card(
    browser: Browser, watched: Watched, accessible: Accessible, demo: Served, story: Story, scripts: bool
) -> None:
    phone = {"width": 390, "height": 844}
    context = browser.new_context(java_script_enabled=scripts, locale=story.language, viewport=phone)
    page = watched(context.new_page())
    look: Accessible = accessible if scripts else lambda _: None
    email = end_contact(page, demo, story, look)
    click_face(page, email, look)
    answer(page, story, scripts, look)
    see_card(page, story, look)
    context.close()


def end_contact(page: Page, demo: Served, story: Story, look: Accessible) -> str:
    """Enter the demo, end a contact, wait for its mail, and return the customer's address."""
    page.goto(f"{demo.address}/demo")
    look(page)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name=story.own_name).click()
    look(page)
    email = page.get_by_label("Customer's e-mail address").input_value()
    page.get_by_role("button", name="The contact has ended").click()
    mailbox = page.get_by_role("button", name="Open the mailbox")
    for _ in range(40):
        if mailbox.is_visible():
            break
        page.wait_for_timeout(250)
        page.get_by_role("link", name="Look again").click()
    look(page)
    mailbox.click()
    look(page)
    return email


def click_face(page: Page, email: str, look: Accessible) -> None:
    """Open the customer's mail and click the second face."""
    page.get_by_role("row").filter(has_text=email).get_by_role("link").click()
    look(page)
    page.frame_locator("iframe").locator("a.face").nth(1).click()
    page.wait_for_url("**/s/*?a=2")


def answer(page: Page, story: Story, scripts: bool, look: Accessible) -> None:
    """Answer the survey, with its following questions at once or one page after the other."""
    assert page.locator("html").get_attribute("dir") == story.direction
    expect(page.get_by_text(story.question)).to_be_visible()
    expect(page.locator("[name=satisfaction][value='2']")).to_be_checked()
    follow = page.locator("[name=call_back][value=yes]")
    expect(follow).to_be_visible(visible=scripts)
    look(page)
    page.locator("[name=solved][value=no]").check()
    page.locator("[name=courtesy][value='4']").check(force=True)
    page.locator("[name=comment]").fill(story.words)
    page.wait_for_timeout(READING)
    if not scripts:
        page.get_by_role("button").click()
    follow.check()
    if not scripts:
        page.get_by_role("button").click()
    page.locator("[name=call_back_phone]").fill("+62 812 3456 789")
    look(page)
    page.get_by_role("button").click()
    expect(page.locator("h1")).to_contain_text(story.sorry)
    look(page)


def see_card(page: Page, story: Story, look: Accessible) -> None:
    """Go back to the guide and from there to the card; record that the customer was called, and take it back."""
    page.locator("a[href='/demo']").click()
    page.get_by_role("button", name="See the customer's card").click()
    told = ("Take care", "The last answer was an unhappy one.", "Wants a call", "2 of 5", "not solved", story.words)
    for words in told:
        expect(page.get_by_text(words, exact=True).first).to_be_visible()
    look(page)
    page.get_by_role("button", name="I rang").click()
    expect(page.get_by_text("Recorded: Call.")).to_be_visible()
    expect(page.get_by_text("Wants a call")).to_have_count(0)
    look(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Wants a call", exact=True)).to_be_visible()
