"""The hooks: each only registers objects, once, when the plugin is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .hub import Hub
    from .objects import Channel, Page, Plugin, Rule

PROJECT = "feedbackhub"
CONTRACT_VERSION = 1

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def feedbackhub_channels(hub: Hub) -> Sequence[Channel]:  # type: ignore[empty-body]
    """Bring ways out to the customer.

    When: once, at start. Arguments: the hub. Returns: channels with unique names.
    On failure: this plugin is marked failed, the others go on.
    Example: ``return [Mattermost(hub.settings(Settings), hub.http)]``
    """


@hookspec
def feedbackhub_rules(hub: Hub) -> Sequence[Rule]:  # type: ignore[empty-body]
    """Bring rules, applied after the core's guards in the order of plugin names, then of the list.

    When: once, at start. Arguments: the hub. Returns: rules with unique names.
    On failure: this plugin is marked failed; a rule that raises later counts as no opinion and is recorded.
    Example: ``return [TooOld(hub.settings(Settings))]``
    """


@hookspec
def feedbackhub_pages(hub: Hub) -> Sequence[Page]:  # type: ignore[empty-body]
    """Bring pages, mounted under ``/x/<plugin>/`` with the permission that each declares.

    When: once, at start. Arguments: the hub. Returns: pages.
    On failure: this plugin is marked failed; a view that raises later answers with an error page.
    Example: ``return [Page("mails", "Mailbox", "manager", self.mails)]``
    """


@hookspec(firstresult=True)
def feedbackhub_plugin(hub: Hub) -> Plugin:  # type: ignore[empty-body]
    """Say what the plugin keeps about people, and how that is erased.

    When: once, at start. Arguments: the hub. Returns: the plugin's `Plugin` object.
    On failure: this plugin is marked failed. A plugin whose objects keep data must bring it.
    Example: ``return Keeper(hub.folder)``
    """
