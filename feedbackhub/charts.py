"""Chart builders for analyses: `trend`, `intervals` and `histogram` make a picture and its table twin.

For example::

    from feedbackhub.charts import Spot, trend

    trend("Score by week", [Spot("2026-03-02", 31.0, 12.5, 47.0, 40)], ("Week", "Score", "from", "to", "Answers"))
"""

from .contract.charts import Bar, Spot, histogram, intervals, trend

__all__ = ["Bar", "Spot", "histogram", "intervals", "trend"]
