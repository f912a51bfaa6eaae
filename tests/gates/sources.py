"""The project's files as the gates see them."""

import ast
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Folder -> the name under which its modules are imported.
PRODUCT = {"feedbackhub": "feedbackhub", "plugins": "feedbackhub_plugins", "templates": "feedbackhub_templates"}
BESIDE = ("tests", "bench", "docs", "examples")

MADE = {"build", "dist", "node_modules", "demo", "feedbackhub-data", "__pycache__"}
HIDDEN_BUT_OURS = {".ci", ".gitignore", ".github"}

SOURCES_OF_THE_BUILD = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file, parsed once."""

    path: Path
    module: str

    @cached_property
    def text(self) -> str:
        """What stands in the file."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, str(self.path))

    @property
    def name(self) -> str:
        """The path from the project's root."""
        return self.path.relative_to(ROOT).as_posix()

    def at(self, node: ast.AST) -> str:
        """Say where a node stands, for a failure's text."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"

    def walk(self) -> Iterator[ast.AST]:
        """Yield every node of the file."""
        return ast.walk(self.tree)

    def functions(self) -> Iterator[Function]:
        """Yield every function and method of the file."""
        return (node for node in self.walk() if isinstance(node, Function))


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield the project's files: no environments, caches or things a build or a demo made."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders
            if name not in MADE and not name.endswith(".egg-info") and (name[0] != "." or name in HIDDEN_BUT_OURS)
        )  # fmt: skip
        for name in sorted(names):
            if not name.endswith(".pyc") and (name[0] != "." or name in HIDDEN_BUT_OURS):
                yield Path(parent) / name


@cache
def product() -> tuple[Source, ...]:
    """Return the Python files that are installed."""
    return tuple(source for folder, package in PRODUCT.items() for source in _sources(folder, package))


@cache
def everything() -> tuple[Source, ...]:
    """Return all Python files of the project."""
    return product() + tuple(source for folder in BESIDE for source in _sources(folder, folder))


def _sources(folder: str, package: str) -> Iterator[Source]:
    for path in files(ROOT / folder):
        if path.suffix == ".py":
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            yield Source(path, ".".join((package, *parts)))


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for such an expression and an empty string for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def clean_copy(folder: Path) -> Path:
    """Copy what a build needs into an empty folder, without what earlier runs left behind, and return it."""
    for name in SOURCES_OF_THE_BUILD:
        shutil.copy(ROOT / name, folder)
    for each in PRODUCT:
        shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    return folder
