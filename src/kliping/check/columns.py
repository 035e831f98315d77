"""Checks a table column by column against the schema: types, nulls, vocabularies, patterns, keys and order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from kliping import schema
from kliping.check.incident import Incident

MOST_ROWS_NAMED = 20
"""Of one kind of incident in one column; beyond it a last incident says how many more there are."""


def check_schema(name: str, found: pa.Schema, place: str, *, with_text: bool) -> Iterator[Incident]:
    """Yield every column that is missing, unknown, or of another type or nullability than the schema's."""
    wanted = schema.arrow_schema(name, with_text=with_text)
    for field in wanted:
        if field.name not in found.names:
            yield Incident("schema-mismatch", place, f"there is no column {field.name!r}")
        elif found.field(field.name) != field:
            detail = f"column {field.name!r} is {found.field(field.name)}, the schema says {field}"
            yield Incident("schema-mismatch", place, detail)
    for column in found.names:
        if column not in wanted.names:
            yield Incident("schema-mismatch", place, f"the schema has no column {column!r}")
    if found.names != wanted.names and set(found.names) == set(wanted.names):
        yield Incident("schema-mismatch", place, f"the columns stand in the order {found.names}")


def check_columns(name: str, table: pa.Table) -> Iterator[Incident]:
    """Yield every null, unknown term, malformed value, double key and row out of order; the schema must fit."""
    for field in schema.load().tables[name].fields:
        yield from _check_column(name, table, field, table.column(field.name))
    yield from _check_keys(name, table)


def _check_column(name: str, table: pa.Table, field: schema.Field, column: pa.ChunkedArray) -> Iterator[Incident]:
    if not field.nullable and column.null_count:
        yield from _rows(name, table, "null-value", f"{field.name} is null", pc.is_null(column))
    if field.vocabulary:
        known = pc.is_in(column, value_set=pa.array(schema.names(field.vocabulary), column.type))
        wrong = pc.and_(pc.is_valid(column), pc.invert(known))
        yield from _rows(name, table, "unknown-term", f"{field.name} is not one of {field.vocabulary}", wrong)
    if field.pattern and pa.types.is_string(column.type):
        wrong = pc.invert(pc.fill_null(pc.match_substring_regex(column, field.pattern), True))
        yield from _rows(name, table, "malformed-value", f"{field.name} does not match {field.pattern}", wrong)
    for member in field.items:
        if pa.types.is_list(column.type):
            yield from _check_member(name, field, member, pc.struct_field(pc.list_flatten(column), member.name))


def _check_member(name: str, field: schema.Field, member: schema.Field, values: pa.ChunkedArray) -> Iterator[Incident]:
    if member.vocabulary:
        for value in sorted(set(pc.unique(values).to_pylist()) - set(schema.names(member.vocabulary)), key=str):
            detail = f"{value!r} is not one of {member.vocabulary}"
            yield Incident("unknown-term", f"{name} {field.name}.{member.name}", detail)


def _check_keys(name: str, table: pa.Table) -> Iterator[Incident]:
    keys = list(zip(*(table.column(key).to_pylist() for key in schema.load().tables[name].primary_key), strict=True))
    for before, key in pairwise(keys):
        if before == key:
            yield Incident("duplicate-key", _place(name, key), "the same key stands on two rows")
        elif None not in before and None not in key and before > key:
            yield Incident("rows-unsorted", _place(name, key), f"it stands after {_place(name, before)}")


def _rows(name: str, table: pa.Table, incident: str, detail: str, wrong: pa.ChunkedArray) -> Iterator[Incident]:
    found = pc.indices_nonzero(wrong).to_pylist()
    keys = schema.load().tables[name].primary_key
    for index in found[:MOST_ROWS_NAMED]:
        yield Incident(incident, _place(name, tuple(table.column(key)[index].as_py() for key in keys)), detail)
    if len(found) > MOST_ROWS_NAMED:
        yield Incident(incident, name, f"{detail}: so on {len(found) - MOST_ROWS_NAMED} rows more")


def _place(name: str, key: tuple[object, ...]) -> str:
    return f"{name} {'/'.join(str(part) for part in key)}"
