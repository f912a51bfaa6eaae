"""A new plugin: an installable distribution with its tests, for each kind of object."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import jinja2

from ..contract.errors import Conflict, Problem, Refused
from ..version import __version__

__all__ = ["KINDS", "write_plugin"]

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kind:
    """A kind of plugin.

    Args:
        about: What a new one does, for its README.
        options: Its settings as TOML, empty when it needs none.
        files: Further files of its package, by path, each from a template.
    """

    about: str
    options: str = ""
    files: Mapping[str, str] | None = None


ADDRESS = 'url = "https://messages.example.com"\ntoken = "…"'
KINDS: Mapping[str, Kind] = {
    "channel": Kind("It posts each invitation to another system over HTTP.", ADDRESS),
    "source": Kind("It takes ended contacts that another system sends to `/in/<name>`.", 'secret = "…"'),
    "rule": Kind("It leaves customers of some segments alone."),
    "subscriber": Kind("It reads every settled answer and plans a task for each bad one."),
    "task": Kind("It counts the answers of the day before, every night."),
    "analysis": Kind("It shows the share of asks that were answered, with its interval."),
    "export": Kind("It writes records with tabs between their fields."),
    "desk-section": Kind("It shows the agent what another system knows of the customer.", ADDRESS),
    "page": Kind(
        "It brings a page of the staff area and an operation of the API.",
        files={"templates/surveys.html": "page.surveys.html.txt"},
    ),
    "question-type": Kind("It brings a question type for surveys, in four languages."),
}


def write_plugin(name: str, kind: str, folder: Path) -> Path:
    """Write a new distribution and return its folder.

    Args:
        name: The plugin's name: small letters, digits and -.
        kind: One of `KINDS`.
        folder: Where its folder is made.

    Raises:
        Refused: The name cannot be used.
        Conflict: There is such a folder already.
    """
    module = f"feedbackhub_{name.replace('-', '_')}"
    if not NAME.fullmatch(name) or len(name) > 40 or keyword.iskeyword(name):
        raise Refused(Problem("name", "write a name of small letters, digits and -, that begins with a letter"))
    place = folder / f"feedbackhub-{name}"
    if place.exists():
        raise Conflict(f"{place} is there already")
    for path, template in _files(kind, module).items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template, name, module, kind), "utf-8")
    return place


def _files(kind: str, module: str) -> Mapping[str, str]:
    """Return which file of a distribution is made from which template; an empty one is an empty file."""
    return {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "README.md.txt",
        f"{module}/__init__.py": f"{kind}.py.txt",
        f"{module}/py.typed": "",
        f"tests/test_{module}.py": f"{kind}_test.py.txt",
        **{f"{module}/{path}": template for path, template in (KINDS[kind].files or {}).items()},
    }


def _filled(template: str, name: str, module: str, kind: str) -> str:
    if not template:
        return ""
    text = files("feedbackhub.testing").joinpath("kinds", template).read_text("utf-8")
    # Other marks than usual, for the files hold Jinja templates themselves.
    environment = jinja2.Environment(  # noqa: S701  # it fills Python and TOML, and names that were checked
        variable_start_string="[[ ", variable_end_string=" ]]", block_start_string="[% ", block_end_string=" %]",
        comment_start_string="[##", comment_end_string="##]", keep_trailing_newline=True, trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    words = name.split("-")
    return environment.from_string(text).render(
        name=name,
        module=module,
        kind=kind,
        title=" ".join(words).capitalize(),
        **{"class": "".join(word.capitalize() for word in words)},
        version=__version__,
        about=KINDS[kind].about,
        options=KINDS[kind].options,
    )
