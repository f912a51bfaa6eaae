"""Sources for staff: who calls us, how the other side is connected, and how the calls fare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..contract.errors import FeedbackhubError, NotFound
from ..contract.inbound import Setup
from ..loop.core import Core
from ..loop.receivers import Called, address_of, called
from ..loop.trying import PRESET
from ..store.queries import inbound
from .audit import record

__all__ = ["SourceLine", "SourceSetup", "list_presets", "list_sources", "show_secrets", "source_setup"]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source or channel that other systems call, and how the calls fare.

    Args:
        name: Its name.
        plugin: The plugin that brings it; empty when none does at present.
        kind: ``source`` or ``channel``; empty when it is not active.
        address: Where it is called.
        accepted_at: When a call was last accepted.
        waiting: How many requests are to be read.
        failed: How many requests wait for a person.
        refused: How many calls were refused because they could not show that they are genuine.
        refused_at: When the last of them came.
        refused_because: Why it was refused.
    """

    name: str
    plugin: str
    kind: str
    address: str
    accepted_at: datetime | None = None
    waiting: int = 0
    failed: int = 0
    refused: int = 0
    refused_at: datetime | None = None
    refused_because: str = ""

    @property
    def active(self) -> bool:
        """Whether calls are accepted at present."""
        return bool(self.plugin)


@dataclass(frozen=True, slots=True)
class SourceSetup:
    """How the other system is connected; `secrets` names what there is to paste, without the values.

    Args:
        address: Where the other system sends to.
        verified: How a request shows that it is genuine.
        secrets: What there is to paste, by label.
        steps: What to do.
        template: Text to paste.
        docs: Address of a page that says more.
        flaw: Why the plugin cannot say all this at present.
    """

    address: str
    verified: str = ""
    secrets: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    template: str = ""
    docs: str = ""
    flaw: str = ""


def list_sources(core: Core) -> list[SourceLine]:
    """Return everything that other systems call or have called, by name."""
    found = called(core)
    with core.store.read() as connection:
        known, counts = inbound.receivers(connection), inbound.waiting_counts(connection)
    # What was only ever refused under a name that is gone says nothing any more.
    names = {*found, *counts, *(name for name, row in known.items() if row.accepted_at is not None)}
    lines = []
    for name in sorted(names):
        row, one, waits = known.get(name), found.get(name), counts.get(name, {})
        lines.append(
            SourceLine(
                name, one.plugin if one else "", one.kind if one else "", address_of(core, name),
                row.accepted_at if row else None, waits.get("received", 0), waits.get("failed", 0),
                row.refused if row else 0, row.refused_at if row else None, row.refused_because if row else "",
            )
        )  # fmt: skip
    return lines


def list_presets(core: Core) -> list[str]:
    """Return the names of the sources that are only for trying: what could be configured."""
    found = (source.name for _, source in core.plugins.each("feedbackhub_sources") if source.trial)
    return sorted(name.removeprefix(PRESET) for name in found)


def source_setup(core: Core, name: str, language: str) -> SourceSetup:
    """Return how the other system is connected with a source.

    Raises:
        NotFound: There is no active source or channel of that name.
    """
    found = _found(core, name)
    try:
        said = _setup(core, found, language)
    except FeedbackhubError as error:
        return SourceSetup(address_of(core, name), flaw=str(error))
    return SourceSetup(
        said.address or address_of(core, name), said.verified, tuple(said.secrets), tuple(said.steps), said.template,
        said.docs if said.docs.startswith(("https://", "http://")) else "",
    )  # fmt: skip


def show_secrets(core: Core, name: str, language: str, by: str) -> dict[str, str]:
    """Return what to paste into the other system, by label in a language, and note who looked.

    Raises:
        NotFound: There is no active source or channel of that name.
        PluginFault: It cannot say.
    """
    said = _setup(core, _found(core, name), language)
    now = core.clock.now()
    core.store.write(lambda connection: record(connection, now, by, "source.secret_shown", f"source:{name}"))
    return {label: secret.get_secret_value() for label, secret in said.secrets.items()}


def _found(core: Core, name: str) -> Called:
    found = called(core).get(name)
    if found is None:
        raise NotFound(f"there is no active source or channel {name}")
    return found


def _setup(core: Core, found: Called, language: str) -> Setup:
    what = f"setup {found.name}"
    said = core.containment.call(found.plugin, what, found.receiver.setup, language)
    if not isinstance(said, Setup):
        raise core.containment.blame(found.plugin, what, f"returned a {type(said).__name__}")
    return said
