"""Checks what ties the tables of one shard together: every foreign key of the schema, the balance of `decisions`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from kliping import schema
from kliping.check.columns import MOST_ROWS_NAMED, place_of
from kliping.check.incident import Incident
from kliping.corpus.tables import outcome_of
from kliping.model import KEPT

DUPLICATE = "duplicate"


def check_references(tables: Mapping[str, pa.Table]) -> Iterator[Incident]:
    """Every value of a foreign key, where none of its parts is null, stands in the table that it refers to.

    `tables` are those of one shard, which hold the same articles, and `domains` whole.
    """
    for name in tables:
        for key in schema.load().tables[name].foreign_keys:
            known = set(_keys(tables[key.table], key.references))
            lost = [value for value in _keys(tables[name], key.fields) if None not in value and value not in known]
            for value in list(dict.fromkeys(lost))[:MOST_ROWS_NAMED]:
                detail = f"{'/'.join(key.fields)} points to no row of `{key.table}`"
                yield Incident("dangling-reference", place_of(name, value), detail)


def _keys(table: pa.Table, columns: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    return zip(*(table.column(column).to_pylist() for column in columns), strict=True)


def check_decisions(tables: Mapping[str, pa.Table], before: str | None = None) -> Iterator[Incident]:
    """Each row of `decisions` fits itself and the articles, and each article has the one that keeps it.

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
