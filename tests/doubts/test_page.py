"""docs/doubts.md: its examples run, and show what comes out."""

from __future__ import annotations

from pathlib import Path

import update_docs

PAGE = (Path(__file__).parents[2] / "docs" / "doubts.md").read_text("utf-8")


def test_the_examples_run_and_their_output_is_fresh() -> None:
    assert update_docs.readme(PAGE) == PAGE, "run `python scripts/update_docs.py`"
    assert "contact-details | '0812-5550-1234'" in PAGE
