"""What templates were compiled to, kept as long as the process: whoever opens an instance again compiles none twice."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

__all__ = ["Compiled"]


class Compiled(BytecodeCache):
    """Keeps the code of every template by its name and file, as long as its text is the same.

    Only environments with the same settings and filters may share one.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Put the code of a template in, when it is there and the text has not changed."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template, instead of what its text was before."""
        if bucket.code is not None:
            self._kept[bucket.key] = (bucket.checksum, bucket.code)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
