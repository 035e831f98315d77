"""`rows-v1`: digests of content that do not depend on pyarrow's version, codecs, row groups or shards.

A row is written as canonical JSON: sorted keys, no spaces, non-ASCII kept, dates as ISO 8601, instants as
`2023-10-18T04:05:06.000Z`, bytes as Base64; floats are refused (the schema stores integers). A line is the row's id, a
tab, the SHA-256 of that JSON in hex, a newline. The root is the SHA-256 of all lines sorted bytewise, so that
`LC_ALL=C sort rows.tsv | sha256sum` recomputes it. A column root is the same over the JSON of one value.

The id of a row is its `article_id`, followed by `/` and its `position` in eight digits where an article has many rows.
Tables with another key take the first 32 hex digits of its SHA-256 instead: of its value (`source_path`, `outlet_id`),
or of several as a JSON array. So every line of a table has the same width.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kliping import schema
from kliping.corpus.merge import merged_blocks

BYTES_AT_ONCE = 1 << 21
"""Size of the rows that are turned into JSON together: in the processor's cache, far below the 2 GiB that an Arrow
string array may hold."""
_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_ESCAPES = {code: encode_basestring(chr(code))[1:-1].encode() for code in (*range(0x20), _QUOTE, _BACKSLASH)}
"""The bytes that JSON does not take as they are, and what stands for them."""
_ADDED = np.array([len(_ESCAPES.get(code, b"x")) - 1 for code in range(256)])
"""By how many bytes an escape is longer."""


def row_json(table: pa.Table) -> list[bytes]:
    """Return the canonical JSON of every row, UTF-8, in the order of the table.

    Raises TypeError where a column holds floats.
    """
    rows: list[bytes] = []
    for batch in table.to_batches(max_chunksize=max(1, BYTES_AT_ONCE * table.num_rows // max(1, table.nbytes))):
        rows += (
            _objects({name: batch.column(name) for name in batch.schema.names}, len(batch))
            .cast(pa.binary())
            .to_pylist()
        )
    return rows


def row_ids(config: str, table: pa.Table) -> pa.ChunkedArray:
    """Return the id of every row, in the order of the table."""
    key = schema.load().tables[config].primary_key
    if key == schema.RANKED:
        position = pc.utf8_lpad(table["position"].cast(pa.string()), 8, "0")
        return pc.binary_join_element_wise(table["article_id"], position, "/")
    if key == ("article_id",):
        return table["article_id"]
    plain = len(key) == 1 and pa.types.is_string(table[key[0]].type)
    values = [value.encode() for value in table[key[0]].to_pylist()] if plain else _arrays(table.select(key))
    digests = [hashlib.sha256(value).hexdigest()[:32] for value in values]
    return pa.chunked_array([pa.array(digests, pa.string())])


def _arrays(keys: pa.Table) -> list[bytes]:
    """One canonical JSON array a row."""
    columns = [pa.chunked_array([_json(chunk) for chunk in column.chunks], pa.string()) for column in keys.columns]
    joined = pc.binary_join_element_wise(*columns, ",")
    return [f"[{values}]".encode() for values in joined.to_pylist()]


def row_lines(config: str, table: pa.Table) -> list[bytes]:
    """Return the lines of all rows, sorted bytewise."""
    return _lines(row_ids(config, table), _hex_digests(row_json(table)))


def column_lines(config: str, column: str, table: pa.Table) -> list[bytes]:
    """Return the lines of one column's values, sorted bytewise."""
    return _lines(row_ids(config, table), _column_digests(table[column]))


def _column_digests(column: pa.ChunkedArray) -> pa.Array:
    """The SHA-256 in hex of every value's JSON."""
    texts = pa.chunked_array([_json(chunk) for chunk in column.chunks], pa.string()).combine_chunks()
    values = texts.dictionary_encode()  # a column repeats itself: each of its values is hashed once
    return _hex_digests(values.dictionary.cast(pa.binary()).to_pylist()).take(values.indices)


def root(lines: Iterable[bytes]) -> str:
    """Return the root over lines that are sorted bytewise."""
    return hashlib.sha256(b"".join(lines)).hexdigest()


def content_root(config: str, table: pa.Table) -> str:
    """Return the root over a whole table, whatever the order of its rows."""
    return root(row_lines(config, table))


def column_roots(config: str, path: Path) -> dict[str, str]:
    """Return the root of every column of a Parquet file, with one row group of it in memory at a time."""
    key = schema.load().tables[config].primary_key
    with pq.ParquetFile(path) as file:
        return _roots_in_order(config, file) or {
            name: root(
                sorted(line for group in _groups(file, [*key, name]) for line in column_lines(config, name, group))
            )
            for name in file.schema_arrow.names
        }


def _roots_in_order(config: str, file: pq.ParquetFile) -> dict[str, str] | None:
    """The same of a file whose rows come in the order of their ids, read once and with no line kept; else None."""
    roots = {name: hashlib.sha256() for name in file.schema_arrow.names}
    last = ""
    for group in _groups(file, file.schema_arrow.names):
        ids = row_ids(config, group).combine_chunks()
        if not (last < ids[0].as_py() and pc.all(pc.less(ids[:-1], ids[1:]), min_count=0).as_py()):
            return None
        last = ids[-1].as_py()
        for name, found in roots.items():
            lines = pc.binary_join_element_wise(ids, "\t", _column_digests(group[name]), "\n", "")
            found.update(b"".join(lines.cast(pa.binary()).to_pylist()))
    return {name: found.hexdigest() for name, found in roots.items()}


