"""Documents of any number in sorted order without holding them: sorted runs on disk, merged while they are read.

A run is one Arrow IPC file sorted by (key, source_path), in record batches of bounded size. The key is the sha256 of a
document's bytes, so copies of one document stand side by side in the merge and article ids come out in order; what was
refused while reading has the sha256 of its source path instead, which spreads refusals evenly.
"""

from __future__ import annotations

import hashlib
import heapq
import os
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, tee
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from kliping.corpus.tables import documents_from_batch, documents_schema, documents_to_batch
from kliping.files import flush_folder, replacing
from kliping.model import RawDocument, Refusal

Item = RawDocument | Refusal
Place = tuple[bytes, str]
"""(key, source_path): where an item stands in the order of a build. Unique, since source paths are."""

RUN_BYTES = 32 << 20
"""What one run holds in memory before it is written: the bytes of its documents plus ROW_COST each."""
ROW_COST = 512
"""What a row weighs beside its document's bytes, so that very many very short documents are bounded too."""
RUN_BATCH_BYTES = 1 << 20
"""What one record batch of a run holds, or a single document that is larger."""
DUPLICATE = "duplicate"
"""The reason of a document with the very bytes of another."""
_PLACE = ("key", "source_path", "weight", "refused")
"""The columns that a merge reads."""
_DIGESTS = ("key", "refused", "raw_sha256", "source_sha256")
"""The columns of all digests by which an item is known."""
T = TypeVar("T")


