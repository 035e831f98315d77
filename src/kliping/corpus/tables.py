"""Turns annotations into Arrow tables after schema/ and back: no value is lost, changed or moved within an article.

Columns are filled by name. A table that a layer declares has one row for each of the layer's named tuples, whose fields
are its columns; `articles`, `segments`, `raw` and `decisions` are made of the document itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, islice, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.model import KEPT, Annotation, Correction, InputValue, RawDocument, Refusal, Repair, Segment

FILLED_LATER = ("duplicate_of",)
"""Columns of `articles` that tables over the whole corpus fill (`settle`)."""
ROWS_AT_ONCE = 256
"""Rows of a stored table that are Python values at a time."""
AUTOMATIC, CORRECTED = "automatic", "automatic with corrections"
"""How an article was made, as schema/vocabularies/made.csv has it."""
WIDE_ROWS_AT_ONCE = 10_000
"""The same of a table over the whole corpus, whose rows are short."""
_DOCUMENT = tuple(field.name for field in fields(RawDocument) if field.name not in ("fields", "corrections"))
"""The fields of a document that are stored; all but the first, its bytes, are columns of `raw`."""

Columns = dict[str, pa.Array | Sequence[Any]]
"""The columns of a table by name, as Arrow has them or as Python values."""


def documents_schema() -> pa.Schema:
    """Return the Arrow schema of raw documents: what the batch kernel and every engine takes in.

    >>> documents_schema().names[:3]
    ['data', 'source_path', 'url']
    """
    raw = schema.arrow_schema("raw")
    data, *others = _DOCUMENT
    return pa.schema([pa.field(data, pa.binary(), nullable=False), *map(raw.field, others)])


def documents_to_batch(documents: Sequence[RawDocument]) -> pa.RecordBatch:
    """Return the documents as one Arrow batch with `documents_schema`, in their order."""
    form = documents_schema()
    columns = [_array(_values(name, documents), form.field(name).type) for name in _DOCUMENT]
    return pa.RecordBatch.from_arrays(columns, schema=form)


def documents_from_batch(batch: pa.RecordBatch | pa.Table) -> list[RawDocument]:
    """Return the documents of an Arrow batch or table with `documents_schema`, in its order.

    A null among `data` is a document of no bytes, as a dump has them.
    """
    rows = zip(*(_cells(batch.column(name)) for name in _DOCUMENT), strict=True)
    return [
        RawDocument(
            data or b"",
            path,
            url,
            retrieved_at,
            _input_values(metadata),
            extractor,
            sha256,
            tuple(line_tags or ()),
            source,
            hidden_count or 0,
        )
        for data, path, url, retrieved_at, metadata, extractor, sha256, line_tags, source, hidden_count in rows
    ]


def _cells(column: pa.Array | pa.ChunkedArray) -> list[Any]:
    """The values of a column; quick where it has none, as most columns of documents have."""
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_list(column.type) and not column.null_count and not pc.sum(pc.list_value_length(column)).as_py():
        return [()] * len(column)
    values: list[Any] = column.to_pylist()
    return values


def documents_from_raw(raw: pa.Table) -> Iterator[RawDocument]:
    """Yield the documents that the rows of a `raw` table hold, in its order: what a full rebuild starts from.

    Raises ValueError, naming the article, where `text.encode(encoding)` is not what `sha256` was taken of.
    """
    for row in chain.from_iterable(batch.to_pylist() for batch in raw.to_batches(max_chunksize=ROWS_AT_ONCE)):
        document = RawDocument(
            data=_encoded(row),
            source_path=row["source_path"],
            url=row["url"],
            retrieved_at=row["retrieved_at"],
            metadata=_input_values(row["metadata"]),
            extractor=row["extractor"],
            source_sha256=row["source_sha256"],
            line_tags=tuple(row["line_tags"]),
            source=row["source"],
            hidden_count=row["hidden_count"],
        )
        if document.sha256 != row["sha256"]:
            raise ValueError(f"raw {row['article_id']}: its text does not give back the bytes that its sha256 names")
        yield document


def corrections_from(corrections: pa.Table) -> Iterator[Correction]:
    """Yield what the rows of a table `corrections` say, in its order."""
    return (Correction(**row) for row in corrections.select(list(Correction._fields)).to_pylist())


def refusals_from(decisions: pa.Table) -> Iterator[Refusal]:
    """Yield the refusals that the rows of a table `decisions` tell of, in its order: all but what was kept."""
    for row in decisions.filter(pc.field("outcome") != KEPT).to_pylist():
        yield Refusal(row["source_path"], row["raw_sha256"], row["reason"], row["detail"], byte_count=row["byte_count"])


def corrected(documents: Iterable[RawDocument], corrections: pa.Table) -> Iterator[RawDocument]:
    """Yield documents with what the rows of a table `corrections` say about them."""
    of: dict[str, list[Correction]] = {}
    for each in corrections_from(corrections):
        of.setdefault(each.raw_sha256, []).append(each)
    return (replace(each, corrections=tuple(of.get(each.sha256, ()))) if of else each for each in documents)


@dataclass(frozen=True, slots=True)
class _Portion:
    """The outcomes that become rows together."""

    outcomes: Sequence[Annotation | Refusal]
    """All of them, by source path."""
    kept: Sequence[Annotation]
    """The articles, by id."""
    ids: pa.Array
    """The ids of `kept`."""
    digests: Mapping[int, str | None]
    """The digest of each outcome's bytes, by its identity: each document is hashed once."""


