"""What a manager must know before reading numbers on what agents chose: words that cannot be misread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from feedbackhub.reporting import Words
from feedbackhub.statistics import few

from .gestures_compared import NONE, Beside, Names, share_good
from .gestures_read import Case, Cases, Question

__all__ = ["notes"]


def notes(
    t: Words, found: Cases, groups: Mapping[Names, Sequence[Case]], beside: Sequence[Beside], question: Question | None
) -> Iterator[str]:
    """Yield what the reader must know.

    Args:
        t: The words.
        found: The cases.
        groups: By what was done.
        beside: What was found beside no gesture.
        question: The question of the later answer, None for the second ask.
    """
    yield t(
        "Association, not proof: agents chose whom to give what. They may apologise where it is worst, and give where "
        "it is easy; unmeasured severity would explain such numbers. Do not decide on gestures by this page: plan an "
        "experiment, in which chance chooses."
    )
    if not found.cases:
        yield t("no data") if found.in_trials else t("no data") + ": " + _nothing(t, question)
    else:
        yield from _of_cases(t, found, groups, beside, question)
    if found.in_trials:
        yield t(
            "{n} cases belong to experiments, where chance chose; they are left out here and have their own report.",
            n=found.in_trials,
        )


def _of_cases(
    t: Words, found: Cases, groups: Mapping[Names, Sequence[Case]], beside: Sequence[Beside], question: Question | None
) -> Iterator[str]:
    yield from _of_answers(t, found, question)
    if NONE not in groups or few(share_good(groups[NONE]).whole) == "none":
        yield t("Every case with a later answer received some gesture, so there is nobody to compare with.")
    elif not any(each.enough for each in beside):
        yield t("No gesture is compared with none: too few comparable people. Only shares are shown.")
    people = Counter(case.person for case in found.cases if case.person)
    repeated = sum(n > 1 for n in people.values())
    if repeated:
        yield t(
            "{n} people have several cases; in comparisons only the first of each counts.", n=repeated
        )


def _nothing(t: Words, question: Question | None) -> str:
    if question is None:
        return t("no bad answers in these days.")
    return t("nobody answered {question} in these days.", question=question.id)


def _of_answers(t: Words, found: Cases, question: Question | None) -> Iterator[str]:
    silent = sum(case.outcome is None for case in found.cases)
    if question is None:
        yield t(
            "Counted are bad answers of these days; the later answer is the one when asked again. {n} of {all} were "
            "not asked again or kept silent, and who keeps silent may think otherwise.",
            n=silent, all=len(found.cases),
        )  # fmt: skip
        yield t(
            "Bad ratings rise by themselves when people are asked again, whatever was done: only people without a "
            "gesture show by how much."
        )
    else:
        yield t(
            "Counted are answers to {question} about contacts; those given before the gesture are left out ({n}).",
            question=question.id, n=silent,
        )  # fmt: skip
