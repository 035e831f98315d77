"""Counts what a corpus holds; the counts of shards add up to the counts of the whole, and none needs a word of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.model import APPLIED, NOT_APPLIED, UNKNOWN

SUMMED = ("character_count", "word_count", "sentence_count", "segment_count", "repair_count")

Statistics = dict[str, Any]
"""Counts by name, nested."""


def measure(tables: Mapping[str, pa.Table]) -> Statistics:
    """Return the counts of one shard's tables."""
    articles, segments, raw = tables["articles"], tables["segments"], tables["raw"]
    unknown = () if "sentences" in tables else ("sentence_count",)
    counts = {
        "articles": {name: pc.sum(articles[name], min_count=0).as_py() for name in SUMMED if name not in unknown},
        "filled": {field: _filled(articles[field]) for field in schema.names("evidence-fields")},
        "languages": _by_value(articles["language"]),
        "published_basis": _by_value(articles["published_basis"]),
        "raw_bytes": pc.sum(raw["byte_count"], min_count=0).as_py(),
        "encodings": _by_value(raw["encoding"]),
        "roles": _roles(segments),
        "repairs": _repairs(segments),
        "evidence": _accepted(tables["evidence"]),
        "outcomes": _by_value(tables["decisions"]["outcome"]),
        "reasons": _by_value(tables["decisions"]["reason"].drop_null()),
    }
    corrections = tables["corrections"]
    corrected = _by_value(corrections.filter(pc.equal(corrections["outcome"], APPLIED))["what"])
    terms = {name: of_table for name, table in tables.items() if (of_table := _terms(name, table))}
    return counts | ({"terms": terms} if terms else {}) | ({"corrected": corrected} if corrected else {})


def add(one: Statistics, other: Statistics) -> Statistics:
    """Return the counts of two sets of documents taken together."""
    return {key: _add(one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())}


def inputs_of(decisions: pa.Table) -> pa.Table:
    """Return the rows of `decisions` that speak of documents; the others speak of corrections."""
    return decisions.filter(pc.not_equal(decisions["outcome"], NOT_APPLIED))


def input_count(counts: Statistics) -> int:
    """Return how many documents came in."""
    return sum(count for outcome, count in counts.get("outcomes", {}).items() if outcome != NOT_APPLIED)


def _add(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    return add(one, other) if isinstance(one, dict) else one + other


def _terms(name: str, table: pa.Table) -> dict[str, dict[str, int]]:
    """How often each term occurs in the fields with a vocabulary that only this table has."""
    contract = schema.load().tables[name]
    counted = [field.name for field in contract.fields if field.name in contract.own and field.vocabulary]
    return {field: _by_value(table[field]) for field in counted}


def _by_value(column: pa.ChunkedArray) -> dict[str, int]:
    """How often each value stands in a column; of lists, each member."""
    column = pc.list_flatten(column) if pa.types.is_list(column.type) else column
    counts = ((row["values"], row["counts"]) for row in pc.value_counts(column).to_pylist())
    return dict(sorted((UNKNOWN if value is None else value, count) for value, count in counts))


def _filled(column: pa.ChunkedArray) -> int:
    if pa.types.is_list(column.type):
        return int(pc.sum(pc.greater(pc.list_value_length(column), 0), min_count=0).as_py())
    return int(len(column) - column.null_count)


def _roles(segments: pa.Table) -> dict[str, dict[str, int]]:
    lengths = pa.table({"role": segments["role"], "length": pc.subtract(segments["end"], segments["start"])})
    groups = lengths.group_by("role").aggregate([("length", "sum"), ("length", "count")])
    rows = sorted(groups.to_pylist(), key=lambda row: row["role"])
    return {row["role"]: {"rows": row["length_count"], "raw_characters": row["length_sum"]} for row in rows}


def _repairs(segments: pa.Table) -> dict[str, int]:
    repairs = segments["repairs"].combine_chunks().flatten()
    return _by_value(repairs.field("reason")) if len(repairs) else {}


def _accepted(evidence: pa.Table) -> dict[str, int]:
    accepted = int(pc.sum(evidence["accepted"], min_count=0).as_py())
    return {"accepted": accepted, "rejected": evidence.num_rows - accepted}
