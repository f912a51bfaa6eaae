"""Which words go out: the fullest of those offered that fits, and never without its link."""

from __future__ import annotations

from feedbackhub import Message

from .segments import cut, plain_signs, size_of

__all__ = ["body_of"]


def body_of(message: Message, segments: int) -> str:
    """Return the text of one message in at most so many parts; only a link that is longer than that takes more.

    Args:
        message: The message.
        segments: The most parts.
    """
    offered = [plain_signs(each) for each in message.short or (message.text.strip(),)]
    for text in offered:
        if size_of(text).segments <= segments:
            return text
    return _shortened(offered[-1], message.link, segments)


def _shortened(text: str, link: str, segments: int) -> str:
    before, found, _ = text.partition(link) if link else (text, "", "")
    # What stands behind the link is less than the question and goes first.
    return cut(before.rstrip(), f" {found}" if found else "", segments)
