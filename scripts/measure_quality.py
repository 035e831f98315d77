"""Measures quality on the labelled pages and tasks in ../shared, and writes docs/quality.json and docs/quality.md.

usage: measure_quality.py [--cross-validate]

Cross-validation trains one model a fold, which takes minutes; without the option its figures are kept as they were.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from baselines import BASELINES
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from scorer import load_scorer

from kliping import build
from kliping.model import BODY_ROLES

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
GOLD = SHARED / "gold"
FIGURES = ROOT / "docs" / "quality.json"
PAGE = ROOT / "docs" / "quality.md"
TASKS = ("repair", "dates", "sentences", "language", "html")
"""Each has a script measure_TASK.py that prints its figures as JSON."""


def score(prefix: str, corpus: Path) -> dict[str, Any]:
    """The figures of ../shared/score.py for the labelled documents whose id begins with `prefix`."""
    return run(SHARED / "score.py", GOLD, corpus, "--only", prefix, "--json")


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
    gold_spans = load_scorer(GOLD).gold_spans
    counts = {name: {"kept": 0, "lost": 0, "foreign": 0} for name in BASELINES}
    for path in sorted(GOLD.joinpath("labels").glob("d*.json")):
        text = (GOLD / "docs" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        body = bytearray(len(text))
        for start, end, role in gold_spans(text, json.loads(path.read_text("utf-8"))):
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


def measure(cross_validate: bool) -> dict[str, Any]:
    """All figures; those of the cross-validation are taken over from before unless it is asked for."""
    before = json.loads(FIGURES.read_text("utf-8")) if FIGURES.is_file() else {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        build([GOLD / "docs"], corpus)
        pages, seeds = score("d", corpus), score("s", corpus)
    figures: dict[str, Any] = {"pages": pages, "seeds": seeds, "baselines": measure_baselines()}
    figures |= {task: _timeless(run(ROOT / "scripts" / f"measure_{task}.py", "--json")) for task in TASKS}
    figures["inferred_dates"] = _inferred_dates(figures["dates"]["truth"])
    if cross_validate:
        figures["cross_validated"] = run(ROOT / "scripts" / "cross_validate_roles.py", GOLD, "--json")
    elif "cross_validated" in before:
        figures["cross_validated"] = before["cross_validated"]
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
    templates.filters["figure"] = lambda value: "" if value is None else f"{value:.3f}"
    templates.filters["fine"] = lambda value: "" if value is None else f"{value:.4f}"
    return templates.get_template("quality.md.j2").render(figures) + "\n"


def main() -> None:
    """Measure, and write both files."""
    if not GOLD.is_dir():
        sys.exit(f"measure_quality: there are no labelled pages at {GOLD}; nothing was measured.")
    figures = measure("--cross-validate" in sys.argv[1:])
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(render(figures), encoding="utf-8")
    print(f"wrote {FIGURES.relative_to(ROOT)} and {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
