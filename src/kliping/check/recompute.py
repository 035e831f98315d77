"""Computes afresh, from the Parquet files alone, everything that the manifest says of the rows."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from kliping.corpus import digests, statistics
from kliping.corpus.folder import Corpus
from kliping.corpus.shard import LISTED_INPUTS


@dataclass(slots=True)
class Tally:
    """The counts of a corpus, added up shard by shard; compare them with the manifest's of the same names."""

    counts: statistics.Statistics = field(default_factory=dict)
    """The manifest's `statistics`."""
    input_count: int = 0
    _files: dict[str, str | None] = field(default_factory=dict)

    def add(self, tables: Mapping[str, pa.Table]) -> None:
        """Count the tables of one more shard."""
        self.counts = statistics.add(self.counts, statistics.measure(tables))
        decisions = statistics.inputs_of(tables["decisions"])
        self.input_count += decisions.num_rows
        if self.input_count <= LISTED_INPUTS:
            paths, sums = (decisions[name].to_pylist() for name in ("source_path", "raw_sha256"))
            self._files.update(zip(paths, sums, strict=True))

    @property
    def inputs(self) -> dict[str, Any]:
        """The manifest's `inputs`."""
        listed = {"files": self._files} if self.input_count <= LISTED_INPUTS else {}
        return {"count": self.input_count, **listed}


def root_of_table(corpus: Corpus, table: str) -> str:
    """Return the `rows-v1` root of a table, all shards taken together; one of them is in memory at a time.

    Raises ValueError where the same id stands in two shards, or is not written as ids are.
    """
    files = [entry["path"] for entry in corpus.files(table)]
    if len(files) == 1:
        return digests.content_root(table, corpus.read(files[0]))
    with tempfile.TemporaryDirectory(prefix="kliping-roots-") as scratch:
        runs = [Path(scratch, f"{rank}.rows") for rank in range(len(files))]
        for run, file in zip(runs, files, strict=True):
            run.write_bytes(b"".join(digests.row_lines(table, corpus.read(file))))
        return digests.merged_root(runs)


def roots_of_columns(corpus: Corpus, table: str) -> dict[str, str]:
    """Return the roots of a table's columns as the manifest lists them: for a corpus of one shard only."""
    files = corpus.files(table)
    return digests.column_roots(table, corpus.path / files[0]["path"]) if len(files) == 1 else {}
