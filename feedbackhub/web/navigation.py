"""The staff area's navigation: what a person's role lets them open."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

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
        below: Whether it is a further page of the plugin on the line above.
    """

    title: str
    address: str
    icon: str
    group: str
    here: bool
    below: bool = False


@dataclass(frozen=True)
class Group:
    """Lines that belong together, under a title that may be empty."""

    title: str
    items: tuple[Item, ...]


#: What plugins add, such as cases, is daily work; what is opened rarely comes last.
TITLES = (("work", ""), ("plugins", N_("From plugins")), ("run", N_("Operation")))

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
    return own + _of_plugins(role, language)


def _of_plugins(role: str, language: str) -> list[Item]:
    """Return a line for each plugin, which leads to its first page; of the one that is open, all its pages."""
    pages = [each for each in current_app.extensions.get(PLUGIN_PAGES, ()) if may_open(role, each[0])]
    is_open = request.path.split("/")[2] if request.blueprint == "x" else ""
    listed, words, found = {endpoint for endpoint, _, _ in pages}, core().i18n.of_plugin, list[Item]()
    for (_, plugin, _), (endpoint, its, title) in pairwise([("", "", ""), *pages]):
        below = plugin == its
        if not below or its == is_open:
            # Pages that are on no line belong to the first one.
            here = request.endpoint == endpoint or (its == is_open and not below and request.endpoint not in listed)
            found.append(Item(words(its, language)(title), url_for(endpoint), "plugin", "plugins", here, below))
    return found


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
