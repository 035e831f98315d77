"""Turns annotations into Arrow tables after schema/ and back: no value is lost, changed or moved within an article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from operator import attrgetter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.model import KEPT, Annotation, Evidence, InputValue, RawDocument, Refusal, Repair, Segment, Sentence

ROWS_AT_ONCE = 256
"""Rows of a stored table that are Python values at a time."""


def documents_schema() -> pa.Schema:
    """The Arrow schema of raw documents: what the batch kernel and every engine takes in."""
    raw = schema.arrow_schema("raw")
    return pa.schema(
        [
            pa.field("data", pa.binary(), nullable=False),
            pa.field("source_path", pa.string(), nullable=False),
            raw.field("url"),
            raw.field("retrieved_at"),
            raw.field("metadata"),
            raw.field("extractor"),
            raw.field("source_sha256"),
            raw.field("line_tags"),
            raw.field("source"),
        ]
    )


def documents_to_batch(documents: Sequence[RawDocument]) -> pa.RecordBatch:
    """The documents as one Arrow batch with `documents_schema`, in their order."""
    form = documents_schema()
    columns = [
        pa.array([document.data for document in documents], pa.binary()),
        _strings(_values("source_path", documents)),
        *_provenance(documents),
        _sources(documents),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=form)


def documents_from_batch(batch: pa.RecordBatch | pa.Table) -> list[RawDocument]:
    """The documents of an Arrow batch or table with `documents_schema`, in its order."""
    rows = zip(*(_cells(batch.column(name)) for name in documents_schema().names), strict=True)
    return [
        RawDocument(data, path, url, retrieved_at, _input_values(metadata), extractor, sha256, tuple(line_tags), source)
        for data, path, url, retrieved_at, metadata, extractor, sha256, line_tags, source in rows
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
    """The documents that the rows of a `raw` table hold, in its order: what a full rebuild starts from.

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
        )
        if document.sha256 != row["sha256"]:
            raise ValueError(f"raw {row['article_id']}: its text does not give back the bytes that its sha256 names")
        yield document


def to_tables(outcomes: Iterable[Annotation | Refusal]) -> dict[str, pa.Table]:
    """Every table made of single documents (all but `domains`), each with its Arrow schema and in its sort order.

    Whatever order the outcomes come in, the tables are the same.
    """
    outcomes = list(outcomes)
    digests = {id(outcome): _digest(outcome) for outcome in outcomes}
    kept = sorted(
        (o for o in outcomes if isinstance(o, Annotation)), key=lambda o: (digests[id(o)], o.document.source_path)
    )
    sha256s = [digests[id(annotation)] or "" for annotation in kept]
    ids = _strings(sha256[:32] for sha256 in sha256s)
    columns = {
        "articles": _articles(kept, ids, sha256s),
        "segments": _segments(kept, ids),
        "sentences": _sentences(kept, ids),
        "evidence": _evidence(kept, ids),
        "raw": _raw(kept, ids, sha256s),
        "decisions": _decisions(sorted(outcomes, key=_source_path), digests),
    }
    return {name: pa.Table.from_arrays(arrays, schema=schema.arrow_schema(name)) for name, arrays in columns.items()}


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


def _articles(kept: Sequence[Annotation], ids: pa.Array, sha256s: Sequence[str]) -> list[pa.Array]:
    texts = _strings(_values("text", kept))
    values = [annotation.metadata for annotation in kept]
    return [
        ids,
        _strings(_values("headline", values)),
        _strings(_values("subheadline", values)),
        texts,
        _strings(_values("outlet_id", values)),
        _strings(_values("outlet_name", values)),
        pa.array([value.published_date for value in values], pa.date32()),
        _instants(_values("published_at", values)),
        _strings(_values("published_basis", values)),
        _string_lists([value.authors for value in values]),
        _string_lists([value.editors for value in values]),
        _strings(_values("dateline_place", values)),
        _string_lists([value.cited_sources for value in values]),
        _string_lists([value.tags for value in values]),
        _strings(_values("language", kept)),
        _integers(_values("language_score", kept)),
        _strings(_values("document.url", kept)),
        _instants(_values("document.retrieved_at", kept)),
        _strings(_values("document.source_path", kept)),
        _strings(sha256s),
        _integers(len(annotation.text) for annotation in kept),
        _word_counts(texts),
        _integers(len(annotation.sentences) for annotation in kept),
        _integers(len(annotation.segments) for annotation in kept),
        _integers(sum(len(segment.repairs) for segment in annotation.segments) for annotation in kept),
    ]


def _segments(kept: Sequence[Annotation], ids: pa.Array) -> list[pa.Array]:
    rows: list[Segment] = list(chain.from_iterable(annotation.segments for annotation in kept))
    article_id, position = _keys(ids, [len(annotation.segments) for annotation in kept])
    role, text, start, end, rule, repairs = _columns(rows, Segment)
    return [
        article_id,
        position,
        _strings(role),
        _strings(text),
        _integers(start),
        _integers(end),
        _strings(rule),
        _repairs(repairs),
    ]


def _sentences(kept: Sequence[Annotation], ids: pa.Array) -> list[pa.Array]:
    rows: list[Sentence] = list(chain.from_iterable(annotation.sentences for annotation in kept))
    article_id, position = _keys(ids, [len(annotation.sentences) for annotation in kept])
    segment_position, text, start, end, raw_start, raw_end = _columns(rows, Sentence)
    return [
        article_id,
        position,
        _integers(segment_position),
        _strings(text),
        _integers(start),
        _integers(end),
        _integers(raw_start),
        _integers(raw_end),
    ]


