"""Chart builders for analyses: each makes a picture and its table twin, so that all reports look alike.

`trend` over time, `intervals` of groups, `histogram` of answers, `forest` of differences, `funnel` of groups by their
size, `tornado` of assumptions. For example::

    from feedbackhub.charts import Spot, trend

    trend("Score by week", [Spot("2026-03-02", 31.0, 12.5, 47.0, 40)], ("Week", "Score", "from", "to", "Answers"))
"""

from .contract.chart_specs import Spot
from .contract.charts import Bar, histogram, intervals, trend
from .contract.charts_compared import Dot, Limit, Swing, forest, funnel, tornado

__all__ = ["Bar", "Dot", "Limit", "Spot", "Swing", "forest", "funnel", "histogram", "intervals", "tornado", "trend"]
