"""What may not stand in the product's code, each rule with its reason in its name."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.gates.sources import Function, Source, dotted, everything, product

# Rate limits count by the machine's clock, as the library that keeps them does.
CLOCKS = {"feedbackhub/machinery/clock.py", "feedbackhub/web/limits.py", "feedbackhub/web/counters.py"}
NOW = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "time.time", "time.time_ns",
    "func.now", "sqlalchemy.func.now", "func.current_timestamp",
}  # fmt: skip
DANGEROUS_MODULES = {"pickle", "cPickle", "marshal", "shelve", "dill", "imp"}
DANGEROUS_CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.load_all", "yaml.unsafe_load",
    "yaml.full_load", "Markup.format", "tempfile.mktemp",
}  # fmt: skip
BROAD = {"Exception", "BaseException"}


def found(sources: tuple[Source, ...], rule: Callable[[ast.AST], bool]) -> list[str]:
    """Return the places where a rule is broken."""
    return [source.at(node) for source in sources for node in source.walk() if rule(node)]


def reads_the_time(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and dotted(node) in NOW


def is_dangerous(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.partition(".")[0] in DANGEROUS_MODULES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in DANGEROUS_MODULES
    if isinstance(node, ast.Call):
        in_shell = any(
            word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
            for word in node.keywords
        )
        return in_shell or dotted(node.func) in DANGEROUS_CALLS
    return False


def caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
    return {dotted(kind) for kind in kinds}


def swallows(node: ast.AST) -> bool:
    """Say whether a handler hides what went wrong: bare, empty, or broad without raising, using or logging it."""
    if isinstance(node, ast.Call) and dotted(node.func) in {"suppress", "contextlib.suppress"}:
        return bool(BROAD & {dotted(argument) for argument in node.args})
    if not isinstance(node, ast.ExceptHandler):
        return False
    if node.type is None or all(is_empty(line) for line in node.body):
        return True
    told = any(tells(part, node.name) for line in node.body for part in ast.walk(line))
    return bool(BROAD & caught(node)) and not told


def is_empty(line: ast.stmt) -> bool:
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))


def tells(node: ast.AST, name: str | None) -> bool:
    raised = isinstance(node, ast.Raise)
    used = isinstance(node, ast.Name) and node.id == name
    logged = isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "exception"
    return raised or used or logged


def is_left_open(source: Source) -> Iterator[str]:
    for number, line in enumerate(source.lines, 1):
        _, sign, comment = line.partition("#")
        if sign and any(word in comment for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X")):
            yield f"{source.name}:{number}"


def test_only_the_clock_reads_the_time() -> None:
    elsewhere = tuple(source for source in product() if source.name not in CLOCKS)
    assert found(elsewhere, reads_the_time) == []


def test_nothing_runs_text_as_code() -> None:
    assert found(product(), is_dangerous) == []


def test_no_exception_is_swallowed() -> None:
    assert found(product(), swallows) == []


def test_nothing_is_left_to_do() -> None:
    assert [place for source in everything() for place in is_left_open(source)] == []


def undocumented(source: Source) -> Iterator[str]:
    """Yield the public modules, classes and functions without a docstring; hook implementations have the hook's."""
    if source.lines and not ast.get_docstring(source.tree):
        yield source.name
    for node in source.tree.body:
        if not isinstance(node, ast.ClassDef | Function) or node.name.startswith("_"):
            continue
        marks = {dotted(mark) for mark in node.decorator_list}
        if not ast.get_docstring(node) and not marks & {"hookimpl", "overload"}:
            yield f"{source.at(node)} {node.name}"


def test_everything_public_says_what_it_does() -> None:
    public = [source for source in product() if "/versions/" not in source.name]
    assert [place for source in public for place in undocumented(source)] == []


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("try: f()\nexcept: raise", True),
        ("try: f()\nexcept ValueError: pass", True),
        ("try: f()\nexcept Exception: x = None", True),
        ("try: f()\nexcept (ValueError, Exception) as e: x = None", True),
        ("suppress(Exception)", True),
        ("try: f()\nexcept Exception as error: keep(error)", False),
        ("try: f()\nexcept Exception: log.exception('x')", False),
        ("try: f()\nexcept ValueError: x = None", False),
        ("suppress(FileNotFoundError)", False),
    ],
)
def test_the_gate_tells_swallowing_from_handling(code: str, verdict: bool) -> None:
    assert any(swallows(node) for node in ast.walk(ast.parse(code))) is verdict
