"""Which commands there are: a static table, so that listing them imports none of them."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

import click

from .failures import Failure

__all__ = ["CORE", "GROUP", "Entry", "all_commands", "load"]

GROUP = "feedbackhub.commands"


@dataclass(frozen=True)
class Entry:
    """A command before it is imported: where it is, and its line in the help."""

    target: str
    help: str
    plugin: EntryPoint | None = None


#: In the order in which a newcomer meets them.
CORE = {
    "demo": Entry("feedbackhub.cli.demo:demo", "Try everything on invented data, in the browser."),
    "init": Entry("feedbackhub.cli.init:init", "Set up an instance: settings, key, database, first admin."),
    "serve": Entry("feedbackhub.cli.serve:serve", "Run the server and send what is due."),
    "worker": Entry("feedbackhub.cli.worker:worker", "Send what is due, beside a server and other workers."),
    "doctor": Entry("feedbackhub.cli.doctor:doctor", "Look for what is wrong and say what to do."),
    "migrate": Entry("feedbackhub.cli.migrate:migrate", "Bring the database to this release."),
    "backup": Entry("feedbackhub.cli.backup:backup", "Copy the whole instance into one file, while it serves."),
    "restore": Entry("feedbackhub.cli.backup:restore_command", "Put an instance back from a backup."),
    "contacts": Entry("feedbackhub.cli.contacts:contacts", "Record ended contacts and see why they were asked."),
    "sources": Entry("feedbackhub.cli.sources:sources", "Connect helpdesks, and see what became of what they told."),
    "customers": Entry("feedbackhub.cli.customers:customers", "Look up, export and erase customers."),
    "surveys": Entry("feedbackhub.cli.surveys:surveys", "Check, preview and publish surveys."),
    "links": Entry("feedbackhub.cli.links:links", "Make open links for signatures, macros and receipts."),
    "rules": Entry("feedbackhub.cli.rules:rules", "Replay recorded contacts through a changed policy."),
    "import": Entry("feedbackhub.cli.imports:imports", "Bring contacts, responses and gestures from files."),
    "export": Entry("feedbackhub.cli.exports:exports", "Write responses, contacts and more to files."),
    "events": Entry("feedbackhub.cli.events:events", "See what happened and who has read it; have it read again."),
    "tallies": Entry("feedbackhub.cli.tallies:tallies", "Check the counts behind the reports, and repair them."),
    "users": Entry("feedbackhub.cli.users:users", "Invite staff, change roles, reset, revoke."),
    "keys": Entry("feedbackhub.cli.keys:keys", "Make and revoke API keys."),
    "tasks": Entry("feedbackhub.cli.tasks:tasks", "See what waits or is stuck; have it run now, or call it off."),
    "plugins": Entry("feedbackhub.cli.plugins:plugins", "See which plugins work, and why others do not."),
    "test-send": Entry("feedbackhub.cli.sending:send_test", "Send one test message through a channel."),
}


def all_commands() -> dict[str, Entry]:
    """Return the commands that are there: the core's, then those of plugins by name."""
    core = {name: entry for name, entry in CORE.items() if importlib.util.find_spec(entry.target.partition(":")[0])}
    return core | {name: entry for name, entry in _of_plugins() if name not in CORE}


def _of_plugins() -> Iterator[tuple[str, Entry]]:
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        distribution = point.dist.name if point.dist else "a plugin"
        bundled = point.module.split(".")[:2]
        brings = f"the plugin {bundled[1]}" if bundled[0] == "feedbackhub_plugins" else distribution
        yield point.name, Entry(point.value, f"Comes with {brings}; its --help says more.", point)


def load(name: str, entry: Entry) -> click.Command:
    """Import a command.

    Raises:
        Failure: It comes with a plugin and cannot be imported, or is no command.
    """
    if entry.plugin is None:
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
    else:
        try:
            command = entry.plugin.load()
        except Exception as error:  # a plugin's mistake is told as such, whatever it is
            raise Failure(f"the command {name} cannot be loaded from {entry.target}: {error}") from error
    if not isinstance(command, click.Command):
        raise Failure(f"{entry.target} is no command")
    return command
