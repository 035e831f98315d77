"""Merges sorted files of lines of one width: memory and time per line stay the same however many files there are."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

BLOCK_BYTES = 8 << 20
"""What is handed out at once, and what the files of a merge hold in memory together."""


def merged_blocks(paths: Sequence[Path], width: int) -> Iterator[bytes]:
    """Yield all lines of the files in bytewise order, in blocks of whole lines.

    Each file is sorted, and each line has `width` bytes. Files whose lines do not mix, such as those of shards cut by
    id, are read one after the other as they are.
    """
    for group in _mixed([path for path in paths if path.stat().st_size], width):
        if len(group) == 1:
            yield from _blocks(group[0], BLOCK_BYTES // width * width or width)
        else:
            share = BLOCK_BYTES // len(group) // width * width or width
            lines = heapq.merge(*(_lines(path, share, width) for path in group))
            while block := b"".join(islice(lines, BLOCK_BYTES // width or 1)):
                yield block


def _mixed(paths: Sequence[Path], width: int) -> Iterator[list[Path]]:
    """The files in groups: every line of a group comes before every line of the next."""
    group: list[Path] = []
    last = b""
    for start, end, path in sorted((*_ends(path, width), path) for path in paths):
        if group and start > last:
            yield group
            group = []
        group.append(path)
        last = max(last, end)
    if group:
        yield group


def _ends(path: Path, width: int) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        first = file.read(width)
        file.seek(-width, 2)
        return first, file.read(width)


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    """The file in blocks; it is opened for each, since a merge has more files than a process may hold open."""
    position = 0
    while True:
        with path.open("rb") as file:
            file.seek(position)
            block = file.read(size)
        if not block:
            return
        yield block
        position += len(block)


def _lines(path: Path, share: int, width: int) -> Iterator[bytes]:
    for block in _blocks(path, share):
        yield from (block[start : start + width] for start in range(0, len(block), width))