def _evidence(kept: Sequence[Annotation], ids: pa.Array) -> list[pa.Array]:
    rows: list[Evidence] = list(chain.from_iterable(annotation.evidence for annotation in kept))
    article_id, position = _keys(ids, [len(annotation.evidence) for annotation in kept])
    field, value, start, end, quote, rule, accepted = _columns(rows, Evidence)
    return [
        article_id,
        position,
        _strings(field),
        _strings(value),
        _integers(start),
        _integers(end),
        _strings(quote),
        _strings(rule),
        pa.array(accepted, pa.bool_()),
    ]


def _raw(kept: Sequence[Annotation], ids: pa.Array, sha256s: Sequence[str]) -> list[pa.Array]:
    documents = [annotation.document for annotation in kept]
    url, retrieved_at, metadata, extractor, source_sha256, line_tags = _provenance(documents)
    return [
        ids,
        _strings(_values("source_path", documents)),
        _strings(_values("raw_text", kept)),
        _strings(_values("encoding", kept)),
        _integers(len(document.data) for document in documents),
        _strings(sha256s),
        url,
        retrieved_at,
        metadata,
        extractor,
        source_sha256,
        _sources(documents),
        line_tags,
    ]


def _decisions(outcomes: Sequence[Annotation | Refusal], digests: dict[int, str | None]) -> list[pa.Array]:
    sha256s = [digests[id(outcome)] for outcome in outcomes]
    reasons = [outcome.reason if isinstance(outcome, Refusal) else None for outcome in outcomes]
    return [
        _strings(map(_source_path, outcomes)),
        _strings(sha256 and sha256[:32] for sha256 in sha256s),
        _strings(sha256s),
        _strings(map(outcome_of, reasons)),
        _strings(reasons),
        _strings(o.detail if isinstance(o, Refusal) else "; ".join(o.notes) or None for o in outcomes),
    ]


def as_segment(row: Mapping[str, Any]) -> Segment:
    """The value that a row of `segments` was made of."""
    repairs = tuple(Repair(r["start"], r["end"], r["before"], r["after"], r["reason"]) for r in row["repairs"])
    return Segment(row["role"], row["text"], row["start"], row["end"], row["rule"], repairs)


def outcome_of(reason: str | None) -> str:
    """The outcome in `decisions` that goes with a reason, None for what was kept; KeyError where it is unknown."""
    return KEPT if reason is None else schema.group("decision-reasons", reason)


def _provenance(documents: Sequence[RawDocument]) -> list[pa.Array]:
    """The columns that `raw` shares with `documents_schema`, from `url` to `line_tags`."""
    return [
        _strings(_values("url", documents)),
        _instants(_values("retrieved_at", documents)),
        _metadata([document.metadata for document in documents]),
        _strings(_values("extractor", documents)),
        _strings(_values("source_sha256", documents)),
        _string_lists([document.line_tags for document in documents]),
    ]


def _sources(documents: Sequence[RawDocument]) -> pa.Array:
    return pa.array(_values("source", documents), pa.binary())


def _columns(rows: Sequence[tuple[Any, ...]], kind: Any) -> list[Sequence[Any]]:
    """The fields of named tuples of one kind, each as a column."""
    return list(zip(*rows, strict=True)) if rows else [()] * len(kind._fields)


def _values(name: str, owners: Iterable[object]) -> list[Any]:
    """One attribute of many values: `map` asks for it several times as fast as a generator would."""
    return list(map(attrgetter(name), owners))


def _strings(values: Iterable[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def _integers(values: Iterable[int | None]) -> pa.Array:
    return pa.array(values, pa.int32())


def _instants(values: Iterable[object]) -> pa.Array:
    return pa.array(list(values), pa.timestamp("ms", "UTC"))


def _keys(ids: pa.Array, counts: Sequence[int]) -> tuple[pa.Array, pa.Array]:
    """`article_id` and `position` of the rows of a table in which article i has counts[i] rows."""
    sizes = np.array(counts, dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    positions = np.arange(sizes.sum()) - np.repeat(starts, sizes)
    return ids.take(pa.array(np.repeat(np.arange(len(sizes)), sizes))), pa.array(positions.astype(np.int32))


def _offsets(groups: Sequence[Sequence[object]]) -> pa.Array:
    lengths = np.fromiter(map(len, groups), dtype=np.int32, count=len(groups))
    return pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))


def _string_lists(groups: Sequence[Sequence[str]]) -> pa.Array:
    form = schema.arrow_schema("articles").field("tags").type
    return pa.ListArray.from_arrays(_offsets(groups), _strings(chain.from_iterable(groups)), type=form)


def _repairs(groups: Sequence[Sequence[Repair]]) -> pa.Array:
    start, end, before, after, reason = _columns(list(chain.from_iterable(groups)), Repair)
    members = [_integers(start), _integers(end), _strings(before), _strings(after), _strings(reason)]
    return _struct_lists(_offsets(groups), members, schema.arrow_schema("segments").field("repairs").type)


def _metadata(groups: Sequence[Sequence[InputValue]]) -> pa.Array:
    values = list(chain.from_iterable(groups))
    members = [
        _strings(_values("field", values)),
        _strings(_values("value", values)),
        _strings(_values("rule", values)),
    ]
    return _struct_lists(_offsets(groups), members, schema.arrow_schema("raw").field("metadata").type)


def _struct_lists(offsets: pa.Array, members: list[pa.Array], form: pa.ListType) -> pa.Array:
    structs = pa.StructArray.from_arrays(members, fields=list(form.value_type))
    return pa.ListArray.from_arrays(offsets, structs, type=form)


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
