"""Rows of an Arrow batch as Python values: a value that Python cannot hold costs its own row, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

_BEYOND_PYTHON = (pa.ArrowException, ValueError, OverflowError, TypeError, KeyError)
"""Dates beyond the year 9999, text that is no UTF-8, zones that nobody knows."""


def python_rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
    """Yield the rows of a batch in order, each as its values by column, or a sentence on what is wrong with it."""
    batch = pa.RecordBatch.from_arrays([_in_microseconds(column) for column in batch.columns], batch.schema.names)
    try:
        rows = batch.to_pylist()
    except _BEYOND_PYTHON:
        yield from (_row(batch, number) for number in range(batch.num_rows))
    else:
        yield from rows


def _in_microseconds(column: pa.Array) -> pa.Array:
    """The column in the finest unit of Python's moments, which are cut off below it."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column


def _row(batch: pa.RecordBatch, number: int) -> dict[str, Any] | str:
    values = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            values[name] = column[number].as_py()
        except UnicodeDecodeError as error:
            return f"The column {name[:60]!r} is not UTF-8 (byte {error.start + 1})."
        except _BEYOND_PYTHON:
            return f"The column {name[:60]!r} holds a value of {column.type} that Python cannot hold."
    return values
