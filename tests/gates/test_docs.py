"""The documentation names everything there is, its generated pages are fresh, and its links lead somewhere."""

import re
from configparser import ConfigParser
from importlib.metadata import EntryPoint
from pathlib import Path

from click import Context, Group

from feedbackhub.contract import hookspecs
from feedbackhub.machinery.options import options_of
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_docs import settings_reference
from tests.gates.sources import ROOT, files

DOCS = ROOT / "docs"
PAGES = (*files(DOCS), ROOT / "README.md", ROOT / "CHANGELOG.md")
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")


def pages() -> dict[Path, str]:
    """Return the text of every page."""
    return {path: path.read_text(encoding="utf-8") for path in PAGES if path.suffix == ".md"}


def unnamed(names: set[str]) -> set[str]:
    """Return the names that stand on no page as code."""
    text = "\n".join(pages().values())
    return {name for name in names if not re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text)}


def commands(group: Group, before: str) -> set[str]:
    """Return every command below a group as one types it."""
    context = Context(group)
    found = set()
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        found |= commands(command, f"{before} {name}") if isinstance(command, Group) else {f"{before} {name}"}
    return found


def test_every_hook_is_documented() -> None:
    assert unnamed({name for name in vars(hookspecs) if name.startswith("feedbackhub_")}) == set()


def test_every_option_is_documented() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert settings_reference().strip() in page, "run: make docs"
    assert unnamed({option.name.rpartition(".")[2] for option in options_of(Settings)}) == set()


def test_every_command_is_documented() -> None:
    main = EntryPoint("feedbackhub", "feedbackhub.cli:main", "console_scripts").load()
    assert unnamed(commands(main, "feedbackhub")) == set()


def test_every_bundled_plugin_is_documented() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = setup["options.entry_points"]["feedbackhub"].strip().splitlines()
    assert unnamed({f"`{line.partition('=')[0].strip()}`" for line in listed}) == set()


def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, text in pages().items()
        for target, _ in LINK.findall(text)
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]
    assert dead == []
