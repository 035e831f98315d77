"""What a table over the whole corpus is, and how it reads the corpus: a few columns of one shard at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kliping import schema


class NeedsText(Exception):
    """A table is made of words of articles, and the corpus is without them."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of a corpus, in order: finished ones on their way into a folder, or those of an opened corpus."""

    files: Mapping[str, Sequence[Path]]
    """The Parquet files of each table of the scope `article`, one a shard."""
    without_text: bool = False

    def read(self, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Return these columns of a table, one shard after the other; it may be called again and again.

        Raises NeedsText where one of the columns holds words of articles and the corpus is without text.
        """
        if self.without_text and any(schema.load().tables[table].field(name).text for name in columns):
            raise NeedsText(f"{table}: {', '.join(columns)}")
        return (pq.read_table(path, columns=list(columns), partitioning=None) for path in self.files[table])


@dataclass(frozen=True, slots=True)
class Wide:
    """One table of the scope `corpus`, a pure function of the shards."""

    table: str
    """Its name in schema/tables/."""
    find: Callable[[Shards], Iterable[NamedTuple]]
    """All its rows, in the order of its sort key: named tuples whose fields are the columns of the table.

    What it keeps in memory must not grow with the text of the corpus.
    """
