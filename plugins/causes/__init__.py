"""Which topics, products and teams bad answers come from, and what customers write about."""

from __future__ import annotations

from feedbackhub import About

__all__ = ["about"]

about = About(title="Causes", description="Which topics, products and teams bad answers come from, and what customers write about.")
