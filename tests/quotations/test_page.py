"""docs/quotations.md: its example runs, and shows what comes out."""

from __future__ import annotations

from pathlib import Path

import update_docs

PAGE = (Path(__file__).parents[2] / "docs" / "quotations.md").read_text("utf-8")


def test_the_example_runs_and_its_output_is_fresh() -> None:
    assert update_docs.readme(PAGE) == PAGE, "run `python scripts/update_docs.py`"
    shown = PAGE.partition("<!-- output -->")[2].partition("<!-- end -->")[0]
    assert [line.split(" | ")[0] for line in shown.splitlines() if " | " in line] == [
        "mixed",
        "indirect",
        "direct",
        "direct",
    ]
