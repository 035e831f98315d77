"""Prints how well the metadata modules do on the hand-labelled roles.

usage: measure_metadata.py [GOLD_DIR] [--json] [--errors]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from scorer import load_scorer

from kliping.annotation.layers.metadata import extract
from kliping.model import Page, Span

SHARED = Path(__file__).resolve().parents[2] / "shared"
SCALARS = {"headline": "headline", "outlet_name": "outlet", "dateline_place": "place"}
LISTS = {"authors": "authors", "editors": "editors", "cited_sources": "sources"}


def gold_pages(gold: Path, scorer: ModuleType) -> Iterator[tuple[str, Page, list[Span], dict[str, Any]]]:
    """(id, page, spans, label) of every labelled document, spans trimmed of white space."""
    for path in sorted((gold / "labels").glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        text = (gold / "docs" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        spans = []
        for start, end, role in scorer.gold_spans(text, label):
            piece = text[start:end]
            if piece.strip():
                left = start + len(piece) - len(piece.lstrip())
                spans.append(Span(left, left + len(piece.strip()), role, "gold"))
        yield path.stem, Page(text), spans, label


def measure(gold: Path, scorer: ModuleType) -> tuple[dict[str, dict[str, float]], list[tuple[str, str, str, str]]]:
    """Figures by field, and the errors as (id, field, found, labelled)."""
    counts = {name: [0, 0, 0] for name in (*SCALARS, *LISTS)}
    errors = []
    for ident, page, spans, label in gold_pages(gold, scorer):
        metadata, _ = extract(page, spans)
        for name, key in {**SCALARS, **LISTS}.items():
            same = scorer.brand if name == "outlet_name" else scorer.norm
            value, wanted = getattr(metadata, name), label[key]
            found = {same(v) for v in ([value] if name in SCALARS else value) if v}
            right = {same(v) for v in ([wanted] if name in SCALARS else wanted) if v}
            for i, number in enumerate((len(found & right), len(found - right), len(right))):
                counts[name][i] += number
            if found != right:
                errors.append((ident, name, str(value), str(wanted)))
    figures = {
        name: {
            "precision": right / (right + wrong or 1),
            "recall": right / (total or 1),
            "right": right,
            "wrong": wrong,
            "gold": total,
        }
        for name, (right, wrong, total) in counts.items()
    }
    return figures, errors


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    gold = Path(arguments[0]) if arguments else SHARED / "gold"
    if not gold.is_dir():
        sys.exit(f"measure_metadata: no labelled documents at {gold}")
    figures, errors = measure(gold, load_scorer(gold))
    if "--json" in sys.argv:
        print(json.dumps({"fields": figures, "errors": errors}, indent=1, ensure_ascii=False))
        return
    for name, f in figures.items():
        counted = f"right {f['right']} wrong {f['wrong']} gold {f['gold']}"
        print(f"{name:16s} P {f['precision']:.3f}  R {f['recall']:.3f}  {counted}")
    for error in errors if "--errors" in sys.argv else ():
        print(*error, sep=" | ")


if __name__ == "__main__":
    main()
