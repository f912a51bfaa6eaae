"""Mails to staff: each person gets one for all cases together, with links and without anything about customers."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from feedbackhub import Hub, Identifier, Letter, Refused, StaffMember, as_line

from .case import Case
from .moves import HIGHEST
from .settings import Settings

__all__ = ["Told", "can_tell", "managers", "people_of", "tell"]

#: Cases, and why each is told of.
Told = Sequence[tuple[Case, str]]
MOST_LINES = 30
RANK = ("escalated", "overdue", "back", "news", "new", "reminder")


def can_tell(hub: Hub, settings: Settings) -> bool:
    """Return whether staff can be told of cases at all."""
    return "email" in hub.channels().get(settings.channel, ())


def managers(staff: Iterable[StaffMember]) -> list[str]:
    """Return the addresses of those whose everybody's cases are."""
    return sorted({each.email for each in staff if each.role in ("manager", "admin") and each.email})


def people_of(case: Case, settings: Settings, staff: Sequence[StaffMember]) -> list[str]:
    """Return whom a case concerns by now: its owner, with each level one more, and managers where there is nobody.

    Args:
        case: The case.
        settings: The plugin's settings.
        staff: Who works here.
    """
    team = settings.team(case.team)
    # Whoever has left reads no mail, and is sent none; an address that the settings name may be a whole team's.
    is_read = case.owner in settings.named or case.owner in {each.email.lower() for each in staff}
    found = [case.owner] if is_read else []
    if case.level >= 1 and team.escalate_to:
        found.append(team.escalate_to.lower())
    if not is_read or case.level >= HIGHEST or (case.level >= 1 and not team.escalate_to):
        found += managers(staff)
    return list(dict.fromkeys(found))


def tell(hub: Hub, settings: Settings, told: Told, staff: Sequence[StaffMember], now: datetime) -> set[str]:
    """Send each person one mail about all cases that concern them, and return the cases that somebody is told of.

    Args:
        hub: The plugin's hub.
        settings: The plugin's settings.
        told: The cases as they are by now, and why each is told of.
        staff: Who works here.
        now: The present moment.
    """
    by_person: dict[str, list[tuple[Case, str]]] = defaultdict(list)
    for case, why in told:
        for address in people_of(case, settings, staff):
            by_person[address].append((case, why))
    languages = {each.email: each.language for each in staff}
    heard: set[str] = set()
    for address, about in sorted(by_person.items()):
        try:
            hub.send(_letter(hub, settings, address, about, languages.get(address) or "en", now))
            heard |= {case.id for case, _ in about}
        except Refused as refused:  # one wrong address keeps nobody else from learning
            hub.log.warning("a member of staff could not be told of cases: %s", refused)
    return heard


def _letter(hub: Hub, settings: Settings, address: str, about: Told, language: str, now: datetime) -> Letter:
    ordered = sorted(about, key=lambda each: (RANK.index(each[1]), each[0].due_at, each[0].id))
    values: Mapping[str, Any] = {
        "lines": [(case, why, f"{hub.public_url}x/recovery/cases/{case.id}") for case, why in ordered[:MOST_LINES]],
        "more": max(0, len(ordered) - MOST_LINES),
        "list": f"{hub.public_url}x/recovery/",
        "n": len(ordered),
        "n_overdue": sum(case.due_at <= now for case, _ in ordered),
        "first": ordered[0][0],
        "zone": hub.timezone,
    }
    # Whoever runs this twice, because a machine died in between, sends it once.
    made_of = "\n".join(f"{case.id}:{case.reminders}:{why}" for case, why in ordered)
    key = f"{address}\n{hashlib.sha256(made_of.encode()).hexdigest()}"
    subject = as_line(hub.render("staff_subject.txt", language, **values))
    return Letter(
        settings.channel, Identifier("email", address), subject, hub.render("staff_mail.txt", language, **values),
        hub.render("staff_mail.html", language, **values), language, to_staff=True, key=key,
    )  # fmt: skip
