"""The staff area's navigation: what a person's role lets them open, the pages of plugins last."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, request, url_for

from ..machinery.i18n import N_
from .current import core
from .permission import access_of, outranks

__all__ = ["PLUGIN_PAGES", "Group", "Item", "groups", "items"]

#: Where the mounted pages of plugins are kept: (endpoint, plugin, title) in the order of the plugins' names.
PLUGIN_PAGES = "feedbackhub.plugin_pages"


@dataclass(frozen=True)
class Item:
    """One line of the navigation.

    Args:
        title: Its text, to be translated where it is shown.
        address: Where it leads.
        icon: Name of a symbol in ``staff/icons.html``.
        group: ``work``, ``run`` or ``plugins``.
        here: Whether the running request is for this page or one below it.
    """

    title: str
    address: str
    icon: str
    group: str
    here: bool


@dataclass(frozen=True)
class Group:
    """Lines that belong together, under a title that may be empty."""

    title: str
    items: tuple[Item, ...]


TITLES = (("work", ""), ("run", N_("Operation")), ("plugins", N_("From plugins")))

# Blueprint, title, icon, group; the page itself is the blueprint's `index`, whose permission decides who sees the line.
PAGES = (
    ("desk", N_("Desk"), "desk", "work"),
    ("contacts", N_("Contacts"), "contacts", "work"),
    ("answers", N_("Answers"), "answers", "work"),
    ("reports", N_("Reports"), "reports", "work"),
    ("surveys", N_("Surveys"), "surveys", "work"),
    ("open_links", N_("Open links"), "links", "work"),
    ("sources", N_("Sources"), "sources", "run"),
    ("deliveries", N_("Deliveries"), "deliveries", "run"),
    ("engine", N_("Engine"), "engine", "run"),
    ("suppressions", N_("Suppressions"), "suppressions", "run"),
    ("exports", N_("Exports"), "exports", "run"),
    ("plugins", N_("Plugins"), "plugins", "run"),
    ("users", N_("Users"), "users", "run"),
    ("keys", N_("API keys"), "keys", "run"),
    ("settings", N_("Settings"), "settings", "run"),
    ("audit", N_("Audit log"), "audit", "run"),
)


def items(role: str, language: str = "en") -> list[Item]:
    """Return what somebody of a role may open, in the order shown; titles of plugins in their own words."""
    own = [
        Item(title, url_for(f"{name}.index"), icon, group, request.blueprint == name)
        for name, title, icon, group in PAGES
        if may_open(role, f"{name}.index")
    ]
    words = core().i18n.of_plugin
    plugins = [
        Item(words(plugin, language)(title), url_for(endpoint), "plugin", "plugins", request.endpoint == endpoint)
        for endpoint, plugin, title in current_app.extensions.get(PLUGIN_PAGES, ())
        if may_open(role, endpoint)
    ]
    return own + plugins


def groups(role: str, language: str = "en") -> list[Group]:
    """Return what somebody of a role may open, in groups; empty ones are left out."""
    found = items(role, language)
    made = [Group(title, tuple(item for item in found if item.group == name)) for name, title in TITLES]
    return [group for group in made if group.items]


def may_open(role: str, endpoint: str) -> bool:
    """Tell whether a page exists and its permission includes a role."""
    view = current_app.view_functions.get(endpoint)
    access = access_of(view) if view else None
    return access is not None and bool(access.role) and outranks(role, access.role)
