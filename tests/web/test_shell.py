"""The staff area's shell: what each page of an administrator shows, and that it shows at all."""

import pytest

from tests.app_fixtures import StaffClient

PAGES = ("/users", "/keys", "/settings", "/plugins", "/audit", "/account")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_with_the_navigation(admin_client: StaffClient, path: str) -> None:
    answer = admin_client.get(path)
    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.text or path == "/account"
