"""The surveys that come with feedbackhub."""

from __future__ import annotations

from importlib.resources import files


def bundled() -> dict[str, str]:
    """Return the YAML text of every bundled survey by its name."""
    folder = files("feedbackhub.surveys") / "bundled"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return {
        entry.name.removesuffix(".yaml"): entry.read_text("utf-8") for entry in sorted(found, key=lambda entry: entry.name)
    }
