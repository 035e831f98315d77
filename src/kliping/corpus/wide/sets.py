"""Very many sets of hashes on disk, a file for each shard: written as they come, read one by one or file by file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kliping.corpus.wide.shingles import Counts, Hashes
from kliping.files import replacing

_HASH, _NUMBER = np.dtype("<u8"), np.dtype("<u4")


class SetWriter:
    """Appends sets to a file: the hashes of all, then the size of each, then how many sets there are."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._sizes: list[Counts] = []

    def add(self, hashes: Hashes, sizes: Counts) -> None:
        """Append sets whose hashes stand one after the other, each sorted and without repetitions."""
        self._stream.write(hashes.astype(_HASH, copy=False).tobytes())
        self._sizes.append(sizes)

    def finish(self) -> None:
        """Write what tells the sets apart."""
        sizes = np.concatenate([np.empty(0, np.int64), *self._sizes]).astype(_NUMBER)
        self._stream.write(sizes.tobytes())
        self._stream.write(np.array([len(sizes)], _NUMBER).tobytes())


@contextmanager
def set_file(path: Path) -> Iterator[SetWriter]:
    """Give what appends sets; at the end the file is at `path`, whole, or nothing is."""
    with replacing(path) as temporary, temporary.open("wb") as stream:
        writer = SetWriter(stream)
        yield writer
        writer.finish()


class StoredSets:
    """The sets in several files, numbered from 0 through all of them. Of each set 20 bytes are in memory."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        each = [_sizes(path) for path in paths]
        self.sizes: Counts = np.concatenate([np.empty(0, np.int64), *each])
        """How many members each set has."""
        self.firsts: list[int] = np.cumsum([0, *map(len, each)]).tolist()
        """The number of the first set of each file, and how many sets there are."""
        self._file = np.repeat(np.arange(len(paths), dtype=np.int32), list(map(len, each)))
        starts = [np.cumsum(sizes) - sizes for sizes in each]
        self._start: Counts = np.concatenate([np.empty(0, np.int64), *starts])

    def __len__(self) -> int:
        return len(self.sizes)

    def members(self, number: int) -> Hashes:
        """Return one set."""
        path = self._paths[self._file[number]]
        start = int(self._start[number]) * _HASH.itemsize
        return np.fromfile(path, _HASH, int(self.sizes[number]), offset=start)

    def parts(self) -> Iterator[tuple[int, Hashes, Counts]]:
        """Yield of one file after the other the number of its first set, the hashes of its sets and their sizes."""
        for path, first, end in zip(self._paths, self.firsts, self.firsts[1:], strict=False):
            sizes = self.sizes[first:end]
            yield first, np.fromfile(path, _HASH, int(sizes.sum())), sizes


def _sizes(path: Path) -> Counts:
    end = path.stat().st_size - _NUMBER.itemsize
    (count,) = np.fromfile(path, _NUMBER, 1, offset=end)
    return np.fromfile(path, _NUMBER, int(count), offset=end - int(count) * _NUMBER.itemsize).astype(np.int64)