def _groups(file: pq.ParquetFile, columns: Sequence[str]) -> Iterator[pa.Table]:
    """The row groups, of which these columns are read."""
    return (file.read_row_group(number, columns) for number in range(file.num_row_groups))


def merged_root(runs: Sequence[Path]) -> str:
    """Return the root over the lines in several files, each sorted, as one shard writes them.

    Raises ValueError where two of the lines have the same id: the same article in two shards.
    """
    digest = hashlib.sha256()
    width = next((_line_width(path) for path in runs if path.stat().st_size), 0)
    previous = b""
    for block in merged_blocks(runs, width):
        lines = np.frombuffer(block, dtype=f"S{width}")
        ids = np.append(previous, lines.astype(f"S{width - 66}"))  # without tab, 64 hex digits and newline
        twins = np.flatnonzero(ids[1:] == ids[:-1])
        if len(twins):
            raise ValueError(f"two rows have the id {ids[twins[0]].decode()}")
        previous = ids[-1]
        digest.update(block)
    return digest.hexdigest()


def _line_width(path: Path) -> int:
    with path.open("rb") as stream:
        return len(stream.readline())


def _hex_digests(values: Sequence[bytes]) -> pa.Array:
    """The SHA-256 of each in hex, written for all of them at once."""
    sha256 = hashlib.sha256
    digits = b"".join([sha256(value).digest() for value in values]).hex().encode()
    ends = np.arange(len(values) + 1, dtype=np.int32) * 64
    return pa.Array.from_buffers(pa.string(), len(values), [None, pa.py_buffer(ends), pa.py_buffer(digits)])


def _lines(ids: pa.ChunkedArray, digests: pa.Array) -> list[bytes]:
    lines = pc.binary_join_element_wise(ids, "\t", digests, "\n", "")
    return sorted(lines.cast(pa.binary()).to_pylist())


def _objects(columns: dict[str, pa.Array], count: int) -> pa.Array:
    """One JSON object a row; text that all rows share is laid between the columns as it is."""
    parts: list[pa.Array | str] = [""]
    for name in sorted(columns):
        opening = "{" if len(parts) == 1 and not parts[0] else ","
        parts = _joined(parts, [f'{opening}"{name}":', *_parts(columns[name])])
    parts = _joined(parts, ["}"])
    return pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else pa.array(parts * count, pa.string())


def _joined(parts: list[pa.Array | str], more: list[pa.Array | str]) -> list[pa.Array | str]:
    for part in more:
        if isinstance(part, str) and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _parts(values: pa.Array) -> list[pa.Array | str]:
    """What to join for the canonical JSON of every value of a column: arrays, and text that all values share."""
    if values.null_count == len(values):
        return ["null"]
    if pa.types.is_list(values.type) and not values.null_count and not len(values.flatten()):
        return ["[]"]
    if pa.types.is_string(values.type) and not values.null_count:
        return ['"', _escaped(values), '"']
    return [_json(values)]


def _json(values: pa.Array) -> pa.Array:
    """The canonical JSON of every value of a column."""
    form = values.type
    if pa.types.is_struct(form):
        return _objects({field.name: values.field(field.name) for field in form}, len(values))
    if pa.types.is_integer(form) or pa.types.is_boolean(form):
        texts = values.cast(pa.string())
    elif pa.types.is_list(form):
        texts = _json_lists(values)
    else:
        texts = pc.binary_join_element_wise('"', _bare(values), '"', "")
    return pc.if_else(values.is_valid(), texts, "null") if values.null_count else texts


def _bare(values: pa.Array) -> pa.Array:
    """What stands between the quotes for every value that is written as a string."""
    form = values.type
    if pa.types.is_string(form):
        return _escaped(values)
    if pa.types.is_date32(form):
        return values.cast(pa.string())
    if pa.types.is_timestamp(form):
        instants = values.cast(pa.int64()).cast(pa.timestamp("ms")).cast(pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(instants, " ", "T"), "Z", "")
    if pa.types.is_binary(form):
        coded = [None if value is None else base64.b64encode(value).decode() for value in values.to_pylist()]
        return pa.array(coded, pa.string())
    raise TypeError(f"rows-v1 has no form for {form}")


def _escaped(values: pa.Array) -> pa.Array:
    """Strings with JSON's escapes. They are put into the bytes of all values at once, where they are rare, and the
    offsets are moved by as much as the escapes before them are longer than what they stand for."""
    _, offset_buffer, data_buffer = values.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    first, last = offsets[[0, -1]].tolist() if len(offsets) else (0, 0)
    codes = np.frombuffer(data_buffer or b"", dtype=np.uint8)[first:last]
    places = np.flatnonzero((codes < 0x20) | (codes == _QUOTE) | (codes == _BACKSLASH))
    if not len(places):
        return values
    found = codes[places]
    added = np.append(0, np.cumsum(_ADDED[found]))
    offsets = offsets - first + added[np.searchsorted(places, offsets - first)]
    data = codes.tobytes()
    for plain in sorted(set(found.tolist()), key=lambda code: code != _BACKSLASH):
        data = data.replace(bytes([plain]), _ESCAPES[plain])
    validity = values.is_valid().buffers()[1] if values.null_count else None
    buffers = [validity, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers, values.null_count)


def _json_lists(values: pa.Array) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(values), 0).to_numpy(zero_copy_only=False)
    offsets = pa.array(np.concatenate(([0], np.cumsum(lengths))).astype(np.int32))
    members = pa.ListArray.from_arrays(offsets, _json(values.flatten()))
    return pc.binary_join_element_wise("[", pc.binary_join(members, ","), "]", "")
