"""For authors of plugins: files given on the command line, and a server that starts again when they are saved."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType

import click

__all__ = ["environment_of", "files_only", "is_child", "run_again_on_change"]

CHILD = "_FEEDBACKHUB_DEV_CHILD"
FILES = "FEEDBACKHUB_PLUGIN_FILES"
SAFE = "FEEDBACKHUB_SAFE_MODE"
LOOK = 0.3
PATIENCE = 20.0


def environment_of(plugin_files: Iterable[Path], safe_mode: bool) -> Mapping[str, str]:
    """Return the options of the command line as the settings read them, also in processes started later."""
    files = [str(each.resolve()) for each in plugin_files]
    return {**({FILES: json.dumps(files)} if files else {}), **({SAFE: "true"} if safe_mode else {})}


def files_only(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return of an environment only what `environment_of` puts there."""
    return {name: environment[name] for name in (FILES,) if name in environment}


def is_child() -> bool:
    """Tell whether this process is the one that is started again and again."""
    return CHILD in os.environ


def run_again_on_change(watched: Sequence[Path]) -> int:
    """Run this very command in a process of its own, again whenever a watched file is saved; return its last status.

    Args:
        watched: Files and folders.
    """
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while True:
        before = _times(watched)
        # In a session of its own, so that Ctrl-C reaches it once, through us.
        child = subprocess.Popen(
            [sys.executable, *sys.argv], env={**os.environ, CHILD: "1"}, start_new_session=True
        )
        while child.poll() is None and not stopping and _times(watched) == before:
            time.sleep(LOOK)
        if child.poll() is None:
            _end(child)
        if stopping:
            return 0
        if _times(watched) == before:
            click.echo("The server ended; it starts again when a file is saved.", err=True)
        while not stopping and _times(watched) == before:
            time.sleep(LOOK)
        if stopping:
            return 0
        click.echo("A file was saved: starting again.", err=True)


def _times(watched: Iterable[Path]) -> dict[Path, int]:
    files = (file for each in watched for file in ([each] if each.is_file() else each.rglob("*")))
    return {file: file.stat().st_mtime_ns for file in files if file.is_file() and "__pycache__" not in file.parts}


def _end(child: subprocess.Popen[bytes]) -> None:
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
