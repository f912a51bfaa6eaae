"""The fenced blocks of the documentation, and a shell that runs them as a reader would type them."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.gates.sources import ROOT
from tests.services.processes import absent, free_port

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVE = re.compile(r"^feedbackhub serve( &)?$", re.MULTILINE)
BETWEEN = "--- next block ---"
# What a reader's own address and folder would be.
ADDRESSES = ("https://feedback.example.com", "http://127.0.0.1:8000")


@dataclass(frozen=True)
class Block:
    """One fenced block: the page it stands on, its language, its text."""

    page: str
    language: str
    text: str


def pages() -> list[str]:
    """Return the pages that hold prose and commands."""
    found = (path for folder in ("docs", "docs/analyses") for path in sorted((ROOT / folder).glob("*.md")))
    return ["README.md", *(path.relative_to(ROOT).as_posix() for path in found)]


def blocks(page: str, language: str = "sh") -> list[Block]:
    """Return a page's blocks of a language."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [Block(page, found, body) for found, body in FENCE.findall(text) if found == language]


# The first line of a file that a page shows says where it belongs.
NAMED = re.compile(r"^(?:# |{# |/\* )([\w-]+(?:/[\w-]+)*\.\w+)(?: #}| \*/)?$")


def shown_files(page: str) -> dict[str, str]:
    """Return the files that a page shows whole, by the path in their first line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = ((NAMED.match(body.partition("\n")[0]), body) for _, body in FENCE.findall(text))
    return {name[1]: body for name, body in found if name}


def write_files(page: str, folder: Path) -> None:
    """Write the files that a page shows into a folder."""
    for name, text in shown_files(page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


class Reader:
    """Somebody who types what a page says into a shell, in a folder of their own.

    Args:
        folder: Where the shell begins.
    """

    def __init__(self, folder: Path) -> None:
        for program in ("bash", "curl"):
            if shutil.which(program) is None:
                absent(program, program)
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FEEDBACKHUB_")}
        self.environment = kept | {
            "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}",
            "FEEDBACKHUB_LISTEN": f"127.0.0.1:{self.port}",
            "FEEDBACKHUB_PUBLIC_URL": self.address,
            "NO_PROXY": "127.0.0.1",
        }

    def types(self, *texts: str) -> list[str]:
        """Run blocks one after the other in one shell and return what each printed.

        A command that asks whether this is meant is told yes. A server that a block starts runs on beside the next
        blocks and is ended after the last; it must end well.
        """
        script = f"\necho '{BETWEEN}'\n".join(self._typed(text) for text in texts)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f"SERVER=\n{script}\n{_END}"],
            cwd=self.folder, env=self.environment, input="y\n", capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n\nprinted:\n{done.stdout}\n{done.stderr}"
        return done.stdout.split(f"{BETWEEN}\n")

    def _typed(self, text: str) -> str:
        for address in ADDRESSES:
            text = text.replace(address, self.address)
        return SERVE.sub(_START.format(address=self.address), text)


# A reader looks at what the server says before going on; a shell has to ask.
_START = """feedbackhub serve > served.txt & SERVER=$!; trap 'kill $SERVER' EXIT
until curl --silent --fail --output ready.json {address}/healthz; do kill -0 $SERVER; sleep 0.1; done"""
_END = """if [ -n "$SERVER" ]; then trap - EXIT; kill $SERVER; wait $SERVER; fi"""
