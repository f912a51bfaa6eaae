"""The answers as they are compared: counted by team, agent and kind of case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from feedbackhub.statistics import Part

__all__ = ["Answers", "Key", "Lot", "kinds_of", "parts_of"]

#: Kinds of cases with fewer answers are taken together with others of the same topic, then of the same team.
LEAST = 30
Key = tuple[str, ...]


@dataclass(frozen=True)
class Lot:
    """Answers that are alike in all that is known of them.

    Args:
        agent: Public id of who served, empty for nobody named.
        team: The team, empty for none.
        mix: What the case was: topic and channel.
        value: As what each of them counts.
        n: How many.
    """

    agent: str
    team: str
    mix: Key
    value: int
    n: int


@dataclass(frozen=True)
class Answers:
    """All answers of a report.

    Args:
        lots: Them.
        mix: Names of the dimensions that cases are told apart by.
        names: The agents' names.
    """

    lots: Sequence[Lot] = ()
    mix: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def kinds_of(counts: Mapping[Key, int]) -> dict[Key, Key]:
    """Return the kind of case that each key belongs to: itself, or what it begins with where answers are few.

    Args:
        counts: How many answers there are of each key.
    """
    found, left = dict[Key, Key](), dict(counts)
    for length in range(max(map(len, counts), default=0), 0, -1):
        sums = Counter[Key]()
        for key, n in left.items():
            sums[key[:length]] += n
        found |= {key: key[:length] for key in left if sums[key[:length]] >= LEAST}
        left = {key: n for key, n in left.items() if key not in found}
    return found | {key: key[:1] for key in left}


def parts_of(lots: Iterable[Lot], kinds: Mapping[Key, Key], by: str) -> list[Part]:
    """Return the answers of each group by kind of case.

    Args:
        lots: The answers.
        kinds: The kind of each key: team and mix for agents, mix for teams.
        by: ``agent`` or ``team``.
    """
    found = defaultdict[tuple[str, Key], Counter[float]](Counter)
    for lot in lots:
        group, key = (lot.agent, (lot.team, *lot.mix)) if by == "agent" else (lot.team, ("", *lot.mix))
        found[group, kinds[key]][lot.value] += lot.n
    return [Part(group, kind, counts) for (group, kind), counts in found.items()]
