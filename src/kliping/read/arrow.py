"""One document a row of an Arrow file or stream (IPC format), as `datasets` saves them, a record batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

import pyarrow as pa

from kliping.model import Refusal
from kliping.read.opening import opened
from kliping.read.options import Input, Options, Record, finished
from kliping.read.parquet import columns_read
from kliping.read.records import record_document, table_without_text

_MAGIC = b"ARROW1"
_FAULTS = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError, TypeError)


def read(one: Input, options: Options) -> Iterator[Record]:
    """Yield the rows in their order, `file#N` for row N from 1, by the columns that are used.

    A row with a value that cannot be represented is a `broken-record`; a file that ends early or is damaged gives the
    rows before that place and a `truncated`.
    """
    with opened(one) as file:
        yield from _rows(file, one, options)


def _rows(file: BinaryIO, one: Input, options: Options) -> Iterator[Record]:
    number = 0
    try:
        for record in batch_records(_batches(file), one.source_path, options):
            yield record
            number += 1
    except _FAULTS as error:
        first = str(error).partition("\n")[0]
        detail = f"The Arrow data is cut off or damaged behind row {number}: {first[:200]}"
        yield finished(Refusal(one.source_path, None, "truncated", detail))


def batch_records(batches: Iterable[pa.RecordBatch], source_path: str, options: Options) -> Iterator[Record]:
    """Yield the rows of record batches in their order, `source_path#N` for row N from 1, by the columns that are used.

    Where no column can hold a text there is one record, the refusal of the whole.
    """
    number = 0
    for batch in batches:
        names = tuple(batch.schema.names)
        columns = columns_read(batch.schema, options)
        if not columns:
            yield finished(table_without_text(names, source_path, options))
            return
        for row in _values(batch.select([name for name in columns if names.count(name) == 1])):
            number += 1
            name = f"{source_path}#{number}"
            if isinstance(row, str):
                yield finished(Refusal(name, None, "broken-record", row))
            else:
                yield Record(name, partial(record_document, row, name, options))


def _batches(file: BinaryIO) -> Iterator[pa.RecordBatch]:
    if file.read(len(_MAGIC)) == _MAGIC:
        reader = pa.ipc.open_file(file)
        yield from (reader.get_batch(number) for number in range(reader.num_record_batches))
    else:
        file.seek(0)
        yield from pa.ipc.open_stream(file)


def _values(batch: pa.RecordBatch) -> Iterator[Mapping[str, Any] | str]:
    """The rows of a batch, a sentence for each that has no value in Python.

    Raises ArrowInvalid where the batch lies about where its values stand.
    """
    batch.validate()
    _without_encoding(batch).validate(full=True)
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        yield from map(partial(_value, batch), range(batch.num_rows))


def _without_encoding(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with its strings as bytes, which may be any."""
    binary = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}
    columns = [column.view(binary[column.type]) if column.type in binary else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, [str(number) for number in range(len(columns))])


def _value(batch: pa.RecordBatch, number: int) -> Mapping[str, Any] | str:
    try:
        row: Mapping[str, Any] = batch.slice(number, 1).to_pylist()[0]
    except (ValueError, OverflowError, pa.ArrowException) as error:
        return f"The row holds a value that cannot be represented: {str(error).partition(chr(10))[0][:200]}"
    return row
