"""Writes files whole or not at all, and Parquet always the same way: same rows and same pyarrow, same bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP_ROWS = 10_000


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; what stands there at the end takes the place of `path`, durably."""
    temporary = path.with_name(f".{path.name}.part")
    yield temporary
    with temporary.open("rb+") as stream:
        _flush(stream.fileno())
    os.replace(temporary, path)


def write_bytes(path: Path, data: bytes) -> None:
    """Put `data` at `path`: a reader sees the old file or the new one, never a part, whenever the machine stops."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def write_parquet(table: pa.Table, path: Path) -> None:
    """Put a table at `path` as one Parquet file, whole or not at all; the metadata of its schema goes into the footer.

    Every option that moves bytes stands here, also where it is pyarrow's default today, as far as pyarrow 17 knows it;
    `use_content_defined_chunking` came later and is off by default. The Arrow schema is not stored beside Parquet's
    own, which says all of it. Level 1 of zstd writes our tables half as fast again as level 3, in an eighth more space.
    Without dictionaries of values zstd makes them smaller, and sooner: most of our bytes are text that never repeats.
    """
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(
            temporary,
            table.schema,
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
        if table.num_rows:  # datasets 5.2 cannot read a row group without rows
            writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP_ROWS)
        writer.add_key_value_metadata(table.schema.metadata)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable: without it a rename may be lost when the machine stops."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        _flush(handle)
    finally:
        os.close(handle)


def _flush(handle: int) -> None:
    os.fsync(handle)
