"""The surveys that come with feedbackhub."""

from __future__ import annotations

from importlib.resources import files


def bundled() -> dict[str, str]:
    """Return the YAML text of every bundled survey by its name."""
    folder = files("feedbackhub.surveys") / "bundled"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return {e.name.removesuffix(".yaml"): e.read_text("utf-8") for e in entries if e.name.endswith(".yaml")}
