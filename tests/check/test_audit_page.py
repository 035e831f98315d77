"""docs/audit.md works when pasted, its outputs are fresh, and what it promises of every incident is so."""

from __future__ import annotations

from pathlib import Path

import update_docs

from kliping.check.incident import INCIDENTS

REPO = Path(__file__).parents[2]
PAGE = (REPO / "docs" / "audit.md").read_text("utf-8")
REFRESH = "run `python scripts/update_docs.py`"


def test_every_block_runs_and_every_output_is_fresh() -> None:
    fresh = update_docs.readme(PAGE).splitlines()
    stale = [(line, now) for line, now in zip(PAGE.splitlines(), fresh, strict=False) if line != now]
    assert not stale, f"docs/audit.md says {stale[0][0]!r} where it should say {stale[0][1]!r}: {REFRESH}"
    assert len(PAGE.splitlines()) == len(fresh), REFRESH


def test_every_incident_stands_on_the_page() -> None:
    assert [name for name in INCIDENTS if f"\n{name} " not in PAGE] == []


def test_the_worked_example_passes_and_the_forgery_fails() -> None:
    """Fresh output that says the wrong thing would be no example."""
    genuine, _, forged = PAGE.partition("## The audit")[2].partition("Each step says")
    skipped = [line for line in genuine.splitlines() if "SKIPPED" in line]
    assert skipped == ["7 Kept pages                             SKIPPED (no article was taken from a web page)"]
    assert genuine.count("PASSED") == 8
    assert "header-mismatch  README.md:" in forged
    assert "the same bytes\n" in PAGE
    assert "NOT what the manifest says\n```\n<!-- end" not in PAGE
