"""The JSON API below ``/api/v1``: what other systems tell feedbackhub and ask it.

Each module is a chapter: views with the scope that a key needs, what they take and what they answer, declared beside
each view; the OpenAPI document is made from the same declarations.
"""

from .mounting import PREFIX, application, install

__all__ = ["PREFIX", "application", "install"]
