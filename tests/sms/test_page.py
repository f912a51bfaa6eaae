"""The page that says what a text costs."""

from __future__ import annotations

import re

from tests.app_fixtures import MakeClient


def figures(html: str) -> list[str]:
    """Return the page's figures in their order."""
    return re.findall(r"<dd>([^<]+)</dd>", html)


def test_a_manager_sees_what_a_text_costs_and_why(client_of: MakeClient) -> None:
    browser = client_of("manager")
    assert figures(browser.get("/x/sms/").get_data(as_text=True)) == []
    plain = browser.submit("/x/sms/", {"text": "Don’t wait"}).get_data(as_text=True)
    assert (figures(plain), "Don&#39;t wait" in plain) == (["GSM-7", "10", "150", "4 parts"], True)
    dear = browser.submit("/x/sms/", {"text": "<b>नमस्ते</b>" + "a" * 300}).get_data(as_text=True)
    assert figures(dear)[0] == "UCS-2"
    assert ("5 parts" in dear, "more than allowed" in dear, "<b>नमस्ते" in dear) == (True, True, False)


def test_agents_do_not_see_it(client_of: MakeClient) -> None:
    assert client_of("agent").get("/x/sms/").status_code == 403
