"""Commands that the pages name in passing exist, with the options named."""

import re
import shlex
from collections.abc import Iterator
from importlib.metadata import EntryPoint

import click
import pytest

from tests.docs.blocks import pages
from tests.gates.sources import ROOT

GENERATED = {"docs/commands.md"}
NAMED = re.compile(r"`feedbackhub ([a-z][^`]*)`")
PROGRAM: click.Group = EntryPoint("feedbackhub", "feedbackhub.cli:main", "console_scripts").load()


def named() -> list[tuple[str, str]]:
    """Return every command named as code in prose, with its page."""
    found = []
    for page in pages():
        if page not in GENERATED:
            text = re.sub(r"\s+", " ", (ROOT / page).read_text(encoding="utf-8"))
            found += [(page, each) for words in NAMED.findall(text) for each in spelt_out(words)]
    return sorted(set(found))


def spelt_out(words: str) -> Iterator[str]:
    """Yield ``import contacts FILE`` and the like for ``import contacts|responses FILE``."""
    several = re.search(r"(\S+(?:\|\S+)+)", words)
    if several is None:
        yield words
        return
    for one in several[1].split("|"):
        yield words.replace(several[1], one)


def looked_up(words: str) -> tuple[click.Command, list[str]]:
    """Return the command that the words name, and what is left of them."""
    command: click.Command = PROGRAM
    rest = shlex.split(words)
    while isinstance(command, click.Group) and rest:
        inner = command.get_command(click.Context(command), rest[0])
        assert inner is not None, f"there is no command {words}"
        command, rest = inner, rest[1:]
    return command, rest


@pytest.mark.parametrize(("page", "words"), named())
def test_a_command_named_in_passing_exists_with_its_options(page: str, words: str) -> None:
    command, rest = looked_up(words)
    options = {name for each in command.params for name in each.opts}
    assert [each for each in rest if each.startswith("--") and each.partition("=")[0] not in options] == []