def run_schema() -> pa.Schema:
    """Return the columns of a document, and beside them what sorts it and what refused it."""
    added = [
        pa.field("key", pa.binary(32), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
        pa.field("refused", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("raw_sha256", pa.string()),
        pa.field("byte_count", pa.int64()),
    ]
    return pa.schema([*added, *documents_schema()])


def key_of(item: Item) -> bytes:
    """Return the 32 bytes that a build sorts by."""
    if isinstance(item, RawDocument):
        return hashlib.sha256(item.data).digest()
    if item.byte_count is not None and item.raw_sha256 is not None:  # an earlier corpus read and refused it
        return bytes.fromhex(item.raw_sha256)
    return hashlib.sha256(item.source_path.encode("utf-8")).digest()


def weight_of(item: Item) -> int:
    """Return what an item costs in memory and output, in bytes: its text, its page where that is kept, and its row."""
    return ROW_COST + (item.byte_count or 0)


def is_set_aside(item: Item) -> bool:
    """Tell whether an item has no bytes to look at: a refusal, but for a copy, whose original has them."""
    return isinstance(item, Refusal) and item.reason != DUPLICATE


def to_batch(items: Sequence[Item]) -> pa.RecordBatch:
    """Return items as rows of `run_schema()`, in sorted order."""
    rows = sorted(((key_of(item), item.source_path, item) for item in items), key=lambda row: row[:2])
    documents = documents_to_batch([_document_of(item) for _, _, item in rows])
    refusals = [item if isinstance(item, Refusal) and is_set_aside(item) else None for _, _, item in rows]
    schema = run_schema()
    added = [
        pa.array([key for key, _, _ in rows], schema.field("key").type),
        pa.array([weight_of(item) for _, _, item in rows], pa.int64()),
        pa.array([refusal and refusal.reason for refusal in refusals], pa.string()),
        pa.array([refusal and refusal.detail for refusal in refusals], pa.string()),
        pa.array([refusal and refusal.raw_sha256 for refusal in refusals], pa.string()),
        pa.array([refusal and refusal.byte_count for refusal in refusals], pa.int64()),
    ]
    return pa.RecordBatch.from_arrays([*added, *documents.columns], schema=schema)


def from_table(table: pa.Table) -> list[Item]:
    """Return the items that `to_batch` made rows of."""
    documents = documents_from_batch(table)
    names = ("refused", "detail", "raw_sha256", "byte_count")
    refused, detail, digest, count = (table.column(name).to_pylist() for name in names)
    return [
        document
        if refused[row] is None
        else Refusal(document.source_path, digest[row], refused[row], detail[row], byte_count=count[row])
        for row, document in enumerate(documents)
    ]


def _document_of(item: Item) -> RawDocument:
    return item if isinstance(item, RawDocument) else RawDocument(b"", item.source_path)


def write_runs(items: Iterable[Item], folder: Path, name: str) -> tuple[tuple[str, ...], int, int]:
    """Write items as runs NAME-0000.arrow ... into `folder`; returns the files' names, the number and the weight of the items.

    Holds at most RUN_BYTES of documents, or a single one that is larger.
    """  # noqa: E501
    names: list[str] = []
    count = total = 0
    for portion in loads(items, weight_of, RUN_BYTES):
        names.append(f"{name}-{len(names):04}.arrow")
        count += len(portion)
        total += sum(map(weight_of, portion))
        run = pa.Table.from_batches([to_batch(portion)])
        portion.clear()  # it is in the table now, and the next one is gathered while this frame lives
        _write(_slices(run), folder / names[-1])
    return tuple(names), count, total


def _write(tables: Iterable[pa.Table], path: Path) -> None:
    """Write a run whole or not at all, one batch a table."""
    with replacing(path) as temporary, pa.ipc.new_file(os.fspath(temporary), run_schema()) as writer:
        for table in tables:
            writer.write_table(table.combine_chunks())


def _slices(table: pa.Table) -> Iterator[pa.Table]:
    """A run in portions of RUN_BATCH_BYTES."""
    start = 0
    for weights in loads(table.column("weight").to_pylist(), int, RUN_BATCH_BYTES):
        yield table.slice(start, len(weights))
        start += len(weights)


def loads(rows: Iterable[T], weigh: Callable[[T], int], limit: int) -> Iterator[list[T]]:
    """Rows in portions that weigh `limit` at most, or a single one that weighs more."""
    portion: list[T] = []
    held = 0
    for row in rows:
        weight = weigh(row)
        if portion and held + weight > limit:
            yield portion
            portion, held = [], 0
        portion.append(row)
        held += weight
    if portion:
        yield portion


class Row(NamedTuple):
    """A row of one run, met in merged order (its own order); its document is not read before `fetch`."""

    key: bytes
    source_path: str
    weight: int
    refused: bool
    handle: Any
    """What its engine finds its document by."""


class Runs:
    """Some runs of a build. Of each one batch at a time is in memory, and nothing is mapped: that would count too."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._files = [pa.ipc.open_file(pa.OSFile(os.fspath(path))) for path in paths]
        self._places = [_open(path, _PLACE) for path in paths]

    def merge(self, start: Place | None = None, end: Place | None = None) -> Iterator[Row]:
        """Return the rows from `start` up to `end` (exclusive; None: from the first, to the last) in order.

        What is there twice under one name, because an earlier corpus holds it too, comes once.
        """
        place: Place | None = None
        for row in heapq.merge(*(_rows(file, run, start, end) for run, file in enumerate(self._places))):
            if row[:2] != place:
                yield row
            place = row[:2]

    def fetch(self, rows: Sequence[Row]) -> list[Item]:
        """Return the documents and refusals of these rows, in the order given."""
        return from_table(self.take(rows)) if rows else []

    def digests(self) -> Iterator[list[str]]:
        """Yield, batch by batch, what the rows are known by: the SHA-256 of documents, pages and refused bytes, in hex."""  # noqa: E501
        for path in self._paths:
            file = _open(path, _DIGESTS)
            for number in range(file.num_record_batches):
                key, refused, raw, source = (file.get_batch(number).column(name).to_pylist() for name in _DIGESTS)
                documents = (each.hex() for each, reason in zip(key, refused, strict=True) if reason is None)
                yield [*documents, *filter(None, raw), *filter(None, source)]

    def take(self, rows: Sequence[Row]) -> pa.Table:
        """Return these rows, of which there is at least one, as a table of `run_schema()`, in the order given."""
        order = sorted(range(len(rows)), key=lambda number: rows[number].handle)
        parts = [
            self._files[run].get_batch(batch).take(pa.array([rows[number].handle[2] for number in numbers]))
            for (run, batch), numbers in groupby(order, key=lambda number: rows[number].handle[:2])
        ]
        ranks = np.empty(len(rows), dtype=np.int64)
        ranks[order] = np.arange(len(rows))
        return pa.Table.from_batches(parts).take(pa.array(ranks))


def _open(path: Path, columns: Sequence[str]) -> pa.RecordBatchFileReader:
    """A run of which some columns alone are read."""
    fields = [run_schema().get_field_index(name) for name in columns]
    return pa.ipc.open_file(pa.OSFile(os.fspath(path)), options=pa.ipc.IpcReadOptions(included_fields=fields))


def _rows(file: pa.RecordBatchFileReader, run: int, start: Place | None, end: Place | None) -> Iterator[Row]:
    for number in range(_batch_of(file, start) if start else 0, file.num_record_batches):
        batch = file.get_batch(number)
        first = _find(batch, start) if start else 0
        last = _find(batch, end) if end else batch.num_rows
        keys, paths, weights = (batch.column(name).slice(first, last - first).to_pylist() for name in _PLACE[:3])
        refused = batch.column("refused").slice(first, last - first).is_valid().to_pylist()
        for offset in range(last - first):
            yield Row(keys[offset], paths[offset], weights[offset], refused[offset], (run, number, first + offset))
        if last < batch.num_rows:
            break


def _place(batch: pa.RecordBatch, row: int) -> Place:
    return batch.column("key")[row].as_py(), batch.column("source_path")[row].as_py()


def _find(batch: pa.RecordBatch, place: Place) -> int:
    """The first row at `place` or behind it."""
    return bisect_left(range(batch.num_rows), place, key=lambda row: _place(batch, row))


def _batch_of(file: pa.RecordBatchFileReader, place: Place) -> int:
    """The batch in which `place` lies."""
    behind = bisect_right(range(file.num_record_batches), place, key=lambda number: _place(file.get_batch(number), 0))
    return max(0, behind - 1)


def merge_runs(paths: Sequence[Path], target: Path) -> None:
    """Merge some runs into one; then they are emptied, to give back their space. May be killed and called again.

    An empty file tells a build that goes on that the run was made, and that the run it went into is there too.
    """
    if not target.exists():
        runs = Runs(paths)
        _write(map(runs.take, loads(runs.merge(), attrgetter("weight"), RUN_BATCH_BYTES)), target)
        flush_folder(target.parent)
    for path in paths:
        os.truncate(path, 0)


def shard_starts(runs: Runs, shard_bytes: int) -> list[Place]:
    """Return the places at which the shards after the first begin: a pure function of the documents and the shard size.

    A shard is full once its documents (copies count as bare rows) weigh `shard_bytes`.
    """
    rows, again = tee(runs.merge())
    begins = shard_begins(weights_in_shard(again), shard_bytes)
    return [row[:2] for row, is_first in zip(rows, begins, strict=True) if is_first]


def weights_in_shard(rows: Iterable[Row]) -> Iterator[int]:
    """Yield what each of these rows, which come in order, weighs in its shard: a copy as a bare row."""
    previous = b""
    for row in rows:
        yield ROW_COST if row.key == previous else row.weight
        if not row.refused or row.weight > ROW_COST:  # what an earlier corpus refused was a document there
            previous = row.key


def shard_begins(weights: Iterable[int], shard_bytes: int) -> Iterator[bool]:
    """Yield of each of all rows of a build, which weigh so much, whether a shard after the first begins with it."""
    held = 0
    for weight in weights:
        is_first = held > 0 and held + weight > shard_bytes
        yield is_first
        held = weight if is_first else held + weight
