"""Brings into finished shards what only the whole corpus tells: the tables made of it, and the columns they fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping import schema
from kliping.corpus import wide
from kliping.corpus.shard import parquet_path, read_shard, replace_table, shards_in
from kliping.corpus.tables import FILLED_LATER, tables_of
from kliping.corpus.wide.shards import Shards, Wide

ARTICLES = "articles"


def settle(work: Path, numbers: Sequence[int]) -> dict[str, pa.Table]:
    """Make the tables over the whole corpus of the shards with these numbers in `work`, and fill what they fill there.

    Returns the tables. It may be killed and called again. Raises ValueError where a shard is missing or damaged.
    """
    made = {name: pa.concat_tables(portions) for name, portions in wide_tables(shards_in(work, numbers)).items()}
    told = filling(made)
    for number in numbers:
        path = parquet_path(work, ARTICLES, number)
        if not _says_other(path, told):
            continue
        shard = read_shard(work, number)
        if shard is None:
            raise ValueError(f"shard {number} in {work} is missing or damaged: it has to be built again")
        replace_table(shard, ARTICLES, filled(pq.read_table(path, partitioning=None), told), work)
    return made


def wide_tables(shards: Shards) -> dict[str, Iterator[pa.Table]]:
    """Return the tables over the whole corpus that these shards give, each in portions, of which there is always one.

    They are made while they are taken: that raises NeedsText where the shards lack what a table is made of.
    """
    return {each.table: _portions(each, shards) for each in wide.WIDE}


def _portions(table: Wide, shards: Shards) -> Iterator[pa.Table]:
    yield schema.arrow_schema(table.table).empty_table()
    yield from tables_of(table.table, table.find(shards))


def filling(made: Mapping[str, pa.Table]) -> pa.Table:
    """Return what these tables over the whole corpus fill in `articles`: a row an article that has a value."""
    found = [each.fills(made[each.table]) for each in wide.WIDE if each.fills is not None]
    (table,) = found  # one table fills columns so far; of several the rows would have to be joined
    return table.sort_by("article_id")


def filled(articles: pa.Table, told: pa.Table) -> pa.Table:
    """Return a table `articles`, or some columns of it, with what `filling` tells in place of what stands there."""
    places = pc.index_in(articles["article_id"], told["article_id"])
    for name in FILLED_LATER:
        index = articles.schema.get_field_index(name)
        articles = articles.set_column(index, articles.schema.field(index), told[name].take(places))
    return articles


def _says_other(path: Path, told: pa.Table) -> bool:
    """Whether the articles of a shard have not yet what is told of them."""
    articles = pq.read_table(path, columns=["article_id", *FILLED_LATER], partitioning=None)
    return not articles.equals(filled(articles, told))
