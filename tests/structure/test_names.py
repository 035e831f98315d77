"""A name stands for one thing: no two modules, and no two public functions or classes of the package, share one."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import kliping

PACKAGE = Path(__file__).parents[2] / "src" / "kliping"

INTERFACES = {
    "find": (  # yields a layer's rows
        "annotation.layers.applied annotation.layers.language annotation.layers.quotations annotation.layers.sentences "
        "annotation.layers.time_expressions corpus.wide.domains corpus.wide.duplicates"
    ),
    "load": "annotation.layers.language.neighbours annotation.layers.language.profiles knowledge schema",
    "main": "corpus.datasheet schema",  # `python -m` runs it
    "make": "building.local building.spark",  # runs a job, here or on a cluster
    "read": "read read.arc read.arrow read.delimited read.html read.json_values read.jsonl read.mhtml read.parquet "
    "read.text read.warc read.workbook",  # yields the records of one input
}
"""Functions that several modules have because they do the same thing, so that a caller may take either module.

`load` returns a module's own data files, read once a process.
"""
COMMANDS = "cli"
"""A command has the name of the function that it runs, so this module's functions are not compared."""


def defined() -> Mapping[str, list[str]]:
    """The modules, named from the package on, that define each public function and class."""
    found = defaultdict(list)
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_" and module != COMMANDS:
                found[node.name].append(module)
    return found


def test_no_two_modules_share_a_name() -> None:
    counts = Counter(path.stem for path in PACKAGE.rglob("*.py") if path.stem != "__init__")
    counts.update(path.parent.name for path in PACKAGE.rglob("__init__.py"))
    assert not {name for name, count in counts.items() if count > 1}


def test_what_several_modules_define_is_an_interface() -> None:
    shared = {name: modules for name, modules in defined().items() if len(modules) > 1}
    assert shared == {name: modules.split() for name, modules in INTERFACES.items()}


def test_the_package_shows_its_public_names_alone() -> None:
    for name in ("kliping.kernel", "kliping.model"):
        assert import_module(name).__name__ == name
    assert dir(kliping) == ["__version__", "annotate", "annotate_table", "build", "open_corpus"]
    assert all(hasattr(kliping, name) for name in dir(kliping))
