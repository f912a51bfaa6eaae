"""`serve --dev --plugin FILE` starts again when the file is saved, and ends at once when told to."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.services.processes import free_port

PROGRAM = Path(sys.executable).with_name("feedbackhub")
PLUGIN = "from feedbackhub import About\nabout = About(title={title!r})\n"


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def degraded(port: int) -> list[str] | None:
    """Return what /readyz complains of, None while nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return list(json.loads(answer.read())["degraded"])
    except OSError:
        return None


def test_a_saved_plugin_is_loaded_again(tmp_path: Path) -> None:
    port, plugin = free_port(), tmp_path / "mine.py"
    plugin.write_text(PLUGIN.format(title="Mine"))
    environment = {**os.environ, "FEEDBACKHUB_LISTEN": f"127.0.0.1:{port}"}
    init = [PROGRAM, "init", "--admin", "a@example.com"]
    subprocess.run(init, cwd=tmp_path, env=environment, check=True, capture_output=True)
    serving = subprocess.Popen(
        [PROGRAM, "serve", "--dev", "--plugin", str(plugin)], cwd=tmp_path, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        wait_for(lambda: degraded(port) == [])
        plugin.write_text("1 / 0\n")
        wait_for(lambda: degraded(port) == ["plugin mine failed"])
        plugin.write_text(PLUGIN.format(title="Mended"))
        wait_for(lambda: degraded(port) == [])
    finally:
        serving.send_signal(signal.SIGTERM)
        said = serving.communicate(timeout=30)[1]
    assert (serving.returncode, said.count("A file was saved: starting again.")) == (0, 2)
