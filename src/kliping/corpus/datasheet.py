"""Keeps the numbers of DATASHEET.md those of a manifest: each stands between comments that name its place there.

`<!-- manifest: tables.articles.rows -->5<!-- end -->` shows the number at `tables`, `articles`, `rows`. Run as
`python -m kliping.corpus.datasheet CORPUS DATASHEET.md` to write the numbers of a corpus into the file.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from kliping.corpus.manifest import Manifest, read_manifest
from kliping.files import write_bytes

_NUMBER = re.compile(r"<!-- manifest: ([^\s<>]+) -->([^<]*)<!-- end -->")


def refresh(text: str, manifest: Manifest) -> str:
    """Return the datasheet with every number taken from the manifest; KeyError where the manifest has no such place."""
    return _NUMBER.sub(lambda match: f"<!-- manifest: {match[1]} -->{_at(manifest, match[1])}<!-- end -->", text)


def stale(text: str, manifest: Manifest) -> list[str]:
    """Return the places whose number in the datasheet is not the manifest's."""
    return [match[1] for match in _NUMBER.finditer(text) if match[2] != _at(manifest, match[1])]


def _at(manifest: Manifest, place: str) -> str:
    value: object = manifest
    for key in place.split("."):
        if not isinstance(value, dict) or key not in value:
            raise KeyError(f"the manifest has no {place}")
        value = value[key]
    if isinstance(value, dict | list):
        raise KeyError(f"{place} of the manifest is no single value")
    return f"{value:,}" if isinstance(value, int) else str(value)


def main(corpus: str, datasheet: str) -> None:
    """Rewrite the datasheet file with the numbers of the corpus in a folder."""
    path = Path(datasheet)
    write_bytes(path, refresh(path.read_text("utf-8"), read_manifest(Path(corpus))).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
