"""Checks the version of a new corpus against what changed since the old one and writes its changelog section."""

from __future__ import annotations

import sys
from pathlib import Path

from kliping.corpus.folder import open_corpus
from kliping.errors import KlipingError
from kliping.publish.version import prepare_release
from kliping.report.changes import in_lines

ROOT = Path(__file__).parents[1]


def main(old: str, new: str, version: str, changelog: Path = ROOT / "CHANGELOG.md") -> None:
    """Prepare the release, or raise KlipingError."""
    found = prepare_release(open_corpus(Path(old)), open_corpus(Path(new)), version, changelog)
    print(*in_lines(found, most=20), f"{changelog.name} has the section {version}.", sep="\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: make release OLD=FOLDER VERSION=X.Y.Z")
    try:
        main(*sys.argv[1:])
    except KlipingError as error:
        sys.exit(f"kliping: {error}")
