"""What `feedbackhub plugins check` looks at: whether a plugin keeps to the contract, kind by kind."""

from .finding import Finding
from .suite import check_plugin

__all__ = ["Finding", "check_plugin"]
