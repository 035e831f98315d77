"""Measures quality on the labelled pages and tasks in ../shared, and writes docs/quality.json and docs/quality.md.

usage: measure_quality.py [--cross-validate] [--held-out]

Cross-validation trains one model a fold, which takes minutes; without the option its figures are kept as they were.
--held-out scores the pages that nobody has read: do so once, when nothing will be changed for them any more. Later runs
keep its figures.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from baselines import BASELINES
from cross_validate_roles import FIELDS, annotate_all, score
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from labelled import PARTS, TRAINING, read_held_out, read_set

from kliping.model import BODY_ROLES, ROLES

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
FIGURES = ROOT / "docs" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
NAMES = {
    "all": "all",
    "all-flat": "all in one line",
    "all-glued": "all glued",
    "gold": "gold",
    "gold-flat": "gold in one line",
    "gold-glued": "gold glued",
    "crawls-even": "crawls",
    "crawls-even-flat": "crawls in one line",
    "crawls-even-glued": "crawls glued",
    "seeds": "seeds",
    "seeds-flat": "seeds in one line",
    "seeds-glued": "seeds glued",
}
"""What the page calls the sets, in its order."""
TASKS = ("repair", "dates", "times", "sentences", "quotations", "copies", "language", "html", "extraction")
"""Each has a script measure_TASK.py that prints its figures as JSON."""


def run(script: Path, *arguments: str | Path) -> dict[str, Any]:
    """What a script that prints JSON printed."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"measure_quality: {script.name} failed:\n{done.stderr}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def measure_baselines() -> dict[str, dict[str, float]]:
    """Share of the body that each baseline loses, and share of foreign text in what it keeps, by visible character."""
    counts = {name: {"kept": 0, "lost": 0, "foreign": 0} for name in BASELINES}
    for page in (page for name in PARTS for page in read_set(SHARED, name)):
        text, body = page.text, bytearray(len(page.text))
        for start, end, role in page.spans:
            body[start:end] = bytes([role in BODY_ROLES]) * (end - start)
        for name, baseline in BASELINES.items():
            taken = bytearray(len(text))
            for start, end in baseline(text):
                taken[start:end] = b"\1" * (end - start)
            for character, is_body, is_taken in zip(text, body, taken, strict=True):
                if not character.isspace() and (is_body or is_taken):
                    counts[name]["kept" if is_body and is_taken else "lost" if is_body else "foreign"] += 1
    return {
        name: {"damage": c["lost"] / (c["kept"] + c["lost"]), "pollution": c["foreign"] / (c["kept"] + c["foreign"])}
        for name, c in counts.items()
    }


def measure(*, cross_validate: bool, held_out: bool) -> dict[str, Any]:
    """All figures; those of cross-validation and of held-out pages are taken over unless they are asked for."""
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    figures: dict[str, Any] = {key: before[key] for key in ("left_out", "held_out") if key in before}
    script = ROOT / "scripts" / "cross_validate_roles.py"
    if cross_validate:
        figures["left_out"] = {by: run(script, "--by", by, "--flat", "--json") for by in ("crawl", "outlet")}
    if held_out:
        pages = read_held_out(SHARED)
        figures["held_out"] = score(SHARED, pages, {found.name: found for found in annotate_all(pages)})
    figures |= {"tuned": run(script, "--shipped", "--flat", "--json"), "baselines": measure_baselines()}
    figures |= {task: _timeless(run(ROOT / "scripts" / f"measure_{task}.py", "--json")) for task in TASKS}
    figures["crawls"] = len({page.crawl for name in PARTS for page in read_set(SHARED, name)})
    figures["inferred_dates"] = _inferred_dates(figures["dates"]["truth"])
    return figures


def _timeless(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures without speeds, which belong into docs/speed.md and differ from run to run."""
    kept = {name: value for name, value in figures.items() if "speed" not in name and "MB/s" not in name}
    return {name: _timeless(value) if isinstance(value, dict) else value for name, value in kept.items()}


def _inferred_dates(truth: dict[str, int]) -> dict[str, int]:
    """What card and datasheet say of inferred dates: counts over labelled pages whose true day the crawler kept."""
    near = truth["same_day"] + truth["a_day_off"]
    return {"pages": truth["inferred"], "same_day": truth["same_day"], "within_a_day": near}


def render(figures: dict[str, Any]) -> str:
    """docs/quality.md from the figures."""
    templates = Environment(loader=FileSystemLoader(ROOT / "scripts"), undefined=StrictUndefined, trim_blocks=True)
    for name, digits in (("short", 2), ("figure", 3), ("fine", 4)):
        templates.filters[name] = lambda value, digits=digits: "-" if value is None else f"{value:.{digits}f}"
    told = {"names": NAMES, "fields": FIELDS, "roles": ROLES, "learnt": list(TRAINING)}
    return templates.get_template("quality.md.j2").render(figures | told).strip() + "\n"


def main() -> None:
    """Measure, and write both files."""
    if not SHARED.is_dir():
        sys.exit(f"measure_quality: there are no labelled pages at {SHARED}; nothing was measured.")
    figures = measure(cross_validate="--cross-validate" in sys.argv[1:], held_out="--held-out" in sys.argv[1:])
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(render(json.loads(FIGURES.read_text("utf-8"))), encoding="utf-8")
    print(f"wrote {FIGURES.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
