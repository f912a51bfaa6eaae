"""What a text costs is told at the terminal; the command comes with the plugin and slows nothing down."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from feedbackhub.cli import main


@pytest.mark.parametrize(("text", "told"), [
    ("How was it?", "1 part, GSM-7, 11 characters, room for 149 more"),
    ("a" * 161, "2 parts, GSM-7, 161 characters, room for 145 more"),
    ("कैसा रहा?", "1 part, UCS-2, 9 characters, room for 61 more"),
])  # fmt: skip
def test_a_text_is_measured(text: str, told: str) -> None:
    said = CliRunner().invoke(main, ["sms-length", text])
    assert (said.exit_code, said.output.strip()) == (0, told)


def test_a_text_may_come_from_the_standard_input() -> None:
    said = CliRunner().invoke(main, ["sms-length"], input="How was it?\n")
    assert said.output.strip() == "1 part, GSM-7, 11 characters, room for 149 more"


def test_no_text_is_a_wrong_call() -> None:
    assert CliRunner().invoke(main, ["sms-length"], input="").exit_code == 2


def test_help_lists_the_command_without_importing_its_plugin() -> None:
    code = (
        "import sys; from feedbackhub.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('feedbackhub_plugins' in sys.modules, file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ("sms-length" in said.stdout, said.stderr.strip()) == (True, "False")
