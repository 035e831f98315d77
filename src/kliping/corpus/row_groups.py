"""Writes Parquet always the same way: same rows and same pyarrow, same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping.files import replacing

ROW_GROUP_ROWS = 10_000
ROW_GROUP_BYTES = 8 << 20
"""What one row group of a Parquet file holds at most, in rows and in bytes of strings; a larger row stands alone. Its
writer has so much of a table in memory."""


@contextmanager
def parquet_file(form: pa.Schema, path: Path) -> Iterator[Callable[[pa.Table], None]]:
    """Give a function that appends a row group; at the end the file is at `path`, whole, or nothing is.

    The metadata of the schema goes into its footer.

    Every option that moves bytes stands here, also where it is pyarrow's default today, as far as pyarrow 17 knows it;
    `use_content_defined_chunking` came later and is off by default. The Arrow schema is not stored beside Parquet's
    own, which says all of it. Level 1 of zstd writes our tables half as fast again as level 3, in an eighth more space.
    Without dictionaries of values zstd makes them smaller, and sooner: most of our bytes are text that never repeats.
    """
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(
            temporary,
            form,
            version="2.6",
            data_page_version="1.0",
            data_page_size=1 << 20,
            write_batch_size=1024,
            use_dictionary=False,
            compression="zstd",
            compression_level=1,
            write_statistics=True,
            write_page_index=False,
            write_page_checksum=False,
            store_schema=False,
            use_compliant_nested_type=True,
            use_deprecated_int96_timestamps=False,
            coerce_timestamps=None,
            column_encoding=None,
            use_byte_stream_split=False,
        ) as writer,
    ):
        yield lambda group: writer.write_table(group, row_group_size=group.num_rows)
        writer.add_key_value_metadata(form.metadata)


class RowGroups:
    """Cuts the rows of a table that come in portions: into the same groups, each in one piece, however they come.

    No group is empty: datasets 5.2 cannot read one that is.
    """

    def __init__(self, form: pa.Schema) -> None:
        self._waiting = form.empty_table()

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Yield the groups that these rows complete."""
        rows = pa.concat_tables([self._waiting, table])
        start = 0
        for end in _group_ends(rows):
            yield _in_one_piece(rows.slice(start, end - start))
            start = end
        self._waiting = rows.slice(start)

    def rest(self) -> Iterator[pa.Table]:
        """Yield the last group, if there are rows for one."""
        if self._waiting.num_rows:
            yield _in_one_piece(self._waiting)


def _in_one_piece(rows: pa.Table) -> pa.Table:
    """A copy of the rows, even where they lie in one piece already: as a part of a larger one they take more room."""
    return pa.concat_tables([rows, rows.schema.empty_table()]).combine_chunks()


def _group_ends(rows: pa.Table) -> Iterator[int]:
    """Where groups end that have a row behind them, which is when one is known to be full."""
    held = np.cumsum(_string_bytes(rows))
    start = 0
    while start < len(held):
        before = held[start - 1] if start else 0
        fitting = int(np.searchsorted(held, before + ROW_GROUP_BYTES, side="right"))
        start = min(max(fitting, start + 1), start + ROW_GROUP_ROWS)
        if start < len(held):
            yield start


def _string_bytes(rows: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The bytes of all strings in each row, but for those in lists, which are few beside the others."""
    total = np.zeros(rows.num_rows, dtype=np.int64)
    for column in rows.columns:
        if pa.types.is_string(column.type) or pa.types.is_binary(column.type):
            total += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return total
