"""Articles as a corpus has them, turned back into the values that they were made of."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from kliping import schema
from kliping.corpus.tables import FILLED_LATER, as_segment, documents_from_raw
from kliping.model import Annotation, Evidence, Language, Metadata, Quotation, Sentence

Rows = Sequence[Mapping[str, Any]]

_KNOWN: Mapping[str, Any] = {"evidence": Evidence, "sentences": Sentence, "quotations": Quotation}
"""The rows that `Annotation` gives by name; those of other tables are named tuples of their columns."""
_SPINE = ("articles", "segments", "raw", "decisions")
_OF_DOCUMENT = frozenset(
    {"article_id", "text", "url", "retrieved_at", "source_path", "raw_sha256", "made", *FILLED_LATER}
)
"""Columns of `articles` that no layer fills, beside the counts."""


def annotation_of(rows: Mapping[str, Rows]) -> Annotation:
    """Return the annotation that one article's rows, by table, were made of; without what `decisions` notes of it."""
    (article,), (raw,) = rows["articles"], rows["raw"]
    (document,) = documents_from_raw(pa.Table.from_pylist([dict(raw)], schema=schema.arrow_schema("raw")))
    known = {*Metadata._fields, *Language._fields}
    others = [name for name in article if name not in known | _OF_DOCUMENT and not name.endswith("_count")]
    kinds = (Metadata, Language, *([_columns_as("articles", tuple(others))] if others else []))
    found = {name: _as_rows(name, rows[name]) for name in rows if name not in _SPINE}
    return Annotation(
        document=document,
        raw_text=raw["text"],
        encoding=raw["encoding"],
        text=article["text"],
        segments=tuple(map(as_segment, rows["segments"])),
        rows={"articles": tuple(_as_row(kind, article) for kind in kinds), **found},
    )


def _as_rows(table: str, rows: Iterable[Mapping[str, Any]]) -> tuple[NamedTuple, ...]:
    columns = [name for name in schema.arrow_schema(table).names if name not in schema.RANKED]
    kind = _KNOWN.get(table) or _columns_as(table, tuple(columns))
    return tuple(_as_row(kind, row) for row in rows)


@cache
def _columns_as(table: str, columns: tuple[str, ...]) -> Any:
    named: Callable[..., Any] = namedtuple
    return type(table, (named(table, columns),), {"__slots__": (), "__reduce__": _reduced})


def _reduced(row: Any) -> tuple[Any, ...]:
    """How a row is pickled: there is no class to find by its name."""
    return _row_of, (type(row).__name__, row._fields, tuple(row))


def _row_of(table: str, columns: tuple[str, ...], cells: tuple[Any, ...]) -> NamedTuple:
    row: NamedTuple = _columns_as(table, columns)(*cells)
    return row


def _as_row(kind: Any, row: Mapping[str, Any]) -> NamedTuple:
    cells = {name: row[name] for name in kind._fields}
    made: NamedTuple = kind(**{name: tuple(cell) if isinstance(cell, list) else cell for name, cell in cells.items()})
    return made
