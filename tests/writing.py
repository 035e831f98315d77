"""Writes a table as kliping does, in one call."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from kliping.corpus.row_groups import RowGroups, parquet_file


def write_parquet(table: pa.Table, path: Path) -> None:
    """Put a table at `path` as one Parquet file, whole or not at all."""
    groups = RowGroups(table.schema)
    with parquet_file(table.schema, path) as write:
        for group in (*groups.add(table), *groups.rest()):
            write(group)
