"""Puts one shard's tables on disk: it is complete once its sidecar is there, which says what the files must be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from kliping import schema
from kliping.release import digests, statistics, writer

LISTED_INPUTS = 1_000
"""Up to so many inputs a manifest lists each with its digest; beyond, `decisions` is the list."""


@dataclass(frozen=True, slots=True)
class ShardFile:
    """One Parquet file of a shard and the digest lines beside it."""

    rows: int
    arrow_bytes: int
    """Size of the table in memory, what `datasets` calls num_bytes."""
    bytes: int
    sha256: str
    root: str
    """`rows-v1` root over the file's rows, which is the SHA-256 of the file of digest lines."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One complete shard: its files by table, and the counts that go into the whole."""

    number: int
    files: Mapping[str, ShardFile]
    statistics: statistics.Statistics
    inputs: Mapping[str, str | None] | None
    """Digest of every input by its source path; None where they are more than LISTED_INPUTS."""


def parquet_path(work: Path, table: str, number: int) -> Path:
    """Where a shard's Parquet file of one table stands in the work folder."""
    return work / table / f"{number:05d}.parquet"


def lines_path(work: Path, table: str, number: int) -> Path:
    """Where a shard's sorted digest lines of one table stand in the work folder."""
    return work / table / f"{number:05d}.rows"


def write_shard(tables: Mapping[str, pa.Table], work: Path, number: int) -> Shard:
    """Write the tables that `tables.to_tables` made of one set of documents; the sidecar comes last.

    The tables may also be without text (`schema.arrow_schema(name, with_text=False)`). Raises ValueError where the
    tables are not those of the contract.
    """
    _require_contract(tables)
    shard = Shard(
        number=number,
        files={name: write_file(name, table, work, number) for name, table in tables.items()},
        statistics=statistics.measure(tables),
        inputs=_inputs(tables["decisions"]),
    )
    writer.write_bytes(_sidecar(work, number), json.dumps(asdict(shard), sort_keys=True).encode())
    return shard


def write_file(name: str, table: pa.Table, work: Path, number: int) -> ShardFile:
    """Write one table of a shard with its digest lines."""
    path, lines = parquet_path(work, name, number), b"".join(digests.row_lines(name, table))
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write_parquet(table, path)
    writer.write_bytes(lines_path(work, name, number), lines)
    return ShardFile(
        rows=table.num_rows,
        arrow_bytes=_arrow_bytes(table),
        bytes=path.stat().st_size,
        sha256=digests.file_sha256(path),
        root=digests.root([lines]),
    )


def _arrow_bytes(table: pa.Table) -> int:
    """The size of a table in Arrow's IPC form: of its values, not of how it was put together, as `nbytes` is."""
    batches = table.combine_chunks().to_batches()
    return sum(pa.ipc.get_record_batch_size(batch) for batch in batches)


def read_shard(work: Path, number: int) -> Shard | None:
    """The shard if it is complete and its files are as its sidecar says; else None: it has to be written again."""
    try:
        sidecar = json.loads(_sidecar(work, number).read_bytes())
        files = {name: ShardFile(**entry) for name, entry in sidecar.pop("files").items()}
        shard = Shard(files=files, **sidecar)
        intact = all(_is_intact(work, name, number, file) for name, file in files.items())
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None
    return shard if intact else None


def _is_intact(work: Path, name: str, number: int, file: ShardFile) -> bool:
    parquet, lines = parquet_path(work, name, number), lines_path(work, name, number)
    return digests.file_sha256(parquet) == file.sha256 and digests.file_sha256(lines) == file.root


def _sidecar(work: Path, number: int) -> Path:
    return work / f"{number:05d}.json"


def _inputs(decisions: pa.Table) -> dict[str, str | None] | None:
    if decisions.num_rows > LISTED_INPUTS:
        return None
    return dict(zip(decisions["source_path"].to_pylist(), decisions["raw_sha256"].to_pylist(), strict=True))


def _require_contract(tables: Mapping[str, pa.Table]) -> None:
    expected = [name for name in schema.load().tables if name != "domains"]
    if sorted(tables) != sorted(expected):
        raise ValueError(f"a shard has the tables {', '.join(expected)}, not {', '.join(tables)}")
    for name, table in tables.items():
        if not any(table.schema.equals(schema.arrow_schema(name, with_text=text)) for text in (True, False)):
            raise ValueError(f"the table {name} has not the columns of the contract")