def to_tables(outcomes: Iterable[Annotation | Refusal]) -> dict[str, pa.Table]:
    """Return every table made of single documents, each with its Arrow schema and in its sort order.

    Whatever order the outcomes come in, the tables are the same. Raises ValueError where the rows of a layer have not
    the columns of its table.
    """
    outcomes = sorted(chain.from_iterable((each, *each.misfits) for each in outcomes), key=_source_path)
    digests = {id(outcome): _digest(outcome) for outcome in outcomes}
    kept = sorted((o for o in outcomes if isinstance(o, Annotation)), key=lambda o: digests[id(o)] or "")
    ids = pa.array([(digests[id(annotation)] or "")[:32] for annotation in kept], pa.string())
    portion = _Portion(outcomes, kept, ids, digests)
    return {name: table_of(name, _columns(name, portion)) for name in schema.of_scope(schema.ARTICLE)}


def articles_of(annotations: Sequence[Annotation]) -> pa.Table:
    """Return the row in `articles` of each of these, in their order."""
    digests = {id(annotation): annotation.document.sha256 for annotation in annotations}
    ids = pa.array([digest[:32] for digest in digests.values()], pa.string())
    return table_of("articles", _articles(_Portion((), annotations, ids, digests)))


def table_of(name: str, columns: Columns) -> pa.Table:
    """Return the table `name` with these columns, empty where there are none.

    Raises ValueError where they are not the columns of that table.

    A column that is no Arrow array holds Python values of its type: of a list of structs, values with its members.
    """
    form = schema.arrow_schema(name)
    if not columns:
        return form.empty_table()
    if wrong := sorted(columns.keys() ^ set(form.names)):
        raise ValueError(f"the table {name} and what was found for it differ in the columns {', '.join(wrong)}")
    return pa.Table.from_arrays([_array(columns[field.name], field.type) for field in form], schema=form)


def columns_of(rows: Sequence[NamedTuple]) -> Columns:
    """Return the columns of named tuples of one kind, by the names of their fields; none where there are no rows."""
    return dict(zip(rows[0]._fields, zip(*rows, strict=True), strict=True)) if rows else {}


def tables_of(name: str, rows: Iterable[NamedTuple]) -> Iterator[pa.Table]:
    """Yield rows of a table over the whole corpus, in portions; see `table_of`."""
    rows = iter(rows)
    while portion := list(islice(rows, WIDE_ROWS_AT_ONCE)):
        yield table_of(name, columns_of(portion))


def _columns(name: str, portion: _Portion) -> Columns:
    if name in _SPINE:
        return _SPINE[name](portion)
    return _ranked(portion.ids, [annotation.rows.get(name, ()) for annotation in portion.kept])


def _ranked(ids: pa.Array, groups: Sequence[Sequence[NamedTuple]]) -> Columns:
    """The columns of a table in which article i has the rows groups[i], numbered from 0."""
    columns = columns_of(list(chain.from_iterable(groups)))
    if columns:
        columns["article_id"], columns["position"] = _keys(ids, list(map(len, groups)))
    return columns


def _articles(portion: _Portion) -> Columns:
    kept = portion.kept
    if not kept:
        return {}
    documents = [annotation.document for annotation in kept]
    texts = pa.array(_values("text", kept), pa.string())
    columns: Columns = {
        "article_id": portion.ids,
        "text": texts,
        "url": _values("url", documents),
        "retrieved_at": _values("retrieved_at", documents),
        "source_path": _values("source_path", documents),
        "raw_sha256": [portion.digests[id(annotation)] for annotation in kept],
        "character_count": [len(annotation.text) for annotation in kept],
        "word_count": _word_counts(texts),
        "sentence_count": [_count("sentences", annotation) for annotation in kept],
        "segment_count": [len(annotation.segments) for annotation in kept],
        "repair_count": [sum([len(segment.repairs) for segment in annotation.segments]) for annotation in kept],
        "made": [CORRECTED if annotation.is_corrected else AUTOMATIC for annotation in kept],
        **{name: [None] * len(kept) for name in FILLED_LATER},
    }
    for of_one_layer in zip(*(annotation.rows["articles"] for annotation in kept), strict=True):
        found = columns_of(of_one_layer)
        if twice := sorted(columns.keys() & found.keys()):
            raise ValueError(f"the columns {', '.join(twice)} of articles are filled twice")
        columns |= found
    return columns


def _count(table: str, annotation: Annotation) -> int | None:
    """The rows of a table, None where its layer did not run."""
    rows = annotation.rows.get(table)
    return None if rows is None else len(rows)


