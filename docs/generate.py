"""Write the generated pages: settings, hooks, commands, API; everything comes from the declarations in the code.

Run as ``make docs``; with ``--check`` it only tells which pages are stale.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

from docs.api_page import api_page
from docs.columns_page import columns_page
from docs.hooks_page import hooks_page
from feedbackhub.app import create_app
from feedbackhub.loop.opening import open_core, prepare
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.plugin_finding import GROUP
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_docs import section_reference, settings_reference

DOCS = Path(__file__).parent
MADE = "<!-- Made by `make docs`; change the declaration in the code instead. -->\n\n"


def marked(page: str) -> str:
    """Return a page with the note below its title that it is made."""
    title, _, rest = page.partition("\n\n")
    return f"{title}\n\n{MADE}{rest}"


def settings_page() -> str:
    """Return every option of the core and of the bundled plugins."""
    parts = ["# Settings\n\n", MADE, _SETTINGS_INTRO, settings_reference().strip(), "\n\n## Bundled plugins\n"]
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        model = _settings_of(point)
        if model is None:
            parts.append(f"\n### `{point.name}`\n\nTakes no options.\n")
        else:
            said = section_reference(model, f"plugins.{point.name}.").strip()
            parts.append("\n" + said.replace("## [", "### [") + "\n")
    return "".join(parts)


_SETTINGS_INTRO = """One file, `feedbackhub.toml`, holds all settings. It is looked for in the current folder, or named
by `--config FILE` or the environment variable `FEEDBACKHUB_CONFIG`. Every option can be overridden by an environment
variable: `web.session_hours` by `FEEDBACKHUB_WEB__SESSION_HOURS`. An unknown option is an error that names the nearest
known one. `feedbackhub doctor` checks the whole, and the page Settings of the staff area shows each value and where it
came from.

"""


def _settings_of(point: EntryPoint) -> type[BaseModel] | None:
    """Return the settings model that a bundled plugin declares, None when it has none."""
    found = getattr(point.load(), "Settings", None)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def commands_page() -> str:
    """Return the help of every command."""
    main: click.Group = EntryPoint("feedbackhub", "feedbackhub.cli:main", "console_scripts").load()
    parts = ["# Commands\n\n", MADE]
    for path, command in _commands(main, "feedbackhub"):
        # The names of the help option come from the program, as they do when it is called.
        names = main.context_settings["help_option_names"]
        context = click.Context(command, info_name=path, terminal_width=96, help_option_names=names)
        parts.append(f"## `{path}`\n\n```text\n{command.get_help(context).strip()}\n```\n\n")
    return "".join(parts).rstrip() + "\n"


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        yield f"{before} {name}", command
        if isinstance(command, click.Group):
            yield from _commands(command, f"{before} {name}")


def _openapi() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        write_key(Path(folder) / KEY_FILE)
        core = open_core(Settings(data_dir=Path(folder)))
        prepare(core)
        try:
            answer = create_app(core).test_client().get("/api/v1/openapi.json")
        finally:
            core.close()
    spec: dict[str, Any] = json.loads(answer.data)
    return spec


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "hooks.md": lambda: marked(hooks_page()),
    "commands.md": commands_page,
    "columns.md": lambda: marked(columns_page()),
    "api.md": lambda: marked(api_page(_openapi())),
}


def stale() -> list[str]:
    """Return the generated pages that do not say what the code says."""
    return [name for name, make in PAGES.items() if _read(DOCS / name) != make()]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write all pages, or with ``--check`` tell which are stale."""
    if "--check" in sys.argv[1:]:
        old = stale()
        for name in old:
            sys.stderr.write(f"docs/{name} is stale; run: make docs\n")
        return 1 if old else 0
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
