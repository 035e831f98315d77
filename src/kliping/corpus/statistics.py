"""Counts what a corpus holds; the counts of shards add up to the counts of the whole, and none needs a word of text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema

UNKNOWN = "unknown"
"""What stands for a null in counts by value."""
SUMMED = ("character_count", "word_count", "sentence_count", "segment_count", "repair_count")

Statistics = dict[str, Any]
"""Counts by name, nested; `first_date` and `last_date` are ISO dates or None, `outlet_name` a string or None."""


def measure(tables: Mapping[str, pa.Table]) -> Statistics:
    """The counts of one shard's tables."""
    articles, segments, raw = tables["articles"], tables["segments"], tables["raw"]
    return {
        "articles": {name: pc.sum(articles[name], min_count=0).as_py() for name in SUMMED},
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
        "outlets": _outlets(articles),
    }


def add(one: Statistics, other: Statistics) -> Statistics:
    """The counts of two sets of documents taken together."""
    return {key: _add(key, one.get(key), other.get(key)) for key in sorted(one.keys() | other.keys())}


def domains(statistics: Statistics) -> pa.Table:
    """The table `domains`, one row an outlet."""
    total = sum(outlet["body_character_count"] for outlet in statistics["outlets"].values())
    rows = [
        outlet
        | {
            "outlet_id": outlet_id,
            "body_character_share": (2000 * outlet["body_character_count"] + total) // (2 * total) if total else 0,
            "first_date": _day(outlet["first_date"]),
            "last_date": _day(outlet["last_date"]),
        }
        for outlet_id, outlet in sorted(statistics["outlets"].items())
    ]
    return pa.Table.from_pylist(rows, schema=schema.arrow_schema("domains"))


def _day(iso: str | None) -> date | None:
    return date.fromisoformat(iso) if iso else None


def _add(key: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return other if one is None else one
    if isinstance(one, dict):
        return add(one, other)
    if isinstance(one, int):
        return one + other
    return max(one, other) if key == "last_date" else min(one, other)


def _by_value(column: pa.ChunkedArray) -> dict[str, int]:
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


def _outlets(articles: pa.Table) -> dict[str, Statistics]:
    count, total = ("character_count", "count"), ("character_count", "sum")
    days = [("published_date", "min"), ("published_date", "max")]
    groups = articles.group_by("outlet_id").aggregate([("outlet_name", "min"), count, total, *days])
    return {
        row["outlet_id"] or UNKNOWN: {
            "outlet_name": row["outlet_name_min"],
            "article_count": row["character_count_count"],
            "body_character_count": row["character_count_sum"],
            "first_date": row["published_date_min"] and row["published_date_min"].isoformat(),
            "last_date": row["published_date_max"] and row["published_date_max"].isoformat(),
        }
        for row in sorted(groups.to_pylist(), key=lambda row: row["outlet_id"] or UNKNOWN)
    }
