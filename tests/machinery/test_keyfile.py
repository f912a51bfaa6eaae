"""The instance key's file."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from feedbackhub.machinery.keyfile import KEY_FILE, KeyFileError, links_from, read_key, rotate_key, write_key

ID = "AbCdEfGhIjKl"


def test_a_new_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_key(tmp_path / KEY_FILE)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert [len(key) for key in read_key(tmp_path / KEY_FILE)] == [32]


def test_a_key_is_never_replaced_by_making_one(tmp_path: Path) -> None:
    write_key(tmp_path / KEY_FILE)
    before = read_key(tmp_path / KEY_FILE)
    with pytest.raises(FileExistsError):
        write_key(tmp_path / KEY_FILE)
    assert read_key(tmp_path / KEY_FILE) == before


def test_links_made_before_a_rotation_work_after_it(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    write_key(path)
    token = links_from(path).token(ID)
    rotate_key(path)
    assert links_from(path).read(token) == ID
    assert links_from(path).token(ID) != token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe", b"!" * 44, b"A" * 43])
def test_a_damaged_key_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(KeyFileError, match="instance key"):
        links_from(tmp_path / KEY_FILE)


def test_a_missing_key_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="feedbackhub init"):
        read_key(tmp_path / KEY_FILE)
