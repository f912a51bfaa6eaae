"""What analyses share: the counts behind a query, what is measured of them, and the numbers, charts and tables of it.

For example, the share of satisfied customers, its change, its trend and its groups::

    from feedbackhub.reporting import (
        ShareMeasure, Words, before, change, count, estimate, groups_table, of_groups, over_time, questions_of,
    )

    asked = questions_of(hub.read, query.survey, lambda question: question.type == "csat")
    now, then = count(hub.read, query, asked), count(hub.read, before(query), asked)
    satisfied = ShareMeasure(t("Satisfied"), t("Satisfied %"), good=frozenset("45"), among=frozenset("12345"))
    figures = [estimate(t, satisfied, now.all_scores), change(t, satisfied, now.all_scores, then.all_scores)]
    trend = over_time(t, satisfied, query, now, t("Satisfied over time"))
    groups = of_groups(t, satisfied, now, now.names, t("Satisfied by group"))
    table = groups_table(t, satisfied, now, now.names, query.by)
"""

from .counting import Asked, Counted, Slice, count, questions_of, slice_of
from .figures import answers_way, change, estimate, joined, notes, response_rate, share
from .groups import groups_table
from .measures import MeanMeasure, Measure, ScoreMeasure, ShareMeasure, Values
from .pictures import heads, of_groups, over_time, rounded, spot
from .repeats import Followed, days_of, followed
from .solved import asks_how_often, asks_whether_solved, contacts_of, solved_means
from .spans import before, spans, steps
from .words import N_, Words

__all__ = [
    "N_", "Asked", "Counted", "Followed", "MeanMeasure", "Measure", "ScoreMeasure", "ShareMeasure", "Slice",
    "Values", "Words", "answers_way", "asks_how_often", "asks_whether_solved", "before", "change", "contacts_of",
    "count", "days_of", "estimate", "followed", "groups_table", "heads", "joined", "notes", "of_groups", "over_time",
    "questions_of", "response_rate", "rounded", "share", "slice_of", "solved_means", "spans", "spot", "steps",
]  # fmt: skip
