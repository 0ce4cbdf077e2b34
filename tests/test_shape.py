"""The house keeps its shape: budgets, layers that cover every room, and the few things that may stand in few places."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("bot", "commands", "integrations", "runbooks", "storage")
VERSIONS = ROOT / "storage/migrations/versions"
FILES = sorted(
    file
    for folder in (*OURS, "tests", "benchmarks")
    for file in (ROOT / folder).rglob("*.py")
    if VERSIONS not in file.parents
)
SOURCES = [file for file in FILES if file.relative_to(ROOT).parts[0] in OURS]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]

LINES, FUNCTION, MEDIAN, SHEET = 250, 40, 10, 500
ALONE = "bot.workspace"
"""The one room outside the layers: it imports nothing of ours, and a contract of its own says who may import it."""

BROAD = {"bot/slack/edge", "bot/web/server", "bot/work/worker", "bot/work/embedded", "bot/work/postgres"}
"""Where everything may be caught: Slack's edge, the web middleware, the worker, each engine's loop; once each."""


DECLARES = {"storage/tables.py", "storage/migrations/env.py"}
"""Where a call at the top of a module is a definition (an index of a table), or the way its tool runs it."""


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(file: Path) -> ast.Module:
    """Parsed when first wanted: every process that shares the tests imports this file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Name and length in lines (decorators left out) of every function of a file."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_too_long() -> None:
    long = {name_of(file): n for file in FILES if (n := len(file.read_text().splitlines())) > LINES}
    assert not long


def test_no_function_is_too_long() -> None:
    long = {f"{name_of(file)}:{name}": n for file in FILES for name, n in functions(file) if n > FUNCTION}
    assert not long


def test_most_functions_are_short() -> None:
    assert median(n for file in SOURCES for _, n in functions(file)) < MEDIAN


def test_the_linter_keeps_complexity_and_nobody_silences_it() -> None:
    assert CONFIG["ruff"]["lint"]["mccabe"]["max-complexity"] == 8
    assert CONFIG["ruff"]["lint"]["pylint"]["max-statements"] == 30
    assert {"C90", "PLR0915", "BLE", "TID"} <= set(CONFIG["ruff"]["lint"]["select"])
    silenced = re.compile("noqa: *(" + "C901|PLR0915|E501" + r")|ruff: *noqa|type: ignore *$")
    assert not [name_of(file) for file in FILES if silenced.search(file.read_text())]


@pytest.mark.parametrize("kind", ["css", "js", "html"])
def test_no_sheet_is_too_long(kind: str) -> None:
    sheets = [file for folder in OURS for file in (ROOT / folder).rglob(f"*.{kind}")]
    long = {name_of(file): n for file in sheets if (n := len(file.read_text().splitlines())) > SHEET}
    assert not long


def layers() -> set[str]:
    """Every module that the layers' contract names."""
    [contract] = [c for c in CONFIG["importlinter"]["contracts"] if c["type"] == "layers"]
    return {name.strip(" ()") for line in contract["layers"] for name in line.split("|")}


def covered(module: str, named: set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in named)


def test_every_room_is_in_a_layer() -> None:
    rooms = [file for file in SOURCES if file.name != "__init__.py" or tree_of(file).body]
    assert not [m for file in rooms if not covered(m := module_of(file), layers() | {ALONE})]


def test_every_layer_is_there() -> None:
    there = {module_of(file) for file in SOURCES}
    assert layers() <= there


def test_packages_are_the_ones_of_the_design() -> None:
    top = {file.name for file in ROOT.iterdir() if (file / "__init__.py").exists()}
    assert top == {*OURS, "tests", "benchmarks"}


def broad(file: Path) -> int:
    """How often a file catches everything and keeps it; cleaning up and raising it again is no such place."""
    handlers = [node for node in ast.walk(tree_of(file)) if isinstance(node, ast.ExceptHandler) and not raises(node)]
    names = [ast.unparse(handler.type) if handler.type else "BaseException" for handler in handlers]
    return sum(bool(re.search(r"\b(Base)?Exception\b", name)) for name in names)


def raises(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_everything_is_caught_in_few_places_only() -> None:
    found = Counter({name_of(file): n for file in SOURCES if (n := broad(file))})
    assert {
        name: n for name, n in found.items() if n > 1 or not covered(name[:-3].replace("/", "."), dotted(BROAD))
    } == {}


def dotted(names: set[str]) -> set[str]:
    return {name.replace("/", ".") for name in names}


def test_fakes_not_mocks() -> None:
    mocks = re.compile("|".join(["unittest" + r"\.mock", "Magic" + "Mock", "Async" + "Mock"]))
    assert not [name_of(file) for file in FILES if mocks.search(file.read_text())]


def test_nothing_is_patched() -> None:
    """What a test needs otherwise comes in through ports and parameters."""
    patch = "monkeypatch" + ".setattr"
    assert not [name_of(file) for file in FILES if patch in file.read_text()]


def test_names_say_what_things_are() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|misc|common|manager)($|_)")
    assert not [name_of(file) for file in FILES if vague.search(file.stem)]
    classes = [n for file in FILES for n in ast.walk(tree_of(file)) if isinstance(n, ast.ClassDef)]
    assert not [c.name for c in classes if re.search(r"(Manager|Helper|Utils?|^Base[A-Z]|Base$|Mixin)", c.name)]


def test_nothing_happens_at_import() -> None:
    """A module holds definitions; a bare call at its top is something else. (Docstrings are expressions as well.)"""
    calls = {
        f"{name_of(file)}:{node.lineno}"
        for file in SOURCES
        if name_of(file) not in DECLARES
        for node in tree_of(file).body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    }
    assert not calls


def test_every_test_folder_is_a_package() -> None:
    folders = {file.parent for file in FILES if file.relative_to(ROOT).parts[0] == "tests"}
    assert not [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()]
