"""The hooks: each only registers objects, once, when the plugin is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .exports import Export
    from .hub import Hub
    from .inbound import Source
    from .objects import Channel, Plugin, Rule
    from .questions import Question
    from .reports import Analysis
    from .screens import DeskSection, Page, Route, Slot
    from .work import Subscriber, Tables, Task

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
    """Bring rules, applied after the core's guards: the bundled plugins' first, then by plugin, in the list's order.

    When: once, at start. Arguments: the hub. Returns: rules with unique names.
    On failure: this plugin is marked failed; a rule that raises later counts as no opinion and is recorded.
    Example: ``return [TooOld(hub.settings(Settings))]``
    """


@hookspec
def feedbackhub_sources(hub: Hub) -> Sequence[Source]:  # type: ignore[empty-body]
    """Bring sources of ended contacts; other systems call each at ``/in/<name>``.

    When: once, at start. Arguments: the hub. Returns: sources with unique names.
    On failure: this plugin is marked failed; a request that cannot be read waits in the inbox and can be retried.
    Example: ``return [Helpdesk(hub.settings(Settings), hub.http)]``
    """


@hookspec
def feedbackhub_subscribers(hub: Hub) -> Sequence[Subscriber]:  # type: ignore[empty-body]
    """Bring consumers of the event log.

    When: once, at start. Arguments: the hub. Returns: subscribers with names unique in the plugin.
    On failure: this plugin is marked failed; a subscriber that raises is parked alone and goes
    on from there later.
    Example: ``return [Recoveries(hub)]``
    """


@hookspec
def feedbackhub_tasks(hub: Hub) -> Sequence[Task]:  # type: ignore[empty-body]
    """Bring kinds of work that the engine runs, once when scheduled or from time to time.

    When: once, at start. Arguments: the hub. Returns: tasks with names unique in the plugin.
    On failure: this plugin is marked failed; a task that raises is tried again, then parked.
    Example: ``return [Task("push", self.push), Task("sweep", self.sweep, every=timedelta(days=1))]``
    """


@hookspec
def feedbackhub_analyses(hub: Hub) -> Sequence[Analysis]:  # type: ignore[empty-body]
    """Bring questions that a manager has, answered in the staff area and as JSON.

    When: once, at start. Arguments: the hub. Returns: analyses with unique names.
    On failure: this plugin is marked failed; one that raises or takes too long says so in its place.
    Example: ``return [Nps(hub)]``
    """


@hookspec
def feedbackhub_exports(hub: Hub) -> Sequence[Export]:  # type: ignore[empty-body]
    """Bring ways to write records down.

    When: once, at start. Arguments: the hub. Returns: exports with unique names.
    On failure: this plugin is marked failed; an export that raises is tried again, then parked.
    Example: ``return [Csv()]``
    """


@hookspec
def feedbackhub_desk_sections(hub: Hub) -> Sequence[DeskSection]:  # type: ignore[empty-body]
    """Bring pieces of the card.

    When: once, at start. Arguments: the hub. Returns: sections with unique names.
    On failure: this plugin is marked failed; a section that raises or takes too long leaves a note in its place.
    Example: ``return [Orders(hub.settings(Settings), hub.http)]``
    """


@hookspec
def feedbackhub_question_types(hub: Hub) -> Sequence[Question]:  # type: ignore[empty-body]
    """Bring question types that surveys may use; data only.

    When: once, at start. Arguments: the hub. Returns: types with unique names.
    On failure: this plugin is marked failed; surveys that use its types stay as they were
    published, and cannot be published anew without it.
    Example: ``return [LIKERT]``
    """


@hookspec
def feedbackhub_pages(hub: Hub) -> Sequence[Page]:  # type: ignore[empty-body]
    """Bring pages, mounted under ``/x/<plugin>/`` with the permission that each declares.

    When: once, at start. Arguments: the hub. Returns: pages.
    On failure: this plugin is marked failed; a view that raises later answers with an error page.
    Example: ``return [Page("mails", "Mailbox", "manager", self.mails)]``
    """


@hookspec
def feedbackhub_routes(hub: Hub) -> Sequence[Route]:  # type: ignore[empty-body]
    """Bring operations of the API, mounted under ``/api/v1/x/<plugin>/`` and listed in the OpenAPI document.

    When: once, at start. Arguments: the hub. Returns: routes.
    On failure: this plugin is marked failed; a view that raises later answers with a problem that names the plugin.
    Example: ``return [Route("GET", "cases", "List the cases.", "read", self.cases, CaseList)]``
    """


@hookspec
def feedbackhub_slots(hub: Hub) -> Sequence[Slot]:  # type: ignore[empty-body]
    """Fill named places in the pages of the staff area.

    When: once, at start. Arguments: the hub. Returns: fillings.
    On failure: this plugin is marked failed; a filling that raises or takes too long leaves a note in its place.
    Example: ``return [Slot("contact", "QR code", "agent", self.code)]``
    """


@hookspec(firstresult=True)
def feedbackhub_tables(hub: Hub) -> Tables:  # type: ignore[empty-body]
    """Bring tables of the plugin's own, with an Alembic tree and version table of their own.

    When: once, at start, and by ``feedbackhub migrate``. Arguments: the hub. Returns: the tables.
    On failure: this plugin is marked failed; no other plugin's upgrade is held up.
    Example: ``return Tables(metadata, Path(__file__).parent / "migrations")``
    """


@hookspec(firstresult=True)
def feedbackhub_plugin(hub: Hub) -> Plugin:  # type: ignore[empty-body]
    """Say what the plugin keeps about people, and how that is erased.

    When: once, at start. Arguments: the hub. Returns: the plugin's `Plugin` object.
    On failure: this plugin is marked failed. A plugin whose objects keep data must bring it.
    Example: ``return Keeper(hub.folder)``
    """
