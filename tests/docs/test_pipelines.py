"""docs/pipelines.md: its blocks are Python, what they take from kliping is there, and the first one runs."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "pipelines.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS)
def test_what_a_block_imports_from_kliping_is_there(block: str) -> None:
    imports = [node for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if (node.module or "").startswith("kliping")]
    assert ours
    for node in ours:
        assert [name.name for name in node.names if not hasattr(import_module(node.module or ""), name.name)] == []


def test_the_first_block_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(BLOCKS[0], {})
    assert capsys.readouterr().out == "1\n['kept']\n"
