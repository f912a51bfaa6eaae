"""An end that is corrected at once keeps what was planned after it."""

from tests.recovery_offers.company import BUDI
from tests.recovery_offers.conftest import MakeCompany


def test_a_case_reopened_and_closed_before_anybody_read_of_it_is_still_asked_about(company: MakeCompany) -> None:
    here = company()
    case = here.closed(here.bad_answer())
    reopened = here.deeds.reopen(here.cases.get(case.id), BUDI)
    here.closed(reopened, "partly")
    now = here.cases.get(case.id)
    assert (now.state, now.reask_at, "reask_off" in here.kinds(case)) == ("closed", case.reask_at, False)
