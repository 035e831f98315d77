"""Checks a table column by column against the schema: types, vocabularies, patterns, keys and order."""

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
    """Yield every column that is missing, unknown, of another type or nullability, and a footer that is not ours."""
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
    if (found.metadata or {}) != wanted.metadata:
        detail = f"its footer says {_words(found.metadata or {})}, the schema {_words(wanted.metadata)}"
        yield Incident("schema-mismatch", place, detail)


def _words(metadata: dict[bytes, bytes]) -> str:
    return ", ".join(sorted(f"{key.decode()} = {value.decode()!r}" for key, value in metadata.items())) or "nothing"


def check_columns(name: str, table: pa.Table, *, with_text: bool = True) -> Iterator[Incident]:
    """Yield every unknown term, malformed value, double key and row out of order; the schema must fit."""
    for field in schema.load().tables[name].fields:
        column = table.column(field.name)
        if field.text and not with_text:
            detail = f"{field.name} holds a value in a corpus without text"
            yield from rows_where(name, table, "text-not-withheld", detail, pc.is_valid(column))
        else:
            yield from _check_column(name, table, field, column)
    yield from _check_keys(name, table)


def _check_column(name: str, table: pa.Table, field: schema.Field, column: pa.ChunkedArray) -> Iterator[Incident]:
    if pa.types.is_list(column.type):
        yield from _check_members(name, table, field, column)
        return
    yield from _check_values(name, table, field, column)
    if pa.types.is_integer(column.type):
        wrong = pc.fill_null(pc.less(column, 0), False)
        yield from rows_where(name, table, "malformed-value", f"{field.name} is negative", wrong)
    if field.pattern:
        wrong = pc.invert(pc.fill_null(pc.match_substring_regex(column, field.pattern), True))
        yield from rows_where(name, table, "malformed-value", f"{field.name} does not match {field.pattern}", wrong)


def _check_members(name: str, table: pa.Table, field: schema.Field, column: pa.ChunkedArray) -> Iterator[Incident]:
    members = pc.list_flatten(column)
    parts = [(f"{name} {field.name}.{item.name}", item, pc.struct_field(members, item.name)) for item in field.items]
    for place, item, values in [*parts, (f"{name} {field.name}", field, members)]:
        if item.vocabulary:
            for value in sorted(set(pc.unique(values).to_pylist()) - set(schema.names(item.vocabulary)), key=str):
                yield Incident("unknown-term", place, f"{value!r} is not one of {item.vocabulary}")


def _check_values(name: str, table: pa.Table, field: schema.Field, column: pa.ChunkedArray) -> Iterator[Incident]:
    if field.vocabulary:
        known = pc.is_in(column, value_set=pa.array(schema.names(field.vocabulary), column.type))
        wrong = pc.and_(pc.is_valid(column), pc.invert(known))
        yield from rows_where(name, table, "unknown-term", f"{field.name} is not one of {field.vocabulary}", wrong)


def _check_keys(name: str, table: pa.Table) -> Iterator[Incident]:
    keys = list(zip(*(table.column(key).to_pylist() for key in schema.load().tables[name].primary_key), strict=True))
    for before, key in pairwise(keys):
        if before == key:
            yield Incident("duplicate-key", place_of(name, key), "the same key stands on two rows")
        elif None not in before and None not in key and before > key:
            yield Incident("rows-unsorted", place_of(name, key), f"it stands after {place_of(name, before)}")


def rows_where(name: str, table: pa.Table, incident: str, detail: str, wrong: pa.ChunkedArray) -> Iterator[Incident]:
    """Yield one incident a row where `wrong` is true, naming its key, at most MOST_ROWS_NAMED of them."""
    found = pc.indices_nonzero(wrong).to_pylist()
    keys = schema.load().tables[name].primary_key
    for index in found[:MOST_ROWS_NAMED]:
        yield Incident(incident, place_of(name, tuple(table.column(key)[index].as_py() for key in keys)), detail)
    if len(found) > MOST_ROWS_NAMED:
        yield Incident(incident, name, f"{detail}: so on {len(found) - MOST_ROWS_NAMED} rows more")


def place_of(name: str, key: tuple[object, ...]) -> str:
    """Return how an incident names a row: the table and the values of its primary key."""
    return f"{name} {'/'.join(str(part) for part in key)}"
