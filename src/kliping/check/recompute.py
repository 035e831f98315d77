"""Computes afresh, from the Parquet files alone, everything that the manifest says of the rows."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pyarrow as pa

from kliping.check.corpus import Corpus
from kliping.release import digests, statistics
from kliping.release.shard import LISTED_INPUTS


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the rows give; compare it with the entries of the same names in the manifest."""

    domains: pa.Table
    statistics: Mapping[str, Any]
    inputs: Mapping[str, Any]


def recompute(corpus: Corpus) -> Recomputed:
    """Return the counts, the table `domains` and the digests of the inputs, one shard in memory at a time."""
    counts: list[statistics.Statistics] = []
    inputs: dict[str, str | None] = {}
    total = 0
    for index in range(corpus.shard_count):
        tables = corpus.shard(index)
        counts.append(statistics.measure(tables))
        total += tables["decisions"].num_rows
        if total <= LISTED_INPUTS:
            paths, sums = (tables["decisions"][name].to_pylist() for name in ("source_path", "raw_sha256"))
            inputs.update(zip(paths, sums, strict=True))
    whole = reduce(statistics.add, counts)
    return Recomputed(
        domains=statistics.domains(whole),
        statistics={name: count for name, count in whole.items() if name != "outlets"},
        inputs={"count": total, "files": inputs} if total <= LISTED_INPUTS else {"count": total},
    )


def content_root(corpus: Corpus, table: str) -> str:
    """The `rows-v1` root of a table, all shards taken together."""
    lines: Iterable[Iterable[bytes]] = (digests.row_lines(table, corpus.read(e["path"])) for e in corpus.files(table))
    return digests.root(heapq.merge(*lines))


def column_roots(corpus: Corpus, table: str) -> dict[str, str]:
    """The roots of a table's columns as the manifest lists them: for a corpus of one shard only."""
    files = corpus.files(table)
    return digests.column_roots(table, corpus.read(files[0]["path"])) if len(files) == 1 else {}
