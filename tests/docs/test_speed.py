"""docs/speed.md says what docs/speed.json measured, and the README's table of other tools what both files did."""

from __future__ import annotations

import json
from pathlib import Path

import beside
import pytest
from bench import pages

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_what_was_measured() -> None:
    assert (DOCS / "speed.md").read_text("utf-8") == pages.speed(json.loads((DOCS / "speed.json").read_text("utf-8")))


def test_the_table_of_other_tools_has_the_figures_of_both_files(tmp_path: Path) -> None:
    for name in ("speed.json", "quality.json"):
        (tmp_path / name).write_text((DOCS / name).read_text("utf-8"))
    measured = json.loads((tmp_path / "speed.json").read_text("utf-8"))
    measured["webpages"]["saved"] |= {"ours": 1234.0, "theirs": 4321.0}
    measured["fundus"] = {}
    (tmp_path / "speed.json").write_text(json.dumps(measured))
    table = beside.table(tmp_path)
    assert "| web pages a second | 1234 | 4321 |" in table
    assert len({line.count("|") for line in table.splitlines() if line.startswith("|")}) == 1
    (tmp_path / "quality.json").unlink()
    with pytest.raises(FileNotFoundError):
        beside.table(tmp_path)
