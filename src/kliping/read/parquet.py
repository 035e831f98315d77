"""One document a row, read by column, in batches whose size follows the row groups so that memory stays bounded.

A value that cannot be held costs its row, a row group that is damaged costs its own rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from kliping.model import Refusal
from kliping.read import records
from kliping.read.fields import fields
from kliping.read.opening import opened
from kliping.read.options import MAX_RECORD_BYTES, Input, Options, Record, finished
from kliping.read.streams import Damaged

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_BATCH_BYTES = 4 * MAX_RECORD_BYTES
"""The most that a batch may hold if every row of it were the longest that its row group can have."""


def read(one: Input, options: Options) -> Iterator[Record]:
    """Yield the records of a Parquet file in its order, `file#N` for row N from 1, by the columns that are used."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with (
            opened(one) as source,
            pq.ParquetFile(source, pre_buffer=False, buffer_size=2**20, page_checksum_verification=True) as file,
        ):
            yield from _rows(file, one, options)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        detail = f"The Parquet file is cut off or damaged: {_first_line(error, one)}"
        yield finished(Refusal(one.source_path, None, "truncated", detail))


def _rows(file: pq.ParquetFile, one: Input, options: Options) -> Iterator[Record]:
    columns = columns_read(file.schema_arrow, options)
    if not columns:
        names = tuple(file.schema_arrow.names)
        yield finished(records.table_without_text(names, one.source_path, options))
        return
    number = 0
    for group in range(file.num_row_groups):
        end = number + int(file.metadata.row_group(group).num_rows)
        for item in _group(file, group, columns, one):
            number += 1
            name = f"{one.source_path}#{number}"
            if isinstance(item, str):
                yield finished(Refusal(name, None, "broken-record", item))
            elif isinstance(item, Damaged):
                rows = f"The rows {number:,} to {end:,} are" if end > number else f"The row {number:,} is"
                detail = f"{rows} in a damaged part of the file: {item.detail}"
                yield finished(Refusal(name, None, "broken-record", detail))
            else:
                yield Record(name, partial(records.record_document, item, name, options))
        number = max(number, end)


def _group(
    file: pq.ParquetFile, group: int, columns: list[str], one: Input
) -> Iterator[dict[str, Any] | str | Damaged]:
    """The rows of a row group, a sentence for one that cannot be held, damage for one that cannot be read, the last."""
    import pyarrow as pa

    from kliping.read import cells  # not at the top: other formats need no Arrow

    try:
        for batch in file.iter_batches(_batch_rows(file, group), [group], columns=columns):
            yield from cells.python_rows(batch)
    except (pa.ArrowException, OSError) as error:
        yield Damaged("broken-record", _first_line(error, one))


def _first_line(error: Exception, one: Input) -> str:
    return str(error).partition("\n")[0].replace(one.path, "it")[:200]


def columns_read(schema: pa.Schema, options: Options) -> list[str]:
    """The columns that are read, none where no column can hold a text."""
    found = fields(tuple(schema.names), options)
    others = {name for name in found.unnamed if not _is_text(schema.field(schema.names.index(name)).type)}
    if others.issuperset(found.holders()):
        return []
    return [name for name in found.names() if name not in others]


def _is_text(kind: pa.DataType) -> bool:
    """Whether a column holds strings, in whatever layout."""
    return str(kind).removeprefix("dictionary<values=").removeprefix("large_").startswith("string")


def _batch_rows(file: pq.ParquetFile, group: int) -> int:
    """Rows a batch, from the row group's size: a group of small columns can hold no long value."""
    longest = min(int(file.metadata.row_group(group).total_byte_size), MAX_RECORD_BYTES)
    return max(4, min(1024, _BATCH_BYTES // max(longest, 1)))
