"""Pieces that plugins add to the card and to pages of the staff area: made and drawn in limited time, or a note."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from markupsafe import Markup

from ..contract.errors import FeedbackhubError, NotFound
from ..contract.records import Customer
from ..contract.screens import DeskSection, Piece, Seat, Slot
from .card import read_card
from .core import Core

__all__ = ["Frame", "Shown", "customer_of", "section_names", "sections", "show_section", "show_slots", "slots_of"]

#: What a plugin's templates know beside their values, by the plugin's name.
Frame = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece as it stands in a page.

    Args:
        plugin: Who brings it.
        name: The section's name, empty for a slot.
        title: Its heading in the reader's language.
        html: What to show; empty when there is nothing to show.
        failed: Whether a note stands for it: it failed or took too long.
    """

    plugin: str
    name: str
    title: str
    html: Markup = Markup("")
    failed: bool = False


def sections(core: Core, language: str) -> list[Shown]:
    """Return the pieces of the card, not yet made, each to be fetched by its name."""
    return [
        Shown(plugin, each.name, core.i18n.of_plugin(plugin, language)(each.title))
        for plugin, each in core.plugins.each("feedbackhub_desk_sections")
    ]


def section_names(core: Core) -> tuple[str, ...]:
    """Return the names of the pieces of the card."""
    return tuple(each.name for _, each in core.plugins.each("feedbackhub_desk_sections"))


def show_section(core: Core, name: str, seat: Seat, frame: Frame) -> Shown:
    """Return one piece of the card.

    Args:
        core: The instance.
        name: The section's name.
        seat: Whose card it is, and who looks.
        frame: What the plugin's templates know beside their values.

    Raises:
        NotFound: No working plugin brings such a section.
    """
    found = core.plugins.owner("feedbackhub_desk_sections", name)
    if found is None:
        raise NotFound(f"no plugin brings the section {name}")
    plugin, section = found
    assert isinstance(section, DeskSection), "only those are accepted under this hook"
    empty = Shown(plugin, name, core.i18n.of_plugin(plugin, seat.language)(section.title))
    return _shown(core, empty, f"section {name}", section.show, seat, frame(plugin))


def slots_of(core: Core, place: str, roles: Sequence[str]) -> list[tuple[str, Slot]]:
    """Return the fillings of a place, each with its plugin.

    Args:
        core: The instance.
        place: Where.
        roles: What somebody may see: their own role and those below it.
    """
    every: tuple[tuple[str, Slot], ...] = core.plugins.each("feedbackhub_slots")
    return [(plugin, slot) for plugin, slot in every if slot.place == place and slot.permission in roles]


def show_slots(core: Core, slots: Sequence[tuple[str, Slot]], seat: Seat, frame: Frame) -> list[Shown]:
    """Return the fillings that have something to show, made at the same time.

    Args:
        core: The instance.
        slots: What `slots_of` found.
        seat: What the page is about, and who looks.
        frame: What the plugins' templates know beside their values.
    """
    makers = [partial(_filled, core, plugin, slot, seat, frame(plugin)) for plugin, slot in slots]
    if len(makers) < 2:
        made = [make() for make in makers]
    else:
        with ThreadPoolExecutor(len(makers), "feedbackhub-slots") as pool:
            made = list(pool.map(lambda make: make(), makers))
    return [each for each in made if each.html or each.failed]


def _filled(core: Core, plugin: str, slot: Slot, seat: Seat, known: Mapping[str, Any]) -> Shown:
    empty = Shown(plugin, "", core.i18n.of_plugin(plugin, seat.language)(slot.title))
    return _shown(core, empty, f"slot {slot.place} {slot.title}", slot.show, seat, known)


@dataclass(frozen=True, slots=True)
class _Drawn:
    html: Markup


def _shown(
    core: Core, empty: Shown, what: str, show: Callable[[Seat], Piece | None], seat: Seat, known: Mapping[str, Any]
) -> Shown:
    def make() -> object:
        piece: object = show(seat)
        if piece is not None and not isinstance(piece, Piece):
            return piece
        return _Drawn(_draw(core, empty.plugin, piece, seat, known))

    try:
        made = core.containment.call(empty.plugin, what, make)
        if not isinstance(made, _Drawn):
            raise core.containment.blame(empty.plugin, what, f"returned {type(made).__name__}, not a Piece")
    except FeedbackhubError:  # noted where it happened; whatever it was, the page goes on without the piece
        return replace(empty, failed=True)
    return replace(empty, html=made.html)


def _draw(core: Core, plugin: str, piece: Piece | None, seat: Seat, known: Mapping[str, Any]) -> Markup:
    if piece is None or not (piece.template or piece.lines):
        return Markup("")
    if not piece.template:
        return Markup(core.renderer.render("staff/piece_lines.html", seat.language, "staff", lines=piece.lines))
    values = {**known, "seat": seat, **piece.values}
    return Markup(core.renderer.render(f"x/{plugin}/{piece.template}", seat.language, "staff", **values))


def customer_of(core: Core, public_id: str) -> Customer | None:
    """Return a customer as plugins know one, None when there is none of this public id."""
    card = read_card(core, customer=public_id)
    if card.state == "unknown":
        return None
    return Customer(
        public_id=card.customer,
        name=card.name,
        language=card.language,
        timezone=card.timezone,
        segment=card.segment,
        country=card.country,
        identifiers=card.identifiers,
        attributes=card.attributes or {},
    )
