"""Takes the pictures of the report that README.md and docs/report.md show, in headless Chromium.

usage: picture_report.py

Reads corpus/ and writes docs/report-overview.png and docs/report-article.png. Needs the extra `browser` and a Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from kliping.corpus.folder import open_corpus
from kliping.report.viewer import write_report

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARTICLE = "2846700a15089e7402c98f979378857a"
LINE = 4
VIEW = {"width": 1280, "height": 720}


def main() -> None:
    """Write both pictures; ends with a sentence where there is no browser."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit(f"There is no browser on this machine: none of {', '.join(BROWSERS)} is installed.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        report = Path(folder) / "report.html"
        write_report(open_corpus(ROOT / "corpus"), report)
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEW, color_scheme="light")
        page.goto(report.as_uri())
        page.wait_for_selector("body.usable", state="attached")
        page.screenshot(path=ROOT / "docs" / "report-overview.png")
        page.goto(f"{report.as_uri()}#{ARTICLE}/{LINE}")
        page.wait_for_selector(f"#line-{LINE}")
        page.hover(f"#line-{LINE} .raw", position={"x": 60, "y": 12})
        page.wait_for_timeout(200)
        page.screenshot(path=ROOT / "docs" / "report-article.png")


if __name__ == "__main__":
    main()
