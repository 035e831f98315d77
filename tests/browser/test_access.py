"""Anyone can use the report: axe finds nothing, in light and dark, enlarged and on a narrow screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.browser.person import Reader, reading
from tests.browser.test_reading import id_of

pytestmark = pytest.mark.browser
WIDTHS = (1440, 720, 320)
"""CSS pixels; 720 is a screen of 1440 at 200 %, 320 what WCAG 1.4.10 asks for."""


def violations(reader: Reader) -> list[str]:
    """What axe finds against WCAG 2.2 AA and its own best practices."""
    checking = pytest.importorskip("axe_playwright_python.base", reason="the extra kliping[browser] is not installed")
    reader.page.evaluate(Path(checking.AXE_FILE_PATH).read_text("utf-8"))
    found = reader.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, report: Path, corpus: Path, scheme: str, width: int) -> None:
    with reading(browser, viewport={"width": width, "height": 900}, color_scheme=scheme) as reader:
        reader.open(report)
        assert violations(reader) == []
        reader.page.click("button.bar[data-facet=outlet] >> nth=0")
        assert violations(reader) == []
        reader.open(report, id_of(corpus, "laut/rumput.txt") + "/1")
        for summary in reader.page.query_selector_all("#about summary"):
            summary.click()
        reader.press("9")
        reader.page.click("button[aria-label='Add authors']")
        assert violations(reader) == []
        reader.press("Escape", "c")
        assert violations(reader) == []
        reader.press("Escape", "?")
        assert violations(reader) == []


def test_axe_would_complain(browser: Any, report: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        reader.page.evaluate("document.body.append(document.createElement('button'))")
        assert any(found.startswith("button-name") for found in violations(reader))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_out_of_the_page(browser: Any, report: Path, corpus: Path, width: int) -> None:
    with reading(browser, viewport={"width": width, "height": 700}) as reader:
        for place in ("", id_of(corpus, "hostile.txt"), id_of(corpus, "laut/rumput.txt")):
            reader.open(report, place)
            assert reader.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_control_is_reached_by_tab_and_shows_that_it_has_the_focus(browser: Any, report: Path) -> None:
    with reading(browser) as reader:
        reader.open(report)
        reached = set()
        for _ in range(80):
            reader.press("Tab")
            reached.update(reader.page.evaluate("[document.activeElement.id, ...document.activeElement.classList]"))
            outline = reader.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none" or reader.page.evaluate("document.activeElement === document.body")
        assert {"to-overview", "search", "list", "bar", "cell"} <= reached


def test_motion_is_asked_for_by_none() -> None:
    style = (Path(__file__).parents[2] / "src/kliping/report/viewer/page.css").read_text("utf-8")
    assert "animation" not in style
