"""Small things: files of one concept, functions of one level."""

from statistics import median

from tests.gates.sources import everything

FILE, FUNCTION = 350, 50
#: Each schema revision is a record of one change, written by the machine and never edited again.
RECORDS = "/migrations/versions/"


def test_files_and_functions_stay_small() -> None:
    written = [source for source in everything() if RECORDS not in f"/{source.name}"]
    sizes = {source.name: len(source.lines) for source in written if source.lines}
    functions = {
        f"{source.at(node)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for source in written
        for node in source.functions()
    }
    too_long = {name: lines for name, lines in sizes.items() if lines > FILE}
    too_long |= {name: lines for name, lines in functions.items() if lines > FUNCTION}
    file, function = median(sizes.values()), median(functions.values())
    assert too_long == {}, f"the median file has {file} lines (aim 120), the median function {function} (aim 8)"


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [source.name for source in everything() if source.module.rpartition(".")[2] in drawers] == []
