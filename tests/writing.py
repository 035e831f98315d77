"""Writes a table, or a whole corpus, as kliping does, in one call."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from kliping.corpus.manifest import Manifest
from kliping.corpus.row_groups import RowGroups, parquet_file
from kliping.corpus.shard import write_shard
from kliping.corpus.write import check_output, finish


def write_parquet(table: pa.Table, path: Path) -> None:
    """Put a table at `path` as one Parquet file, whole or not at all."""
    groups = RowGroups(table.schema)
    with parquet_file(table.schema, path) as write:
        for group in (*groups.add(table), *groups.rest()):
            write(group)


def release(
    tables: Mapping[str, pa.Table],
    out: Path,
    *,
    version: str,
    options: Mapping[str, Any] | None = None,
    quality: Mapping[str, Any] | None = None,
    known: Mapping[str, pa.Table] | None = None,
    force: bool = False,
) -> Manifest:
    """Write a corpus of one shard to the folder `out` and return its manifest; see `finish`."""
    check_output(out, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.work-", dir=out.parent) as work:
        write_shard([tables], Path(work), 0)
        return finish(Path(work), out, [0], version=version, options=options, quality=quality, known=known, force=force)
