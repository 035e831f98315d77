"""Builds corpus/ from the inputs that seeds/SHA256SUMS lists and the corrections in seeds/corrections/."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

from kliping.building.build import BuildOptions, build
from kliping.building.lean import forgo_pandas
from kliping.corpus import datasheet
from kliping.corpus.about import read_about
from kliping.curate import takedown
from kliping.curate.corrections import read_corrections
from kliping.errors import KlipingError
from kliping.report.summary import summary_lines

ROOT = Path(__file__).parents[1]
VERSION = "1.0.0"


def seeds(folder: Path) -> list[Path]:
    """The inputs of the corpus; raises KlipingError where one is not the file that SHA256SUMS names."""
    found = []
    for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise KlipingError(f"{path} is not the file that SHA256SUMS lists. Take it from the repository.")
        found.append(path)
    return found


def main(out: Path = ROOT / "corpus") -> None:
    """Build the corpus and say what was made."""
    figures = ROOT / "docs" / "quality.json"
    if not figures.is_file():
        raise KlipingError(f"{figures} is missing; the card quotes it. Take it from the repository.")
    measured = json.loads(figures.read_text("utf-8"))
    corrections = ROOT / "seeds" / "corrections"
    options = BuildOptions(
        version=VERSION,
        corrections=read_corrections(sorted(corrections.glob("*.jsonl"))),
        removed=takedown.read_removed(ROOT / "seeds" / "removed.csv"),
        quality={"inferred_dates": measured["inferred_dates"]},
        about=read_about(ROOT / "seeds" / "corpus.toml"),
    )
    summary = build(seeds(ROOT / "seeds"), out, options=options, replace=True)  # git has what was there before
    summary = replace(summary, remarks=())
    if out == ROOT / "corpus":
        datasheet.main(str(out), str(ROOT / "DATASHEET.md"))
    print(*summary_lines(summary, out.relative_to(Path.cwd()) if out.is_relative_to(Path.cwd()) else out), sep="\n")


if __name__ == "__main__":
    forgo_pandas()
    try:
        main(*map(Path, sys.argv[1:2]))
    except KlipingError as error:
        sys.exit(f"kliping: {error}")
