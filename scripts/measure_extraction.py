"""Measures the body of saved pages against a benchmark that others made; prints a line, or JSON with --json.

usage: measure_extraction.py [--shared DIR] [--json]

The 181 pages, mostly English news, of scrapinghub's article-extraction-benchmark (2020) with the bodies that its people
typed out; nothing of them was learnt from. Word 4-grams as multisets; the hits, misses and extras of each page are
divided by their sum, then added up over pages, as the benchmark does it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import trafilatura

from kliping.annotation.pipeline import annotate_batch
from kliping.model import Annotation, RawDocument
from kliping.read import documents

Grams = Counter[tuple[str, ...]]


def grams(text: str) -> Grams:
    """Return the word 4-grams of a text; of a shorter one, its words together."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def bodies(folder: Path) -> dict[str, str]:
    """Return what kliping takes for the body of each page, by its name; empty where it sets the page aside."""
    read = [item for item in documents([str(folder / "html")]) if isinstance(item, RawDocument)]
    results = annotate_batch(read)
    return {
        Path(document.source_path).name.partition(".")[0]: result.text if isinstance(result, Annotation) else ""
        for document, result in zip(read, results, strict=True)
    }


def theirs(folder: Path) -> dict[str, str]:
    """Return what trafilatura takes for the body of each page, in its default setting, by the page's name."""
    found = {}
    for path in sorted((folder / "html").iterdir()):
        page = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found[path.name.partition(".")[0]] = trafilatura.extract(page, include_comments=False) or ""
    return found


def compared(truth: Mapping[str, Mapping[str, str]], found: Mapping[str, str]) -> dict[str, float]:
    """Return precision, recall and F1 of the bodies found, over all pages."""
    hits = extras = misses = 0.0
    for name, page in truth.items():
        expected, given = grams(page["articleBody"]), grams(found.get(name, ""))
        shared_grams = (expected & given).total()
        extra, missed = given.total() - shared_grams, expected.total() - shared_grams
        size = (shared_grams + extra + missed) or 1
        hits, extras, misses = hits + shared_grams / size, extras + extra / size, misses + missed / size
    precision, recall = hits / (hits + extras), hits / (hits + misses)
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }


def measure(shared: Path) -> dict[str, Any]:
    """Return the number of pages, our figures, and trafilatura's with its version."""
    folder = shared / "tasks" / "extraction"
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    other = {"version": version("trafilatura"), **compared(truth, theirs(folder))}
    return {"pages": len(truth), **compared(truth, bodies(folder)), "trafilatura": other}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.shared)
    print(json.dumps(figures) if options.json else " ".join(f"{name} {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
