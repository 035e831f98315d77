"""What a process loads before it knows that it needs it: half a second at every start, were it all."""

from __future__ import annotations

import subprocess
import sys

import pytest

LAYERS = (
    "kliping.annotation.pipeline",
    "kliping.annotation.roles",
    "kliping.annotation.layers.metadata",
    "kliping.annotation.repair",
    "langdetect",
    "ftfy",
    "sentencex",
)


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("kliping", (*LAYERS, "numpy", "pyarrow")),
        ("kliping.cli", (*LAYERS, "numpy", "pyarrow", "rich")),  # every worker loads it again, as its main module
        ("kliping.building.build", (*LAYERS, "rich", "jinja2", "yaml")),
        ("kliping.building.tasks", (*LAYERS, "rich", "jinja2", "yaml", "click")),
        ("kliping.annotation.pipeline", ("langdetect.detector", "rich", "jinja2", "yaml", "click")),
    ],
)
def test_a_module_loads_no_more_than_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print(*sorted(set(sys.modules) & set({unwanted!r})))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == []


def test_the_package_shows_its_public_functions_alone() -> None:
    program = """
import kliping.kernel
import kliping.annotation.pipeline
from kliping import annotate, annotate_table, build, open_corpus
assert dir(kliping) == ["__version__", "annotate", "annotate_table", "build", "open_corpus"]
assert kliping.annotate is annotate is kliping.single.annotate
assert annotate_table.__module__ == "kliping.integrations.frames"
assert kliping.__version__.count(".") == 2
assert annotate("Harga cabai turun, kata pedagang di Pasar Minggu.").text
assert build.__module__ == "kliping.building.build"
assert open_corpus.__module__ == "kliping.corpus.folder"
"""
    subprocess.run([sys.executable, "-c", program], check=True)
