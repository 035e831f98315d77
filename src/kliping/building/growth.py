"""The version that a corpus asks for when documents are added to it: as `kliping diff` would say of the two."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kliping.corpus.digests import row_lines
from kliping.corpus.folder import Corpus
from kliping.corpus.manifest import version_numbers
from kliping.corpus.merge import merged_blocks
from kliping.corpus.shard import lines_path


def asked_version(old: Corpus, work: Path, shards: Sequence[int]) -> str:
    """Return the version for the corpus of these shards in `work`, whose place was that of `old`.

    Rows edited or removed raise the first number, rows added the second (Croissant 1.1, "Version"); where no row
    differs the version stays. Raises KlipingError where a file of `old` is missing or damaged.
    """
    major, minor, _ = version_numbers(old.manifest["version"])
    added = False
    for table in old.sharded:
        with tempfile.TemporaryDirectory(dir=work) as scratch:
            before = _lines(_written(old, table, Path(scratch)))
            lost, more = _compared(before, _lines([lines_path(work, table, number) for number in shards]))
        if lost:
            return f"{major + 1}.0.0"
        added |= more
    return f"{major}.{minor + 1}.0" if added else str(old.manifest["version"])


def _written(old: Corpus, table: str, folder: Path) -> list[Path]:
    """The digest lines of each file of a table, written out, so that any number of them can be merged."""
    paths = []
    for number, entry in enumerate(old.files(table)):
        paths.append(folder / f"{number:05d}.rows")
        paths[-1].write_bytes(b"".join(row_lines(table, old.read(entry["path"]))))
    return paths


def _lines(paths: Sequence[Path]) -> Iterator[bytes]:
    """The lines of sorted files, merged; all lines of a table have one width."""
    full = next((path for path in paths if path.stat().st_size), None)
    if full is None:
        return
    with full.open("rb") as stream:
        width = len(stream.readline())
    for block in merged_blocks(paths, width):
        yield from (block[start : start + width] for start in range(0, len(block), width))


def _compared(before: Iterator[bytes], after: Iterator[bytes]) -> tuple[bool, bool]:
    """Whether a line is gone, and whether one came; both in order."""
    came = False
    for line in before:
        found = next(after, b"")
        while found and found < line:
            came = True
            found = next(after, b"")
        if found != line:
            return True, came
    return False, came or next(after, None) is not None
