"""docs/time-expressions.md: its example prints what the page shows, and every column of the table is told of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kliping import schema

PAGE = (Path(__file__).parents[2] / "docs" / "time-expressions.md").read_text("utf-8")


def test_the_example_prints_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    exec(block, {})
    assert capsys.readouterr().out == shown


def test_every_own_column_is_told_of() -> None:
    common = {"article_id", "position", "start", "end", "text", "rule"}
    own = {field.name for field in schema.load().tables["time_expressions"].fields} - common
    assert own <= set(re.findall(r"`([a-z_]+)`", PAGE))
