"""Turns annotations into Arrow tables after schema/ and back: no value is lost, changed or moved within an article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from kliping import schema
from kliping.model import Annotation, Evidence, InputValue, RawDocument, Refusal, Repair, Segment, Sentence


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
            pa.field("source", pa.binary()),
        ]
    )


def documents_to_batch(documents: Sequence[RawDocument]) -> pa.RecordBatch:
    """The documents as one Arrow batch with `documents_schema`, in their order."""
    form = documents_schema()
    columns = [
        pa.array([document.data for document in documents], pa.binary()),
        _strings(document.source_path for document in documents),
        *_provenance(documents),
        pa.array([document.source for document in documents], pa.binary()),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=form)


def documents_from_batch(batch: pa.RecordBatch | pa.Table) -> list[RawDocument]:
    """The documents of an Arrow batch or table with `documents_schema`, in its order."""
    rows = zip(*(batch.column(name).to_pylist() for name in documents_schema().names), strict=True)
    return [
        RawDocument(data, path, url, retrieved_at, _input_values(metadata), extractor, sha256, tuple(line_tags), source)
        for data, path, url, retrieved_at, metadata, extractor, sha256, line_tags, source in rows
    ]


def documents_from_raw(raw: pa.Table) -> list[RawDocument]:
    """The documents that the rows of a `raw` table hold, in its order: what a full rebuild starts from.

    Raises ValueError, naming the article, where `text.encode(encoding)` is not what `sha256` was taken of.
    """
    documents = []
    for row in raw.to_pylist():
        document = RawDocument(
            data=_encoded(row),
            source_path=row["source_path"],
            url=row["url"],
            retrieved_at=row["retrieved_at"],
            metadata=_input_values(row["metadata"]),
            extractor=row["extractor"],
            source_sha256=row["source_sha256"],
            line_tags=tuple(row["line_tags"]),
        )
        if document.sha256 != row["sha256"]:
            raise ValueError(f"raw {row['article_id']}: its text does not give back the bytes that its sha256 names")
        documents.append(document)
    return documents


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
    return tuple(InputValue(row["field"], row["value"], row["rule"]) for row in rows)


def _articles(kept: Sequence[Annotation], ids: pa.Array, sha256s: Sequence[str]) -> list[pa.Array]:
    texts = _strings(annotation.text for annotation in kept)
    values = [annotation.metadata for annotation in kept]
    return [
        ids,
        _strings(value.headline for value in values),
        _strings(value.subheadline for value in values),
        texts,
        _strings(value.outlet_id for value in values),
        _strings(value.outlet_name for value in values),
        pa.array([value.published_date for value in values], pa.date32()),
        _instants(value.published_at for value in values),
        _strings(value.published_basis for value in values),
        _string_lists([value.authors for value in values]),
        _string_lists([value.editors for value in values]),
        _strings(value.dateline_place for value in values),
        _string_lists([value.cited_sources for value in values]),
        _string_lists([value.tags for value in values]),
        _strings(annotation.language for annotation in kept),
        _integers(annotation.language_score for annotation in kept),
        _strings(annotation.document.url for annotation in kept),
        _instants(annotation.document.retrieved_at for annotation in kept),
        _strings(annotation.document.source_path for annotation in kept),
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
    return [
        article_id,
        position,
        _strings(row.role for row in rows),
        _strings(row.text for row in rows),
        _integers(row.start for row in rows),
        _integers(row.end for row in rows),
        _strings(row.rule for row in rows),
        _repairs([row.repairs for row in rows]),
    ]


def _sentences(kept: Sequence[Annotation], ids: pa.Array) -> list[pa.Array]:
    rows: list[Sentence] = list(chain.from_iterable(annotation.sentences for annotation in kept))
    article_id, position = _keys(ids, [len(annotation.sentences) for annotation in kept])
    return [
        article_id,
        position,
        _integers(row.segment_position for row in rows),
        _strings(row.text for row in rows),
        _integers(row.start for row in rows),
        _integers(row.end for row in rows),
        _integers(row.raw_start for row in rows),
        _integers(row.raw_end for row in rows),
    ]


def _evidence(kept: Sequence[Annotation], ids: pa.Array) -> list[pa.Array]:
    rows: list[Evidence] = list(chain.from_iterable(annotation.evidence for annotation in kept))
    article_id, position = _keys(ids, [len(annotation.evidence) for annotation in kept])
    return [
        article_id,
        position,
        _strings(row.field for row in rows),
        _strings(row.value for row in rows),
        _integers(row.start for row in rows),
        _integers(row.end for row in rows),
        _strings(row.quote for row in rows),
        _strings(row.rule for row in rows),
        pa.array([row.accepted for row in rows], pa.bool_()),
    ]


def _raw(kept: Sequence[Annotation], ids: pa.Array, sha256s: Sequence[str]) -> list[pa.Array]:
    documents = [annotation.document for annotation in kept]
    url, retrieved_at, metadata, extractor, source_sha256, line_tags = _provenance(documents)
    return [
        ids,
        _strings(document.source_path for document in documents),
        _strings(annotation.raw_text for annotation in kept),
        _strings(annotation.encoding for annotation in kept),
        _integers(len(document.data) for document in documents),
        _strings(sha256s),
        url,
        retrieved_at,
        metadata,
        extractor,
        source_sha256,
        line_tags,
    ]


def _decisions(outcomes: Sequence[Annotation | Refusal], digests: dict[int, str | None]) -> list[pa.Array]:
    sha256s = [digests[id(outcome)] for outcome in outcomes]
    reasons = [outcome.reason if isinstance(outcome, Refusal) else None for outcome in outcomes]
    return [
        _strings(map(_source_path, outcomes)),
        _strings(sha256 and sha256[:32] for sha256 in sha256s),
        _strings(sha256s),
        _strings("kept" if reason is None else schema.group("decision-reasons", reason) for reason in reasons),
        _strings(reasons),
        _strings(o.detail if isinstance(o, Refusal) else "; ".join(o.notes) or None for o in outcomes),
    ]


def _provenance(documents: Sequence[RawDocument]) -> list[pa.Array]:
    """The columns that `raw` shares with `documents_schema`, from `url` to `line_tags`."""
    return [
        _strings(document.url for document in documents),
        _instants(document.retrieved_at for document in documents),
        _metadata([document.metadata for document in documents]),
        _strings(document.extractor for document in documents),
        _strings(document.source_sha256 for document in documents),
        _string_lists([document.line_tags for document in documents]),
    ]


def _strings(values: Iterable[str | None]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _integers(values: Iterable[int | None]) -> pa.Array:
    return pa.array(list(values), pa.int32())


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
    repairs = list(chain.from_iterable(groups))
    members = [
        _integers(repair.start for repair in repairs),
        _integers(repair.end for repair in repairs),
        _strings(repair.before for repair in repairs),
        _strings(repair.after for repair in repairs),
        _strings(repair.reason for repair in repairs),
    ]
    return _struct_lists(_offsets(groups), members, schema.arrow_schema("segments").field("repairs").type)


def _metadata(groups: Sequence[Sequence[InputValue]]) -> pa.Array:
    values = list(chain.from_iterable(groups))
    members = [
        _strings(value.field for value in values),
        _strings(value.value for value in values),
        _strings(value.rule for value in values),
    ]
    return _struct_lists(_offsets(groups), members, schema.arrow_schema("raw").field("metadata").type)


def _struct_lists(offsets: pa.Array, members: list[pa.Array], form: pa.ListType) -> pa.Array:
    structs = pa.StructArray.from_arrays(members, fields=list(form.value_type))
    return pa.ListArray.from_arrays(offsets, structs, type=form)


def _word_counts(texts: pa.Array) -> pa.Array:
    """Runs of characters above U+0020, counted over the UTF-8 bytes of all texts at once."""
    _, offset_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[: len(texts) + 1]
    visible = np.append(np.frombuffer(data_buffer or b"", dtype=np.uint8)[: offsets[-1]] > 0x20, False)
    after_space = np.flatnonzero(visible[1:] > visible[:-1]) + 1
    begin, end = offsets[:-1], offsets[1:]
    first = visible[begin] & (begin < end)
    second = np.minimum(begin + 1, end)
    return pa.array((first + np.searchsorted(after_space, end) - np.searchsorted(after_space, second)).astype(np.int32))
