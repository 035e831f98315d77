"""The storeys of the package: a module imports from storeys below its own, wherever in the module the import stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "kliping"

STOREYS = (
    "__init__",  # names the public functions, and imports them when they are first asked for
    "cli",
    "publish",
    "report",
    "check",
    "building integrations single",
    "kernel",
    "annotation.pipeline",
    "annotation.judging",
    "annotation.layers",
    "annotation.gate annotation.roles annotation.segments",
    "annotation.places",
    "annotation.dates annotation.markup annotation.repair",
    "annotation.scan",
    "read corpus curate",
    "corpus.wide",
    "schema encoding",
    "model files knowledge",
    "still",  # what a notebook shows of a value, made of strings alone
    "errors",
)
"""From the roof down. Rooms of one storey stand side by side and know nothing of each other."""
LEVEL = {room: level for level, storey in enumerate(reversed(STOREYS)) for room in storey.split()}
MODULES = sorted(PACKAGE.rglob("*.py"))
WITHOUT_ROOM = "annotation"
"""Only rooms stand in it."""


def room(module: str) -> str:
    """The room that a module, named from the package on, stands in: the longest name in STOREYS that begins it."""
    parts = module.split(".")
    names = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
    return next(name for name in names if name in LEVEL)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[str]:
    """The modules of the package that a file imports, on whatever line, from the package on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("kliping.") for alias in node.names if alias.name[:8] == "kliping.")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "kliping":
            home = (node.module or "").removeprefix("kliping").lstrip(".")
            yield from (
                f"{home}.{alias.name}".lstrip(".") if is_module(home, alias.name) else home for alias in node.names
            )
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: a relative import hides its storey"


def is_module(home: str, name: str) -> bool:
    target = PACKAGE.joinpath(*filter(None, home.split(".")), name)
    return target.is_dir() or target.with_suffix(".py").is_file()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downward(path: Path) -> None:
    if name_of(path) == WITHOUT_ROOM:
        assert not list(imported(path))
        return
    own = room(name_of(path))
    wrong = [name for name in imported(path) if room(name) != own and LEVEL[room(name)] >= LEVEL[own]]
    assert not wrong, f"{own} stands below or beside {', '.join(wrong)}"


def test_every_room_of_the_table_is_there() -> None:
    modules = {name_of(path) for path in MODULES} - {WITHOUT_ROOM}
    assert {room(name) for name in modules} == set(LEVEL)