def _segments(portion: _Portion) -> Columns:
    return _ranked(portion.ids, [annotation.segments for annotation in portion.kept])


def _raw(portion: _Portion) -> Columns:
    kept = portion.kept
    if not kept:
        return {}
    documents = [annotation.document for annotation in kept]
    return {
        "article_id": portion.ids,
        "text": _values("raw_text", kept),
        "encoding": _values("encoding", kept),
        "byte_count": [len(document.data) for document in documents],
        "sha256": [portion.digests[id(annotation)] for annotation in kept],
        **{name: _values(name, documents) for name in _DOCUMENT[1:]},
    }


def _decisions(portion: _Portion) -> Columns:
    outcomes = portion.outcomes
    if not outcomes:
        return {}
    sha256s = [portion.digests[id(outcome)] for outcome in outcomes]
    reasons = [outcome.reason if isinstance(outcome, Refusal) else None for outcome in outcomes]
    return {
        "source_path": list(map(_source_path, outcomes)),
        "article_id": [sha256 and sha256[:32] for sha256 in sha256s],
        "raw_sha256": sha256s,
        "byte_count": [(o if isinstance(o, Refusal) else o.document).byte_count for o in outcomes],
        "outcome": list(map(outcome_of, reasons)),
        "reason": reasons,
        "detail": [o.detail if isinstance(o, Refusal) else "; ".join(o.notes) or None for o in outcomes],
    }


_SPINE: Mapping[str, Callable[[_Portion], Columns]] = {
    "articles": _articles, "segments": _segments, "raw": _raw, "decisions": _decisions,
}  # fmt: skip
"""The tables that no layer fills alone."""


def _digest(outcome: Annotation | Refusal) -> str | None:
    return outcome.raw_sha256 if isinstance(outcome, Refusal) else outcome.document.sha256


def _source_path(outcome: Annotation | Refusal) -> str:
    return outcome.source_path if isinstance(outcome, Refusal) else outcome.document.source_path


def _encoded(row: dict[str, Any]) -> bytes:
    try:
        text: str = row["text"]
        return text.encode(row["encoding"])
    except (UnicodeEncodeError, LookupError) as error:
        raise ValueError(f"raw {row['article_id']}: its text cannot be encoded as {row['encoding']}") from error


def _input_values(rows: Iterable[dict[str, str]]) -> tuple[InputValue, ...]:
    return tuple([InputValue(row["field"], row["value"], row["rule"]) for row in rows]) if rows else ()


def as_segment(row: Mapping[str, Any]) -> Segment:
    """Return the value that a row of `segments` was made of."""
    repairs = tuple(Repair(r["start"], r["end"], r["before"], r["after"], r["reason"]) for r in row["repairs"])
    return Segment(row["role"], row["text"], row["start"], row["end"], row["rule"], repairs, row["margin"])


def outcome_of(reason: str | None) -> str:
    """Return the outcome in `decisions` that goes with a reason, None for what was kept.

    Raises KeyError where it is unknown.
    """
    return KEPT if reason is None else schema.group("decision-reasons", reason)


def _values(name: str, owners: Iterable[object]) -> list[Any]:
    """One attribute of many values: `map` asks for it several times as fast as a generator would."""
    return list(map(attrgetter(name), owners))


def _array(values: pa.Array | Sequence[Any], form: pa.DataType) -> pa.Array:
    """Values as an Arrow array of this type."""
    if isinstance(values, pa.Array):
        return values
    if not pa.types.is_list(form):
        return pa.array(values, form)
    flat = list(chain.from_iterable(values))
    if pa.types.is_struct(form.value_type):
        members = [pa.array(_values(field.name, flat), field.type) for field in form.value_type]
        flat = pa.StructArray.from_arrays(members, fields=list(form.value_type))
    else:
        flat = pa.array(flat, form.value_type)
    return pa.ListArray.from_arrays(_offsets(values), flat, type=form)


def _keys(ids: pa.Array, counts: Sequence[int]) -> tuple[pa.Array, pa.Array]:
    """`article_id` and `position` of the rows of a table in which article i has counts[i] rows."""
    sizes = np.array(counts, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    positions = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    return ids.take(pa.array(np.repeat(np.arange(len(sizes)), sizes))), pa.array(positions.astype(np.int32))


def _offsets(groups: Sequence[Sequence[object]]) -> pa.Array:
    lengths = np.fromiter(map(len, groups), dtype=np.int32, count=len(groups))
    return pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))


def _word_counts(texts: pa.Array) -> pa.Array:
    """Runs of characters above U+0020, found in the UTF-8 bytes of all texts at once."""
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[: len(texts) + 1]
    visible = np.frombuffer(data_buffer or b"", dtype=np.uint8)[: offsets[-1]] > 0x20
    begins = visible.copy()
    begins[1:] &= ~visible[:-1]
    starts = offsets[:-1][offsets[:-1] < offsets[1:]]
    begins[starts] = visible[starts]
    counts = [np.count_nonzero(begins[start:end]) for start, end in pairwise(offsets.tolist())]
    return pa.array(counts, pa.int32())
