"""What analyses share: the counts behind a query, spans of time, and the words for what numbers show.

For example::

    from feedbackhub.reporting import Words, before, count, questions_of

    asked = questions_of(hub.read, query.survey, lambda question: question.type == "csat")
    now, then = count(hub.read, query, asked), count(hub.read, before(query), asked)
"""

from .counting import Asked, Counted, Slice, count, questions_of, slice_of
from .spans import before, spans, steps
from .words import N_, Words

__all__ = ["N_", "Asked", "Counted", "Slice", "Words", "before", "count", "questions_of", "slice_of", "spans", "steps"]
