"""Templates are compiled once a process, and again when their text changes."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader
from jinja2.sandbox import SecurityError

from feedbackhub.machinery.compiled import Compiled
from feedbackhub.machinery.i18n import I18n
from feedbackhub.machinery.rendering import Renderer


class Counting(Environment):
    """Counts what it compiles."""

    compiled = 0

    def compile(self, *args: object, **named: object) -> object:  # type: ignore[override]
        self.compiled += 1
        return super().compile(*args, **named)  # type: ignore[call-overload]


def test_a_second_environment_compiles_nothing_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("{{ one }} and {{ two }}")
    kept = Compiled()
    first, second = (Counting(loader=FileSystemLoader(tmp_path), bytecode_cache=kept) for _ in range(2))
    assert [each.get_template("a.txt").render(one=1, two=2) for each in (first, second)] == ["1 and 2"] * 2
    assert (first.compiled, second.compiled) == (1, 0)


def test_a_changed_text_is_compiled_again(tmp_path: Path) -> None:
    kept = Compiled()
    for text in ("old", "new", "old"):
        (tmp_path / "a.txt").write_text(text)
        environment = Counting(loader=FileSystemLoader(tmp_path), bytecode_cache=kept)
        assert (environment.get_template("a.txt").render(), environment.compiled) == (text, 1)


def test_files_of_one_name_and_different_folders_are_different(tmp_path: Path) -> None:
    kept = Compiled()
    for folder in ("one", "two", "one", "two"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "a.txt").write_text(folder)
        environment = Counting(loader=FileSystemLoader(tmp_path / folder), bytecode_cache=kept)
        assert environment.get_template("a.txt").render() == folder


def test_what_is_forgotten_is_compiled_again() -> None:
    kept = Compiled()
    loader = DictLoader({"a": "text"})
    for times in (1, 2):
        environment = Counting(loader=loader, bytecode_cache=kept)
        environment.get_template("a")
        assert environment.compiled == 1, times
        kept.clear()


def test_the_sandbox_never_runs_what_was_compiled_outside_it() -> None:
    renderer = Renderer(I18n("en"))
    renderer.add_plugin("guest", DictLoader({"a.html": "{{ name.__class__ }}"}))
    assert renderer.environment.get_template("x/guest/a.html").render(name="") == "&lt;class &#39;str&#39;&gt;"
    with pytest.raises(SecurityError):
        renderer.sandbox.get_template("x/guest/a.html").render(name="")
