"""docs/report.md tells what is so: its commands run, and its figures are those of the code."""

from __future__ import annotations

from pathlib import Path

import update_docs

from kliping.report.viewer import packing, selection, weighing

ordinal = {12: "twelfth", 13: "thirteenth", 14: "fourteenth"}.__getitem__
REPO = Path(__file__).parents[2]
PAGE = (REPO / "docs" / "report.md").read_text("utf-8")


def test_its_commands_run(tmp_path: Path) -> None:
    update_docs.outputs(PAGE, tmp_path)
    assert (tmp_path / "report.html").read_bytes().startswith(b"<!doctype html>")


def test_its_figures_are_those_of_the_code() -> None:
    assert f"{packing.BITS} bits in two of {len(packing.SIGNS)} signs" in PAGE
    saved = 1 - (2 / packing.BITS) / (1 / 6)
    assert f"takes a {ordinal(round(1 / saved))} less than base64" in PAGE
    assert f"blocks of {packing.BLOCK_BYTES // 1024} KB" in PAGE
    assert f"holds {selection.MOST_RAW_BYTES // 1_000_000} MB of raw text" in PAGE
    assert f"up to {weighing.MOST_WEIGHED_BYTES // 1000} KB of raw text" in PAGE


def test_its_pictures_are_there() -> None:
    for page, name in ((PAGE, "report-article.png"), ((REPO / "README.md").read_text("utf-8"), "report-overview.png")):
        assert name in page
        assert (REPO / "docs" / name).read_bytes().startswith(b"\x89PNG")
