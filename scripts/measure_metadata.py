"""Prints how well the metadata modules do on the hand-labelled roles: apart from whatever roles kliping gives itself.

usage: measure_metadata.py [GOLD_DIR ...] [--json] [--errors]
Without a folder: gold and the even ids of crawls, as they are and in one line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from scorer import load_scorer

from kliping.annotation.layers.metadata import metadata_and_claims
from kliping.model import Page, Span

SHARED = Path(__file__).resolve().parents[2] / "shared"
SCALARS = {"headline": "headline", "outlet_name": "outlet", "dateline_place": "place"}
LISTS = {"authors": "authors", "editors": "editors", "cited_sources": "sources"}
BRANDS = {"outlet_name", "cited_sources"}
"""Compared as brands: `KOMPAS.com` is `Kompas`."""


def is_read(ident: str) -> bool:
    """Whether a page may be looked at: of crawls, whose ids begin with b, e, f or g, odd ids are kept for the end."""
    return ident[0] in "ds" or int(ident[-1]) % 2 == 0


def gold_pages(gold: Path, scorer: ModuleType) -> Iterator[tuple[str, Page, list[Span], dict[str, Any]]]:
    """(id, page, spans, label) of every labelled document that may be read, spans trimmed of white space."""
    for path in sorted(path for path in (gold / "labels").glob("*.json") if is_read(path.stem)):
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
        metadata, _ = metadata_and_claims(page, spans)
        for name, key in {**SCALARS, **LISTS}.items():
            same = scorer.brand if name in BRANDS else scorer.norm
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


def in_one_line(gold: Path, out: Path, *options: str) -> Path:
    """The labelled pages of `gold` without their line breaks, written to `out`."""
    command = [sys.executable, str(gold.resolve().parent / "flatten.py"), str(gold), str(out), *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return out


def labelled_sets(work: Path) -> dict[str, Path]:
    """The sets beside the checkout, as they are, in one line, and in one line with nothing in place of the breaks."""
    sets = {}
    for name in ("gold", "crawls"):
        sets[name] = SHARED / name
        sets[f"{name} in one line"] = in_one_line(SHARED / name, work / f"{name}-line")
        sets[f"{name} glued"] = in_one_line(SHARED / name, work / f"{name}-glued", "--glue")
    return sets


def main() -> None:
    given = [Path(a) for a in sys.argv[1:] if not a.startswith("--")]
    missing = [folder for folder in given or [SHARED / "gold"] if not folder.is_dir()]
    if missing:
        sys.exit(f"measure_metadata: no labelled documents at {missing[0]}")
    with tempfile.TemporaryDirectory() as work:
        sets = {str(folder): folder for folder in given} or labelled_sets(Path(work))
        measured = {
            name: measure(folder, load_scorer(given[0] if given else SHARED / "gold")) for name, folder in sets.items()
        }
    if "--json" in sys.argv:
        print(
            json.dumps({n: {"fields": f, "errors": e} for n, (f, e) in measured.items()}, indent=1, ensure_ascii=False)
        )
        return
    for title, (figures, errors) in measured.items():
        print(title)
        for name, f in figures.items():
            counted = f"right {f['right']} wrong {f['wrong']} gold {f['gold']}"
            print(f"  {name:16s} P {f['precision']:.3f}  R {f['recall']:.3f}  {counted}")
        for error in errors if "--errors" in sys.argv else ():
            print(" ", *error, sep=" | ")


if __name__ == "__main__":
    main()
