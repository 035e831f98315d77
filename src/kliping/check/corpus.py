"""Opens a corpus folder shard by shard; what cannot be read is an incident or a sentence, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kliping import release
from kliping.check.incident import Incident

WHOLE = "domains"
"""The one table that is made from all shards and stands in one file."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus folder with its manifest; the files of one shard, one a table, hold the same articles."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def sharded(self) -> tuple[str, ...]:
        """The tables that come one file a shard."""
        return tuple(name for name in self.manifest["tables"] if name != WHOLE)

    @property
    def shard_count(self) -> int:
        return max((len(self.files(name)) for name in self.sharded), default=0)

    def files(self, table: str) -> list[Mapping[str, Any]]:
        """The manifest's entries for the files of a table, in order."""
        return list(self.manifest["tables"][table]["files"])

    def shard(self, index: int) -> dict[str, pa.Table]:
        """The tables of one shard; raises OSError or pyarrow.ArrowException where a file cannot be read."""
        return {name: self.read(self.files(name)[index]["path"]) for name in self.sharded}

    def read(self, file: str) -> pa.Table:
        return pq.read_table(self.path / file, partitioning=None)


def open_corpus(path: Path) -> Corpus:
    """Open the corpus in the folder `path`.

    Raises KlipingError (release.ManifestError) with a sentence where the folder is no corpus that this version reads.
    """
    return Corpus(path, release.read_manifest(path))


def unreadable(corpus: Corpus) -> Iterator[Incident]:
    """Yield the Parquet files that cannot be read at all; where there are any, no row can be checked."""
    for table in corpus.manifest["tables"]:
        for entry in corpus.files(table):
            file = corpus.path / entry["path"]
            if not file.is_file():
                yield Incident("file-missing", entry["path"], "the manifest lists it; download the corpus again")
                continue
            try:
                corpus.read(entry["path"])
            except (OSError, pa.ArrowException) as error:
                yield Incident(
                    "unreadable-parquet", entry["path"], f"it is no whole Parquet file: {_first_line(error)}"
                )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
