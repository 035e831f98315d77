"""Documents of any number in sorted order without holding them: sorted runs on disk, merged while they are read.

A run is one Arrow IPC file sorted by (key, source_path), in record batches of bounded size. The key is the sha256 of a
document's bytes, so copies of one document stand side by side in the merge and article ids come out in order; what was
refused while reading has the sha256 of its source path instead, which spreads refusals evenly.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import resource
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from kliping.model import RawDocument, Refusal
from kliping.release.writer import flush_folder
from kliping.tables import documents_from_batch, documents_schema, documents_to_batch

Item = RawDocument | Refusal
Place = tuple[bytes, str]
"""(key, source_path): where an item stands in the order of a build. Unique, since source paths are."""

RUN_BYTES = 32 << 20
"""What one run holds in memory before it is written: the bytes of its documents plus ROW_COST each."""
ROW_COST = 512
"""What a row weighs beside its document's bytes, so that very many very short documents are bounded too."""
_KEY_COLUMNS = 4096
"""Rows of the key columns turned into Python objects at a time."""


def run_schema() -> pa.Schema:
    """The columns of a document, and beside them what sorts it and what refused it."""
    added = [
        pa.field("key", pa.binary(32), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
        pa.field("refused", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("raw_sha256", pa.string()),
    ]
    return pa.schema([*added, *documents_schema()])


def key_of(item: Item) -> bytes:
    """The 32 bytes that a build sorts by."""
    if isinstance(item, RawDocument):
        return hashlib.sha256(item.data).digest()
    return hashlib.sha256(item.source_path.encode("utf-8")).digest()


def weight_of(item: Item) -> int:
    """What an item costs in memory and output, in bytes: its text, its page where that is kept, and its row."""
    return ROW_COST + (len(item.data) + len(item.source or b"") if isinstance(item, RawDocument) else 0)


def to_batch(items: Sequence[Item]) -> pa.RecordBatch:
    """Items as rows of `run_schema()`, in sorted order."""
    rows = sorted(((key_of(item), item.source_path, item) for item in items), key=lambda row: row[:2])
    documents = documents_to_batch([_document_of(item) for _, _, item in rows])
    refusals = [item if isinstance(item, Refusal) else None for _, _, item in rows]
    schema = run_schema()
    added = [
        pa.array([key for key, _, _ in rows], schema.field("key").type),
        pa.array([weight_of(item) for _, _, item in rows], pa.int64()),
        pa.array([refusal and refusal.reason for refusal in refusals], pa.string()),
        pa.array([refusal and refusal.detail for refusal in refusals], pa.string()),
        pa.array([refusal and refusal.raw_sha256 for refusal in refusals], pa.string()),
    ]
    return pa.RecordBatch.from_arrays([*added, *documents.columns], schema=schema)


def from_table(table: pa.Table) -> list[Item]:
    """The items that `to_batch` made rows of."""
    documents = documents_from_batch(table)
    refused, detail, digest = (table.column(name).to_pylist() for name in ("refused", "detail", "raw_sha256"))
    return [
        document
        if refused[row] is None
        else Refusal(source_path=document.source_path, raw_sha256=digest[row], reason=refused[row], detail=detail[row])
        for row, document in enumerate(documents)
    ]


def _document_of(item: Item) -> RawDocument:
    return item if isinstance(item, RawDocument) else RawDocument(b"", item.source_path)


def write_runs(items: Iterable[Item], folder: Path, name: str) -> tuple[tuple[str, ...], int, int]:
    """Write items as runs NAME-0000.arrow ... into `folder`; returns the files' names, the number and the weight of the items.

    Holds at most RUN_BYTES of documents, or a single one that is larger.
    """  # noqa: E501
    names: list[str] = []
    count = total = held = 0
    buffer: list[Item] = []

    def flush() -> None:
        names.append(f"{name}-{len(names):04}.arrow")
        _write(to_batch(buffer), folder / names[-1])
        buffer.clear()

    for item in items:
        weight = weight_of(item)
        if buffer and held + weight > RUN_BYTES:
            flush()
            held = 0
        buffer.append(item)
        held += weight
        count += 1
        total += weight
    if buffer:
        flush()
    return tuple(names), count, total


def _write(batch: pa.RecordBatch, path: Path) -> None:
    with path.open("wb") as file:
        with pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        file.flush()
        os.fsync(file.fileno())


class Row(NamedTuple):
    """A row of one run, met in merged order (its own order); its document is not read before `fetch`."""

    key: bytes
    source_path: str
    weight: int
    refused: bool
    handle: Any
    """What its engine finds its document by."""


class Runs:
    """Some runs of a build, memory-mapped: only the pages of rows that are fetched come into memory."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._files = [pa.ipc.open_file(pa.memory_map(os.fspath(path))) for path in paths]

    def merge(self, start: Place | None = None, end: Place | None = None) -> Iterator[Row]:
        """The rows from `start` up to `end` (exclusive; None: from the first, to the last) in order."""
        return heapq.merge(*(self._rows(run, start, end) for run in range(len(self._files))))

    def fetch(self, rows: Sequence[Row]) -> list[Item]:
        """The documents and refusals of these rows, in the order given."""
        return from_table(self.take(rows)) if rows else []

    def take(self, rows: Sequence[Row]) -> pa.Table:
        """These rows, of which there is at least one, as a table of `run_schema()`, in the order given."""
        order = sorted(range(len(rows)), key=lambda number: rows[number].handle)
        parts = [
            self._files[run].get_batch(batch).take(pa.array([rows[number].handle[2] for number in numbers]))
            for (run, batch), numbers in groupby(order, key=lambda number: rows[number].handle[:2])
        ]
        ranks = np.empty(len(rows), dtype=np.int64)
        ranks[order] = np.arange(len(rows))
        return pa.Table.from_batches(parts).take(pa.array(ranks))

    def _rows(self, run: int, start: Place | None, end: Place | None) -> Iterator[Row]:
        file = self._files[run]
        count = file.num_record_batches
        for number in range(_batch_of(file, start) if start else 0, count):
            batch = file.get_batch(number)
            first = _find(batch, start) if start else 0
            last = _find(batch, end) if end else batch.num_rows
            yield from _rows_between(batch, first, last, (run, number))
            if last < batch.num_rows:
                break


def _rows_between(batch: pa.RecordBatch, first: int, last: int, place: tuple[int, int]) -> Iterator[Row]:
    columns = [batch.column(name) for name in ("key", "source_path", "weight", "refused")]
    for start in range(first, last, _KEY_COLUMNS):
        count = min(_KEY_COLUMNS, last - start)
        keys, paths, weights = (column.slice(start, count).to_pylist() for column in columns[:3])
        refused = columns[3].slice(start, count).is_valid().to_pylist()
        for offset in range(count):
            yield Row(keys[offset], paths[offset], weights[offset], refused[offset], (*place, start + offset))


def _place(batch: pa.RecordBatch, row: int) -> Place:
    return batch.column("key")[row].as_py(), batch.column("source_path")[row].as_py()


def _find(batch: pa.RecordBatch, place: Place) -> int:
    """The first row at `place` or behind it."""
    return bisect_left(range(batch.num_rows), place, key=lambda row: _place(batch, row))


def _batch_of(file: pa.ipc.RecordBatchFileReader, place: Place) -> int:
    """The batch in which `place` lies."""
    behind = bisect_right(range(file.num_record_batches), place, key=lambda number: _place(file.get_batch(number), 0))
    return max(0, behind - 1)


def merge_runs(paths: Sequence[Path], target: Path) -> None:
    """Merge some runs into one of several batches, RUN_BYTES each; then they are emptied, to give back their space.

    An empty file tells a build that goes on that the run was made, and that the run it went into is there too.
    """
    runs = Runs(paths)
    temporary = target.with_name(f".{target.name}.part")
    with temporary.open("wb") as file:
        with pa.ipc.new_file(file, run_schema()) as writer:
            for rows in _loads(runs.merge()):
                writer.write_table(runs.take(rows).combine_chunks(), max_chunksize=len(rows))
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)
    flush_folder(target.parent)
    del runs
    for path in paths:
        os.truncate(path, 0)


def _loads(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in portions of RUN_BYTES, or a single one that is larger."""
    portion: list[Row] = []
    held = 0
    for row in rows:
        if portion and held + row.weight > RUN_BYTES:
            yield portion
            portion, held = [], 0
        portion.append(row)
        held += row.weight
    if portion:
        yield portion


def _allow_open_files(count: int) -> None:
    """Each mapped run holds one descriptor: lift the soft limit towards the hard one where it is too low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 256:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 256, hard), hard))


def cut(runs: Runs, shard_bytes: int) -> list[Place]:
    """The places at which the shards after the first begin: a pure function of the documents and the shard size.

    A shard is full once its documents (copies count as bare rows) weigh `shard_bytes`.
    """
    places: list[Place] = []
    held = 0
    previous = b""
    for row in runs.merge():
        weight = ROW_COST if row.key == previous else row.weight
        if held and held + weight > shard_bytes:
            places.append((row.key, row.source_path))
            held = 0
        held += weight
        if not row.refused:
            previous = row.key
    return places
