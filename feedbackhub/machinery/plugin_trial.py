"""A plugin that is new or has changed is first imported in a process of its own, where hanging harms nobody."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

from .plugin_checks import BadPlugin
from .plugin_finding import Found

__all__ = ["Trials"]

GOOD = "imported"
SCRIPT = """
import sys
target = sys.argv[1]
if target.endswith(".py"):
    from pathlib import Path
    from feedbackhub.machinery.plugin_finding import of_file
    of_file(Path(target)).load()
else:
    import importlib
    importlib.import_module(target.partition(":")[0])
print("imported")
"""
log = logging.getLogger("feedbackhub.plugins")


class Trials:
    """Remembers which plugins were imported well, in a file below the data folder.

    Args:
        folder: The folder for that file; nothing is remembered while it does not exist.
        seconds: How long an import may take; 0 for no trial.
    """

    def __init__(self, folder: Path, seconds: float) -> None:
        self._file = folder / "plugins.json"
        self._seconds = seconds
        self._good: dict[str, str] = self._read()

    def pass_or_fail(self, found: Found) -> None:
        """Import a plugin in a child process, unless it is the same as when that last went well.

        Raises:
            BadPlugin: The import hangs, ends the process or fails.
        """
        if found.bundled or not found.target or not self._seconds:
            return
        mark = mark_of(found)
        if mark and self._good.get(found.name) == mark:
            return
        self._try(found)
        self._good[found.name] = mark
        self._write()

    def _try(self, found: Found) -> None:
        child = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, found.target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, complaint = child.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            raise BadPlugin(f"importing it takes longer than {self._seconds:g} seconds") from None
        finally:
            _end(child)
        if not said.strip().endswith(GOOD):
            last = complaint.strip().splitlines()[-1:] or [f"importing it ends the process (status {child.returncode})"]
            raise BadPlugin(last[0][:500])

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}

    def _write(self) -> None:
        if not self._file.parent.is_dir():
            return
        fresh = self._file.with_suffix(f".{os.getpid()}.new")
        try:
            fresh.write_text(json.dumps(self._good, indent=1), "utf-8")
            fresh.replace(self._file)
        except OSError as error:
            # Not remembering costs a second trial at the next start and nothing else.
            log.info("what was tried cannot be remembered: %s", error.strerror)


def _end(child: subprocess.Popen[str]) -> None:
    """End a child with everything that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def mark_of(found: Found) -> str:
    """Return what changes when a plugin does: its version and its files' sizes and times; empty when it has none."""
    files = _files(found.target)
    if not files:
        return ""
    digest = hashlib.sha256(f"{found.origin} {found.version} {sys.version}".encode())
    for path in files:
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}".encode())
    return digest.hexdigest()


def _files(target: str) -> list[Path]:
    if target.endswith(".py"):
        path = Path(target)
    else:
        # Only the top package: finding a submodule would import what is above it.
        spec = importlib.util.find_spec(target.partition(":")[0].partition(".")[0])
        if spec is None or not spec.origin:
            return []
        path = Path(spec.origin)
    if not path.is_file():
        return []
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]
