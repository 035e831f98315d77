"""What a process loads before it knows that it needs it: half a second at every start, were it all."""

from __future__ import annotations

import subprocess
import sys

import pytest

LAYERS = ("kliping.annotate", "kliping.roles", "kliping.metadata", "kliping.repair", "langdetect", "ftfy", "sentencex")


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("kliping", (*LAYERS, "numpy", "pyarrow")),
        ("kliping.cli", (*LAYERS, "numpy", "pyarrow", "rich")),  # every worker loads it again, as its main module
        ("kliping.build", (*LAYERS, "rich", "jinja2", "yaml")),
        ("kliping.engines.tasks", (*LAYERS, "rich", "jinja2", "yaml", "click")),
        ("kliping.annotate", ("langdetect.detector", "rich", "jinja2", "yaml", "click")),
    ],
)
def test_a_module_loads_no_more_than_it_needs(module: str, unwanted: tuple[str, ...]) -> None:
    program = f"import sys, {module}; print(*sorted(set(sys.modules) & set({unwanted!r})))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == []


def test_annotate_is_the_function_whatever_is_loaded() -> None:
    program = """
import kliping
from kliping import annotate
first = kliping.annotate
import kliping.annotate
import kliping.kernel
from kliping.annotate import annotate as within
assert kliping.annotate is annotate is within is first
assert kliping.annotate("Harga cabai turun, kata pedagang di Pasar Minggu.").text
"""
    subprocess.run([sys.executable, "-c", program], check=True)
