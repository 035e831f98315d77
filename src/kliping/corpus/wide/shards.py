"""What a table over the whole corpus is, and how it reads the corpus: a few columns of one shard at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from kliping import schema


class NeedsText(Exception):
    """A table is made of words of articles, and the corpus is without them."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What a table over the whole corpus takes of each shard alone, once: where the shard is written, on all cores."""

    name: str
    table: str
    columns: tuple[str, ...]
    """What it is made of."""
    taking: Callable[[Path], AbstractContextManager[Callable[[pa.Table], None]]]
    """Opens a file that takes these columns of the shard, portion by portion; it is whole at the end or not there."""


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards of a corpus, in order: finished ones on their way into a folder, or those of an opened corpus."""

    files: Mapping[str, Sequence[Path]]
    """The Parquet files of each table of the scope `article`, one a shard."""
    without_text: bool = False
    gathered: Mapping[str, Sequence[Path]] = field(default_factory=dict)
    """The files of each gathering by its name, one a shard, where they were made when the shards were written."""

    def read(self, table: str, columns: Sequence[str]) -> Iterator[pa.Table]:
        """Return these columns of a table, one shard after the other; it may be called again and again.

        Raises NeedsText where one of the columns holds words of articles and the corpus is without text.
        """
        if self.without_text and any(schema.load().tables[table].field(name).text for name in columns):
            raise NeedsText(f"{table}: {', '.join(columns)}")
        return (pq.read_table(path, columns=list(columns), partitioning=None) for path in self.files[table])

    @contextmanager
    def parts(self, gathering: Gathering) -> Iterator[tuple[list[Path], Path]]:
        """Give what was gathered of each shard, a file each, and a folder for what does not fit into memory.

        Files that are not there yet are made in that folder, which goes at the end. Raises NeedsText as `read` does.
        """
        with tempfile.TemporaryDirectory(prefix="kliping-wide-") as name:
            scratch = Path(name)
            made = self.gathered.get(gathering.name)
            yield list(self._gather(gathering, scratch) if made is None else made), scratch

    def _gather(self, gathering: Gathering, scratch: Path) -> Iterator[Path]:
        for number, table in enumerate(self.read(gathering.table, gathering.columns)):
            path = scratch / f"{number:05d}.{gathering.name}"
            with gathering.taking(path) as take:
                take(table)
            yield path


@dataclass(frozen=True, slots=True)
class Wide:
    """One table of the scope `corpus`, a pure function of the shards."""

    table: str
    """Its name in schema/tables/."""
    find: Callable[[Shards], Iterable[NamedTuple]]
    """All its rows, in the order of its sort key: named tuples whose fields are the columns of the table.

    What it keeps in memory must not grow with the text of the corpus.
    """
    gatherings: tuple[Gathering, ...] = ()
    """What `find` asks for by `Shards.parts`."""
    fills: Callable[[pa.Table], pa.Table] | None = None
    """What of `articles` follows from the table: `article_id` and the columns it fills, null for all other articles."""
