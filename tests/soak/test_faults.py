"""Some failure points; `python -m bench.soak faults` tries each."""

from bench.soak.faults import Kind, break_calls
from bench.soak.verdict import broken

KINDS = (
    Kind("pwrite64", "EIO", files=True, lasting=False, sends=False),
    Kind("fdatasync", "EIO", files=True, lasting=True, sends=False),
    Kind("pwrite64", "ENOSPC", files=True, lasting=True, sends=False),
    Kind("newfstatat", "EIO", files=True, lasting=True, sends=False),
    Kind("accept4", "EMFILE", files=False, lasting=False, sends=False),
    Kind("pwrite64", "EIO", files=True, lasting=False, sends=True),
    Kind("fdatasync", "EIO", files=True, lasting=True, sends=True),
    Kind("pwrite64", "ENOSPC", files=True, lasting=True, sends=True),
)


def test_no_acknowledged_answer_is_missing_whichever_call_failed_and_the_server_goes_on() -> None:
    found = break_calls(KINDS, most=5)
    assert broken(found.problems) == [], found.told()
    assert sum(found.points.values()) >= 20, found.told()
