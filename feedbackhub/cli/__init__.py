"""The command line: `feedbackhub`."""

from .group import main

__all__ = ["main"]
