"""The card says when a customer does not want to be asked, so that nobody promises an ask."""

from collections.abc import Callable

import pytest

from feedbackhub import Identifier
from feedbackhub.loop.core import Core
from feedbackhub.loop.suppress import opt_out
from feedbackhub.loop.views import InvitationView
from feedbackhub.office.lookups import Viewer, look_up
from feedbackhub.office.refusals import lift_by_address
from feedbackhub.web.card_json import card_json
from tests.app_fixtures import StaffClient
from tests.loop.suppressing import suppress_address

Ask = Callable[..., InvitationView]
ANN = {"email": "ann@example.org", "phone": "+14155552671", "name": "Ann"}
WORDS = "Does not want to be asked."


@pytest.fixture
def asked(ask: Ask) -> InvitationView:
    """What Ann was asked."""
    return ask(**ANN)


def stopped(core: Core, kind: str = "email") -> str:
    """Return what the API's card says of asking."""
    looked = look_up(core, [Identifier(kind, ANN[kind])], Viewer("helpdesk", "7"), "key:tests")
    return str(card_json(looked.card)["stopped"])


def test_who_opted_out_is_shown_so_on_the_page_and_in_json(
    agent_client: StaffClient, core: Core, asked: InvitationView
) -> None:
    looked = look_up(core, [Identifier("email", ANN["email"])], Viewer("helpdesk", "7"), "key:tests")
    pages = (f"/desk/{looked.card.customer}", looked.address.removeprefix(core.settings.base_url()))
    assert ([WORDS in agent_client.get(page).text for page in pages], stopped(core)) == ([False, False], "")
    opt_out(core, asked.id)
    assert [WORDS in agent_client.get(page).text for page in pages] == [True, True]
    assert (stopped(core), stopped(core, "phone")) == ("opt_out", "opt_out")
    for kind in ("email", "phone"):
        lift_by_address(core, kind, ANN[kind], "tests")
    assert stopped(core) == ""


def test_any_address_of_the_person_counts_and_a_bounce_does_not(core: Core, asked: InvitationView) -> None:
    suppress_address(core, "email", ANN["email"], "bounce", "mail")
    assert stopped(core) == ""
    suppress_address(core, "phone", ANN["phone"], "staff", "lead@example.com")
    assert stopped(core) == "staff"


def test_strangers_are_neither_known_nor_stopped(core: Core, asked: InvitationView) -> None:
    suppress_address(core, "email", "eve@example.org", "opt_out", "tests")
    looked = look_up(core, [Identifier("email", "eve@example.org")], Viewer("helpdesk", "7"), "key:tests")
    assert (looked.card.state, looked.card.stopped) == ("unknown", "")
