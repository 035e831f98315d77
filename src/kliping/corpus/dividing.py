"""Makes of finished shards others that hold the articles of one split each, without changing a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kliping import schema
from kliping.corpus.shard import shards_in, write_shard
from kliping.corpus.splits import DECIDING, Assignment, Splits


@dataclass(frozen=True, slots=True)
class SplitShard:
    """A shard of one split to be made of what some shards have of it."""

    number: int
    split: str
    sources: tuple[int, ...]


def divide(work: Path, numbers: Sequence[int], target: Path, splits: Splits, shard_bytes: int) -> list[SplitShard]:
    """Write the shards with these numbers in `work`, which `settle` has filled, anew into `target`, split by split.

    A new one holds about `shard_bytes` of raw text. Of a row of `decisions` without an article the first split takes
    care. Returns what was made, in order; every split has one piece at least.
    """
    places = _Places(work, numbers, splits)
    pieces = list(_pieces(places.weights(), splits.names, numbers, shard_bytes))
    target.mkdir(parents=True, exist_ok=True)
    for piece in pieces:
        portions = (places.tables(number, piece.split) for number in piece.sources)
        write_shard(portions, target, piece.number, places.left_out)
    return pieces


def _pieces(
    weights: Sequence[Counter[str]], names: Sequence[str], numbers: Sequence[int], shard_bytes: int
) -> Iterator[SplitShard]:
    made = 0
    for name in names:
        sources: list[int] = []
        held = 0
        for number, weight in zip(numbers, (each[name] for each in weights), strict=True):
            if sources and held and held + weight > shard_bytes:
                yield SplitShard(made, name, tuple(sources))
                made, sources, held = made + 1, [], 0
            sources.append(number)
            held += weight
        yield SplitShard(made, name, tuple(sources))
        made += 1


class _Places:
    """Where the rows of each shard go."""

    def __init__(self, work: Path, numbers: Sequence[int], splits: Splits) -> None:
        self._shards = shards_in(work, numbers)
        self._rank = {number: rank for rank, number in enumerate(numbers)}
        self._assignment = Assignment(splits, self._shards)
        self._first = splits.names[0]

    @property
    def left_out(self) -> frozenset[str]:
        """The tables that the shards are without."""
        return frozenset(schema.of_scope(schema.ARTICLE)).difference(self._shards.files)

    def weights(self) -> list[Counter[str]]:
        """Return the bytes of raw text that each shard has of each split."""
        found: list[Counter[str]] = []
        raws = self._shards.read("raw", ("byte_count",))
        for articles, raw in zip(self._shards.read("articles", DECIDING), raws, strict=True):
            weights = Counter[str]()
            for name, size in zip(self._assignment.names(articles), raw["byte_count"].to_pylist(), strict=True):
                weights[name] += size
            found.append(weights)
        return found

    def tables(self, number: int, split: str) -> dict[str, pa.Table]:
        """Return the rows of one shard that are in a split."""
        rank = self._rank[number]
        homes = self._homes(rank)
        files = {name: paths[rank] for name, paths in self._shards.files.items()}
        return {name: _rows_of(_read(path), homes, split, self._first) for name, path in files.items()}

    def _homes(self, rank: int) -> dict[str, str]:
        """The split of each article of a shard, and of the last one of the shard before: copies of it may come here."""
        homes: dict[str, str] = {}
        for each in (rank - 1, rank):
            if each >= 0:
                articles = _read(self._shards.files["articles"][each], DECIDING)
                homes |= dict(zip(articles["article_id"].to_pylist(), self._assignment.names(articles), strict=True))
        return homes


def _read(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    return pq.read_table(path, columns=columns and list(columns), partitioning=None)


def _rows_of(table: pa.Table, homes: Mapping[str, str], split: str, first: str) -> pa.Table:
    here = [homes.get(name, first) == split for name in table["article_id"].to_pylist()]
    return table.filter(pa.array(here, pa.bool_()))
