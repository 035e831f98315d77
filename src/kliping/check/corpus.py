"""Opens a corpus folder shard by shard; what cannot be read is an incident or a sentence, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping import release
from kliping.check.incident import Incident
from kliping.errors import KlipingError

WHOLE = "domains"
"""The one table that is made from all shards and stands in one file."""


WITHOUT_TEXT = "without_text"
"""Key of the manifest's options in a corpus without text: the content roots that it has with text."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus folder with its manifest; the files of one shard, one a table, hold the same articles."""

    path: Path
    manifest: release.Manifest

    @property
    def without_text(self) -> bool:
        """Whether it was exported without the outlets' text."""
        return WITHOUT_TEXT in self.manifest["options"]

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


def article_rows(corpus: Corpus, prefix: str) -> dict[str, list[dict[str, Any]]]:
    """Return {table: rows} of the one article whose id begins with `prefix`.

    Raises KlipingError where no article or more than one does.
    """
    rows: dict[str, list[dict[str, Any]]] = {}
    for index in range(corpus.shard_count):
        tables = corpus.shard(index)
        found = {
            name: table.filter(pc.starts_with(table.column("article_id"), prefix)).to_pylist()
            for name, table in tables.items()
        }
        rows = {name: rows.get(name, []) + found[name] for name in found}
    ids = [row["article_id"] for row in rows.get("articles", [])]
    if len(ids) == 1:
        return rows
    if not ids:
        raise KlipingError(f"No article of {corpus.path} has an id that begins with {prefix!r}; see `articles`.")
    raise KlipingError(f"{len(ids)} articles begin with {prefix!r} ({', '.join(ids[:5])} ...); give more of the id.")
