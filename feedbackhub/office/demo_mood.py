"""How a demo customer felt about a contact, and what they would answer; satisfaction follows its causes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from .demo_texts import SAID
from .demo_visits import Visit

__all__ = ["Feeling", "answers", "feel", "second_answers"]

#: Between these parts of the story the Delivery team has too few people.
_TROUBLE = (0.42, 0.56)
#: From here on the Technical team works with a new guide.
_BETTER = 0.70


@dataclass(frozen=True)
class Feeling:
    """What a customer takes away from a contact.

    Args:
        satisfaction: From 1 to 5.
        solved: Whether the matter is settled.
        wants_call: Whether they would like to be called.
        will_answer: Whether they answer when asked.
    """

    satisfaction: int
    solved: bool
    wants_call: bool
    will_answer: bool


def feel(random: Random, visit: Visit, progress: float) -> Feeling:
    """Return how a customer feels.

    Args:
        random: The story's dice.
        visit: The contact.
        progress: How much of the story has passed, from 0 to 1.
    """
    level = 3.95 + visit.team.pleases + visit.channel.pleases + visit.topic_pleases + visit.agent.pleases
    level += visit.person.mood if visit.person else 0
    level += _events(visit, progress) - 0.35 * (visit.attempt - 1)
    level -= 0.25 * math.log(max(visit.minutes / visit.channel.minutes, 0.2))
    solved = random.random() < 1 / (1 + math.exp(-1.4 * (level - 2.9)))
    level += random.gauss(0.25 if solved else -1.3, 0.75)
    satisfaction = min(5, max(1, round(level)))
    eagerness = visit.channel.answers * (1.25 if satisfaction in (1, 5) else 0.85)
    return Feeling(
        satisfaction,
        solved,
        wants_call=satisfaction <= 2 and random.random() < 0.4,
        will_answer=random.random() < eagerness,
    )


def _events(visit: Visit, progress: float) -> float:
    if visit.team.name == "Delivery" and _TROUBLE[0] <= progress < _TROUBLE[1]:
        return -1.1
    if visit.team.name == "Technical" and progress >= _BETTER:
        return 0.6
    return 0.0


def answers(random: Random, survey: str, visit: Visit, feeling: Feeling) -> dict[str, Any]:
    """Return the fields of the form as this customer fills it in."""
    if survey == "nps":
        recommend = min(10, max(0, round(feeling.satisfaction * 2.4 - 2.2 + random.gauss(0, 1.1))))
        return {"recommend": str(recommend), **_text(random, "reason", visit, feeling, 0.5)}
    if survey == "effort":
        ease = min(7, max(1, round(feeling.satisfaction * 1.4 + random.gauss(0, 0.8))))
        hard = {"obstacles": random.sample(("waiting", "repeating", "transfers", "finding"), 2)}
        return {"ease": str(ease), **(hard if ease < 5 else {}), **_text(random, "comment", visit, feeling, 0.3)}
    return _post_contact(random, visit, feeling)


def second_answers(random: Random, feeling: Feeling) -> dict[str, Any]:
    """Return what this customer answers once the company has tried to put it right."""
    satisfaction = min(5, max(1, feeling.satisfaction + random.choice((0, 1, 1, 2, 2, 3))))
    return {"satisfaction": str(satisfaction), "solved": "yes" if satisfaction > 2 else "no"}


def _post_contact(random: Random, visit: Visit, feeling: Feeling) -> dict[str, Any]:
    given: dict[str, Any] = {"satisfaction": str(feeling.satisfaction)}
    if random.random() < 0.88:
        given["solved"] = "yes" if feeling.solved else "no"
        given["contacts"] = ("1", "2", "3+")[min(visit.attempt - 1 + (random.random() < 0.15), 2)]
    if random.random() < 0.7:
        given["courtesy"] = _near(random, feeling.satisfaction, 0.7)
        given["empathy"] = _near(random, feeling.satisfaction, 0.1)
        given["solution"] = _near(random, feeling.satisfaction, 0.2 if feeling.solved else -0.7)
    given |= _text(random, "comment", visit, feeling, 0.62 if feeling.satisfaction <= 2 else 0.27)
    if feeling.wants_call:
        given["call_back"] = "yes"
        given["call_back_time"] = random.choice(("morning", "afternoon", "evening", "any"))
        if visit.person and visit.person.phone:
            given["call_back_phone"] = visit.person.phone
    return given


def _near(random: Random, satisfaction: int, shift: float) -> str:
    return str(min(5, max(1, round(satisfaction + shift + random.gauss(0, 0.6)))))


def _text(random: Random, question: str, visit: Visit, feeling: Feeling, share: float) -> dict[str, str]:
    if random.random() > share:
        return {}
    language = visit.person.language if visit.person else "en"
    theme = visit.theme if visit.theme != "thanks" and random.random() < 0.75 else random.choice(("waiting", "rude"))
    if feeling.satisfaction >= 4:
        theme = "thanks"
    elif feeling.satisfaction == 3:
        theme = "so_so"
    return {question: random.choice(SAID[language][theme])}
