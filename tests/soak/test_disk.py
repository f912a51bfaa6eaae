"""A full disk, as a file system of its own or, where nobody may mount, as a limit on the growth of files."""

from bench.soak.disk import fill_again
from bench.soak.verdict import broken


def test_whoever_writes_to_a_full_disk_is_told_to_come_again_and_space_heals_it() -> None:
    found = fill_again(1, callers=2)
    assert broken(found.problems) == [], found.told()
