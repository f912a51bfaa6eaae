"""Write the generated pages: settings, hooks, commands, API; everything comes from the declarations in the code.

Run as ``make docs``; with ``--check`` it only tells which pages are stale.
"""

from __future__ import annotations

import inspect
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel

import feedbackhub
from feedbackhub.app import create_app
from feedbackhub.contract import hookspecs
from feedbackhub.loop.core import open_core, prepare
from feedbackhub.machinery.keyfile import KEY_FILE, write_key
from feedbackhub.machinery.plugins import GROUP
from feedbackhub.machinery.settings import Settings
from feedbackhub.machinery.settings_docs import section_reference, settings_reference

DOCS = Path(__file__).parent
MADE = "<!-- Made by `make docs`; change the declaration in the code instead. -->\n\n"
METHODS = ("get", "post", "put", "patch", "delete")


def settings_page() -> str:
    """Return every option of the core and of the bundled plugins."""
    parts = ["# Settings\n\n", MADE, _SETTINGS_INTRO, settings_reference().strip(), "\n\n## Bundled plugins\n"]
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        model = _settings_of(point)
        if model is not None:
            parts.append(f"\n### `{point.name}`\n\n{section_reference(model, f'plugins.{point.name}.').strip()}\n")
    return "".join(parts)


_SETTINGS_INTRO = """One file, `feedbackhub.toml`, holds all settings. It is looked for in the current folder, or named by
`--config FILE` or the environment variable `FEEDBACKHUB_CONFIG`. Every option can be overridden by an environment
variable: `web.session_hours` by `FEEDBACKHUB_WEB__SESSION_HOURS`. An unknown option is an error that names the nearest
known one. `feedbackhub doctor` checks the whole, and the page Settings of the staff area shows each value and where it
came from.

"""


def _settings_of(point: EntryPoint) -> type[BaseModel] | None:
    """Return the settings model that a bundled plugin declares, None when it has none."""
    package = point.load()
    for name in ("Settings",):
        found = getattr(package, name, None)
        if isinstance(found, type) and issubclass(found, BaseModel):
            return found
    return None


def hooks_page() -> str:
    """Return every hook with its signature, and every object of the contract."""
    parts = ["# Hook and object reference\n\n", MADE, "## Hooks\n"]
    for name, hook in vars(hookspecs).items():
        if name.startswith("feedbackhub_"):
            parts.append(f"\n### `{name}{inspect.signature(hook)}`\n\n{_text(hook)}\n")
    parts.append("\n## Objects\n\nEverything below is imported `from feedbackhub`.\n")
    for name in feedbackhub.__all__:
        thing = getattr(feedbackhub, name)
        if inspect.isclass(thing):
            parts.append(f"\n### `{name}`\n\n{_text(thing)}\n")
            parts += [f"\n`{method}{signature}`: {text}\n" for method, signature, text in _methods(thing)]
    return "".join(parts)


def _text(thing: object) -> str:
    return inspect.cleandoc(thing.__doc__ or "").strip()


def _methods(thing: type) -> Iterator[tuple[str, str, str]]:
    for name, member in vars(thing).items():
        if not name.startswith("_") and inspect.isfunction(member) and member.__doc__:
            yield name, str(inspect.signature(member)), _text(member).split("\n\n")[0].replace("\n", " ")


def commands_page() -> str:
    """Return the help of every command."""
    main: click.Group = EntryPoint("feedbackhub", "feedbackhub.cli:main", "console_scripts").load()
    parts = ["# Commands\n\n", MADE]
    for path, command in _commands(main, "feedbackhub"):
        context = click.Context(command, info_name=path, max_content_width=100)
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


def api_page() -> str:
    """Return the API's operations with their scopes and fields, from the OpenAPI document."""
    spec = _openapi()
    parts = ["# API\n\n", MADE, _API_INTRO]
    for path, operations in sorted(spec["paths"].items()):
        for method in METHODS:
            if method in operations:
                parts.append(_operation(path, method, operations[method]))
    return "".join(parts).rstrip() + "\n"


_API_INTRO = """The whole of it, for machines: `/api/v1/openapi.json` (OpenAPI 3.1). Calls carry an API key,
`Authorization: Bearer fh_…`, made with `feedbackhub keys create` or on the page Keys. Errors are
`application/problem+json` (RFC 9457) with `errors: [{field, reason}]`. Times are RFC 3339 with a zone. Lists page by an
opaque cursor: follow `next`.

"""


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    scopes = [scope for each in operation.get("security", []) for values in each.values() for scope in values]
    lines = [f"## `{method.upper()} {path}`\n\n", f"{operation.get('summary', '').strip()}\n\n"]
    description = inspect.cleandoc(operation.get("description", "")).strip()
    if description:
        lines.append(f"{description}\n\n")
    if scopes:
        lines.append(f"Scope: {', '.join(f'`{scope}`' for scope in sorted(set(scopes)))}\n\n")
    answers = [f"`{status}` {each.get('description', '')}".strip() for status, each in operation["responses"].items()]
    lines.append("Answers: " + " · ".join(answers) + "\n\n")
    return "".join(lines)


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
    "hooks.md": hooks_page,
    "commands.md": commands_page,
    "api.md": api_page,
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
