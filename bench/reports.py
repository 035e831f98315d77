"""Measures the report: how large, how fast written, how fast in headless Chromium; writes its part of docs/report.md.

usage: reports.py [--report]

On the labelled pages and the bulk set of the folder `shared` beside the checkout; without it on made-up pages. --report
only writes the page again from the last results.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import run

ROOT = run.ROOT
RESULTS = run.WORK / "reports.json"
PAGE = ROOT / "docs" / "report.md"
BEGIN, END = "<!-- begin: written by bench/reports.py -->", "<!-- end: written by bench/reports.py -->"
GOLD = ROOT.parent / "shared" / "gold" / "docs"
COUNTS = {"small": 305, "large": 23_606}
ROUNDS = 5
SWITCHES = 20
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ASKED = {
    "small": {"megabytes": 1, "first_paint": 200, "usable": 500, "switch": 50, "nodes": 2000},
    "large": {"megabytes": 25, "first_paint": 200, "usable": 3000, "switch": 50, "nodes": 2000, "rate": 10},
}
"""What issue 16 of the project asks for: MB, milliseconds, nodes; MB of raw text a second."""
WRITE = """
import resource, sys, time
from pathlib import Path
from kliping.building.lean import forgo_pandas
forgo_pandas()
from kliping.corpus.folder import open_corpus
from kliping.report.viewer import write_report
corpus = open_corpus(sys.argv[1])
begin = time.perf_counter()
write_report(corpus, Path(sys.argv[2]), force=True)
print(time.perf_counter() - begin)
print(sum(sum(resource.getrusage(whose)[:2]) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""
SWITCH = """async () => {
  const begin = performance.now();
  await window.kliping.listing.step(1);
  await new Promise((resume) => requestAnimationFrame(() => setTimeout(resume, 0)));
  return performance.now() - begin;
}"""
TIMES = """() => ({
  first_paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
  usable: performance.getEntriesByName("usable")[0].startTime,
})"""
NODES = "document.evaluate('count(//node())', document).numberValue"


def inputs(size: str) -> Path:
    """The pages of one size, as a folder or file."""
    if size == "small" and GOLD.is_dir():
        return GOLD
    if size == "large" and run.BULK.exists():
        return run.BULK
    path = run.DATA / f"reported-{size}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = itertools.islice(run.generated.pages(), COUNTS[size])
    path.write_text("".join(f"{json.dumps({'text': text})}\n" for text in texts), encoding="utf-8")
    return path


def measure(size: str, browser: Any) -> dict[str, Any]:
    """Build the corpus once, write its report and open it several times."""
    corpus, report = run.WORK / f"reported-{size}", run.WORK / f"{size}.html"
    shutil.rmtree(corpus, ignore_errors=True)
    kliping = [sys.executable, "-c", "from kliping.cli import main; main()"]
    done = subprocess.run(
        [*kliping, "build", inputs(size), "--out", corpus, "--workers", "2"], stdout=subprocess.DEVNULL
    )
    assert done.returncode in (0, 3), "the corpus was not built"
    statistic = json.loads((corpus / "manifest.json").read_text())["statistics"]
    write = [sys.executable, "-c", WRITE, corpus, report]
    written = [subprocess.run(write, check=True, stdout=subprocess.PIPE).stdout.split() for _ in range(ROUNDS)]
    seconds, busy = (statistics.median(map(float, times)) for times in zip(*written, strict=True))
    opened = [look(browser, report) for _ in range(ROUNDS)]
    return {
        "articles": statistic["outcomes"]["kept"],
        "raw_bytes": statistic["raw_bytes"],
        "megabytes": report.stat().st_size / run.MEGA,
        "rate": statistic["raw_bytes"] / run.MEGA / seconds,
        "rate_busy": statistic["raw_bytes"] / run.MEGA / busy,
        **{name: statistics.median(one[name] for one in opened) for name in opened[0]},
    }


def look(browser: Any, report: Path) -> dict[str, float]:
    """Open a report as a person does for the first time: milliseconds, and the most nodes seen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(report.as_uri())
    page.wait_for_selector("body.usable", state="attached")
    page.wait_for_timeout(500)
    found = dict(page.evaluate(TIMES))
    nodes = [page.evaluate(NODES)]
    switches = []
    for _ in range(SWITCHES):
        switches.append(page.evaluate(SWITCH))
        nodes.append(page.evaluate(NODES))
    context.close()
    return found | {"switch": statistics.median(switches), "nodes": max(nodes)}


def shown(results: dict[str, Any]) -> str:
    """The part of docs/report.md."""
    words = {
        "megabytes": ("size, MB", "{:.2f}"),
        "rate": ("written, MB of raw text a second", "{:.1f}"),
        "rate_busy": ("the same, a second of a processor", "{:.1f}"),
        "first_paint": ("first paint, ms", "{:.0f}"),
        "usable": ("usable, ms", "{:.0f}"),
        "switch": ("another article, ms", "{:.0f}"),
        "nodes": ("nodes in the page at most", "{:.0f}"),
    }
    sizes = list(results["sizes"])
    head = ["", *(f"{results['sizes'][size]['articles']:,} articles" for size in sizes)]
    lines = [head, ["---", *["---:"] * len(sizes)]]
    for name, (title, form) in words.items():
        cells = [cell(size, name, results["sizes"][size][name], form) for size in sizes]
        lines.append([title, *cells])
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    machine = results["machine"]
    return (
        f"Measured on {machine['cores']} cores of {machine['processor']} in headless Chromium {results['browser']}, "
        f"load {machine['load']:.1f} before (other work makes figures worse); medians of {ROUNDS} rounds.\n\n{table}"
    )


def cell(size: str, name: str, found: float, form: str) -> str:
    """A figure, and what was asked."""
    asked = ASKED[size].get(name)
    if asked is None:
        return form.format(found)
    reached, bound = (found >= asked, "at least") if name == "rate" else (found <= asked, "at most")
    return f"{form.format(found)} ({'asked' if reached else 'NOT'} {bound} {asked:,})"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true")
    if not parser.parse_args().report:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(measured(), indent=2) + "\n")
    results = json.loads(RESULTS.read_text())
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{shown(results)}{END}{rest.partition(END)[2]}", encoding="utf-8")


def measured() -> dict[str, Any]:
    """All results. Ends with a sentence where there is no browser."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("There is no Chromium on this machine, so the report was not measured.")
    machine = run.machine()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        sizes = {size: measure(size, browser) for size in COUNTS}
        return {"machine": machine, "browser": browser.version.split(".")[0], "sizes": sizes}


if __name__ == "__main__":
    main()
