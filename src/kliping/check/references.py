"""Checks what ties the tables of one shard together: every foreign key of the schema, the balance of `decisions`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa

from kliping import schema
from kliping.check.columns import MOST_ROWS_NAMED, place_of
from kliping.check.incident import Incident
from kliping.corpus.tables import outcome_of
from kliping.model import KEPT
from kliping.schema import Key

DUPLICATE = "duplicate"


class References:
    """The foreign keys of a corpus, shard by shard: every value, where no part of it is null, stands where it points.

    The tables of one shard hold the same articles, so a key between them is looked up there. Beyond the shard, only
    keys of and to tables over the whole corpus are kept.
    """

    def __init__(self, wide: Mapping[str, pa.Table]) -> None:
        self._wide = wide
        keys = [(name, key) for name in wide for key in schema.load().tables[name].foreign_keys]
        self._within = [(name, key) for name, key in keys if key.table in wide]
        self._wanted = {(name, key): set(_keys(wide[name], key.fields)) for name, key in keys if key.table not in wide}
        self._known: dict[tuple[str, tuple[str, ...]], set[Key]] = {}

    def check(self, tables: Mapping[str, pa.Table]) -> Iterator[Incident]:
        """Check the keys of one more shard."""
        for name in tables:
            for key in schema.load().tables[name].foreign_keys:
                wide = key.table in self._wide
                known = self._known_of(key) if wide else set(_keys(tables[key.table], key.references))
                yield from _lost(name, key, _keys(tables[name], key.fields), known)
        for (_, key), wanted in self._wanted.items():
            wanted.difference_update(_keys(tables[key.table], key.references))

    def finish(self) -> Iterator[Incident]:
        """Check the keys of the tables over the whole corpus, once all shards were there."""
        for name, key in self._within:
            yield from _lost(name, key, _keys(self._wide[name], key.fields), self._known_of(key))
        for (name, key), wanted in self._wanted.items():
            yield from _lost(name, key, sorted(value for value in wanted if None not in value), set())

    def _known_of(self, key: schema.ForeignKey) -> set[Key]:
        place = key.table, key.references
        if place not in self._known:
            self._known[place] = set(_keys(self._wide[key.table], key.references))
        return self._known[place]


def _lost(name: str, key: schema.ForeignKey, values: Iterable[Key], known: set[Key]) -> Iterator[Incident]:
    lost = dict.fromkeys(value for value in values if None not in value and value not in known)
    for value in list(lost)[:MOST_ROWS_NAMED]:
        detail = f"{'/'.join(key.fields)} points to no row of `{key.table}`"
        yield Incident("dangling-reference", place_of(name, value), detail)


def _keys(table: pa.Table, columns: tuple[str, ...]) -> Iterator[Key]:
    return zip(*(table.column(column).to_pylist() for column in columns), strict=True)


def check_decisions(tables: Mapping[str, pa.Table], before: str | None = None) -> Iterator[Incident]:
    """Check that each row of `decisions` fits itself and the articles, and each article has the one that keeps it.

    `before` is the last article of the shard before: copies of it may stand at the beginning of this one.
    """
    articles = {row["article_id"]: row for row in tables["articles"].select(_SHARED).to_pylist()}
    seen = set()
    for row in tables["decisions"].to_pylist():
        place = place_of("decisions", (row["source_path"],))
        if problem := _contradiction(row, articles, before):
            yield Incident("decision-mismatch", place, problem)
        if row["outcome"] == KEPT:
            seen.add(row["article_id"])
    for key in sorted(articles.keys() - seen):
        yield Incident("decision-mismatch", place_of("articles", (key,)), "no decision keeps it")


_SHARED = ["article_id", "source_path", "raw_sha256"]


def _contradiction(row: Mapping[str, str | None], articles: Mapping[str, object], before: str | None) -> str | None:
    """What is wrong with one row of `decisions`, if anything."""
    article_id, digest, reason = row["article_id"], row["raw_sha256"], row["reason"]
    if article_id != (digest and digest[:32]):
        return f"article_id {article_id} is not the beginning of raw_sha256 {digest}"
    outcome = outcome_of(reason)
    if row["outcome"] != outcome:
        return f"outcome {row['outcome']!r} goes ill with reason {reason!r}"
    if reason is None and articles.get(article_id or "") != {name: row[name] for name in _SHARED}:
        return f"it is kept, and no such article {article_id} stands there"
    if reason is not None and not row["detail"]:
        return "it is not kept, and no detail says why"
    if reason == DUPLICATE and article_id not in articles and article_id != before:
        return f"it is a copy of {article_id}, which is not kept"
    return None
