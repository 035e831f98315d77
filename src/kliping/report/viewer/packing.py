"""Packs articles for the report: blocks of columns, with what their view needs and nothing that follows from the rest.

Texts are stored raw, once; what repair, segments, evidence and layers say of them is stored as places. A block holds
columns over its articles: one value an article (SINGLE), or a list of rows an article (ROWS), which is how many rows
each article has, and then the columns of all these rows. A place is two columns, the distance of its start from the end
(or start) before it, and its length: small numbers pack well. The page's `store.js` reads what is written here.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping.report.explain import describe_quotation, describe_role, describe_value
from kliping.report.viewer.tallies import Codes

SINGLE = ("raw", "digest", "encoding", "path", "url")
"""The columns with one value an article. `digest` is the second half of the SHA-256 of its bytes, 0 where the page can
take it of the text in UTF-8."""
ROWS = ("segments", "repairs", "claims", "quotations", "times", "corrections")
"""The columns with a list of rows an article, behind SINGLE."""
CORRECTION = ("what", "start", "end", "old", "new", "who", "when", "note", "source_path", "outcome")
"""What stands in each column of an article's corrections."""
BLOCK_BYTES = 128 * 1024
"""Bytes after which a block of articles ends: to open an article, the page inflates one block."""
ROW_BYTES = 12
"""What a row counts in a block, about what it takes in JSON."""
LEVEL = 5
"""Of deflate: 6 takes half as long again and saves one byte in a hundred."""
SIGNS = bytes(sign for sign in range(0x21, 0x7F) if sign not in b"<&\\")
"""The 91 signs of the packed text: visible ASCII without those that markup and scripts read. Two of them hold 13 bits,
so that three bytes take 3.7 signs, where base64 takes 4."""
BITS = 13
_PAIRS = np.array([[SIGNS[value // len(SIGNS)], SIGNS[value % len(SIGNS)]] for value in range(1 << BITS)], np.uint8)
"""The two signs of each value of 13 bits."""
UTF_8 = "utf-8"
WITHOUT = -1
"""Stands for no margin, and for the start of what no place proves."""
Column = list[Any] | Codes


@dataclass(slots=True)
class Kinds:
    """The distinct combinations of words that rows carry, numbered in the order of their coming."""

    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def numbers(self, *columns: pa.ChunkedArray) -> Codes:
        """Return the number of each row's combination of these columns."""
        coded = [pc.fill_null(column.cast(pa.string()), "").combine_chunks().dictionary_encode() for column in columns]
        joined = np.zeros(len(columns[0]), np.int64)
        for array in coded:
            joined = joined * (len(array.dictionary) + 1) + array.indices.to_numpy(zero_copy_only=False)
        rows, first, place = np.unique(joined, return_index=True, return_inverse=True)
        words = [array.take(pa.array(first)).to_pylist() for array in coded]
        for at in np.argsort(first, kind="stable").tolist():
            self.known.setdefault(tuple(column[at] for column in words), len(self.known))
        numbers = np.array([self.known[tuple(column[at] for column in words)] for at in range(len(rows))], np.int64)
        found: Codes = numbers[place] if len(rows) else joined
        return found

    def told(self, describe: Callable[[str], str], rule: int) -> list[list[str]]:
        """Return every combination, with its rule, the word at place `rule`, told in words behind it."""
        return [[*words, describe(words[rule])] for words in self.known]


@dataclass(slots=True)
class Vocabulary:
    """The kinds of all that articles hold, which their arrays refer to by number."""

    segments: Kinds = field(default_factory=Kinds)
    claims: Kinds = field(default_factory=Kinds)
    quotations: Kinds = field(default_factory=Kinds)
    times: Kinds = field(default_factory=Kinds)
    reasons: Kinds = field(default_factory=Kinds)

    def told(self) -> dict[str, list[list[str]]]:
        """Return the kinds by name, each with its rule in words."""
        return {
            "segments": self.segments.told(describe_role, 1),
            "claims": self.claims.told(describe_value, 1),
            "quotations": self.quotations.told(describe_quotation, 1),
            "times": self.times.told(describe_value, 2),
            "reasons": [list(words) for words in self.reasons.known],
        }


class Packed(NamedTuple):
    """Articles as the page holds them."""

    blocks: tuple[bytes, ...]
    """Each `packed`."""
    counts: tuple[int, ...]
    """How many articles each block has."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Articles in the order in which the page holds them, as columns."""

    values: list[list[Any]]
    """For each of SINGLE, one an article."""
    rows: list[Rows]
    """For each of ROWS."""
    sizes: Codes
    """How much each article counts in a block."""

    def blocks(self) -> Iterator[tuple[int, int]]:
        """Yield the first article of each block and the one behind its last."""
        first, size = 0, 0
        for at, more in enumerate(self.sizes.tolist(), start=1):
            size += more
            if size >= BLOCK_BYTES:
                yield first, at
                first, size = at, 0
        if first < len(self.sizes):
            yield first, len(self.sizes)

    def packed(self, first: int, last: int) -> bytes:
        """Return a block of these articles. Texts come first, then all else: each packs better among its like."""
        columns: list[list[Any]] = [values[first:last] for values in self.values]
        columns += [rows.of(first, last) for rows in self.rows]
        return packed(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode())


class Rows(NamedTuple):
    """The rows of all articles, one article after the other."""

    bounds: Codes
    """Where the rows of each article begin, and where the last ones end."""
    columns: Sequence[Column]

    def of(self, first: int, last: int) -> list[Any]:
        """Return the numbers of rows of the articles from first to last, and the columns of these rows."""
        start, end = self.bounds[first], self.bounds[last]
        parts = (column[start:end] for column in self.columns)
        lists = [part if isinstance(part, list) else part.tolist() for part in parts]
        return [np.diff(self.bounds[first : last + 1]).tolist(), *lists] if end > start else []


def pack(portions: Iterable[Portion]) -> Packed:
    """Return the blocks of these articles, in their order; packed on all cores, which changes no byte."""
    with ThreadPoolExecutor() as pool:
        waiting = [
            (pool.submit(portion.packed, first, last), last - first)
            for portion in portions
            for first, last in portion.blocks()
        ]
    return Packed(tuple(block.result() for block, _ in waiting), tuple(count for _, count in waiting))


def packed(data: bytes) -> bytes:
    """Return `data` as raw deflate, in SIGNS: 13 bits in two of them, the last ones filled up with zeros.

    The first sign says how many bytes of zeros these make, none or one.
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = np.frombuffer(packer.compress(data) + packer.flush(), np.uint8)
    count = -(-8 * len(deflated) // BITS)
    fill = BITS * count - 8 * len(deflated)
    padded = np.zeros(-(-len(deflated) // BITS) * BITS, np.uint32)
    padded[: len(deflated)] = deflated
    octets = [*padded.reshape(-1, BITS).T, np.uint32(0)]
    values = np.empty((len(padded) // BITS, 8), np.uint32)
    for at in range(8):
        first, skipped = divmod(BITS * at, 8)
        three = octets[first] << 16 | octets[first + 1] << 8 | octets[first + 2]
        values[:, at] = three >> (24 - BITS - skipped) & (1 << BITS) - 1
    return SIGNS[fill // 8 : fill // 8 + 1] + _PAIRS[values.ravel()[:count]].tobytes()


def portion_of(tables: Mapping[str, pa.Table], article_ids: Sequence[str], vocabulary: Vocabulary) -> Portion:
    """Return the articles with these ids, in this order, out of the tables that hold them.

    Columns that are null because the text is withheld, and tables that are not there, give nothing.
    """
    wanted = pa.array(article_ids, pa.string())
    own = {name: _Own.of(table, wanted) for name, table in tables.items()}
    raw = own["raw"].table
    known = pc.and_(pc.equal(raw["encoding"], UTF_8), raw["text"].is_valid())
    values = [
        raw["text"].to_pylist(),
        _or_zero(pc.utf8_slice_codeunits(raw["sha256"], 32), known),
        raw["encoding"].to_pylist(),
        raw["source_path"].to_pylist(),
        raw["url"].to_pylist(),
    ]
    rows = [
        _segments(own["segments"], vocabulary),
        _repairs(own["segments"], vocabulary),
        _claims(own["evidence"], vocabulary),
        _quotations(own.get("quotations"), len(wanted), vocabulary),
        _times(own.get("time_expressions"), own["articles"].table, vocabulary),
        _corrections(own.get("corrections"), len(wanted)),
    ]
    sizes = pc.fill_null(pc.binary_length(raw["text"]), 0).to_numpy().astype(np.int64)
    return Portion(values, rows, sizes + ROW_BYTES * sum(np.diff(each.bounds) for each in rows))


class _Own(NamedTuple):
    """A table with the rows of some articles alone, in the order of these articles."""

    table: pa.Table
    owner: Codes
    """For each row the number of its article."""
    articles: int
    """How many articles there are."""

    @classmethod
    def of(cls, table: pa.Table, wanted: pa.Array) -> _Own:
        owner = pc.fill_null(pc.index_in(table["article_id"], value_set=wanted), -1).to_numpy().astype(np.int64)
        order = np.argsort(owner, kind="stable")
        order = order[np.searchsorted(owner[order], 0) :]
        return cls(table.take(pa.array(order)), owner[order], len(wanted))

    def rows(self, *columns: Column) -> Rows:
        """Return columns of this table as rows of the articles."""
        return _rows(self.owner, self.articles, columns)


def _rows(owner: Codes, count: int, columns: Sequence[Column]) -> Rows:
    return Rows(np.searchsorted(owner, np.arange(count + 1)), columns)


def _none(count: int) -> Rows:
    return _rows(np.zeros(0, np.int64), count, ())


def _integers(column: pa.ChunkedArray, missing: int = 0) -> Codes:
    found: Codes = pc.fill_null(column, missing).to_numpy().astype(np.int64)
    return found


def _steps(values: Codes, before: Codes, owner: Codes) -> Codes:
    """Each value less what stands in `before` for the row above; in the first row of an article, the value itself."""
    above = np.concatenate(([0], before[:-1])) if len(before) else before
    fresh = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else owner.astype(bool)
    return values - np.where(fresh, 0, above)


def _segments(own: _Own, vocabulary: Vocabulary) -> Rows:
    """Segments with their margins: WITHOUT where knowledge decided, or there is no such column."""
    table = own.table
    starts, ends = _integers(table["start"]), _integers(table["end"])
    kinds = vocabulary.segments.numbers(table["role"], table["rule"])
    known = "margin" in table.column_names
    margins = _integers(table["margin"], WITHOUT) if known else np.full(table.num_rows, WITHOUT)
    return own.rows(_steps(starts, ends, own.owner), ends - starts, kinds, margins)


def _repairs(own: _Own, vocabulary: Vocabulary) -> Rows:
    lists = own.table["repairs"].combine_chunks()
    rows = pc.list_flatten(lists)
    if not len(rows):
        return _none(own.articles)
    owner = own.owner[pc.list_parent_indices(lists).to_numpy()]
    starts, ends = (pc.struct_field(rows, name).to_numpy().astype(np.int64) for name in ("start", "end"))
    reasons = vocabulary.reasons.numbers(pa.chunked_array([pc.struct_field(rows, "reason")]))
    after = pc.struct_field(rows, "after").to_pylist()
    return _rows(owner, own.articles, (_steps(starts, ends, owner), ends - starts, after, reasons))


def _claims(own: _Own, vocabulary: Vocabulary) -> Rows:
    """Values with their proof: the start WITHOUT where nothing in the text is it, the value 0 where it is the quote."""
    table = own.table
    starts = _integers(table["start"], WITHOUT)
    sizes = _integers(table["end"], WITHOUT) - starts
    kinds = vocabulary.claims.numbers(table["field"], table["rule"], table["accepted"])
    same = pc.fill_null(pc.equal(table["value"], table["quote"]), False)
    return own.rows(starts, sizes, kinds, _or_zero(table["value"], same))


def _quotations(own: _Own | None, count: int, vocabulary: Vocabulary) -> Rows:
    """Quotations; the cue is counted from their end, the speaker from that of the cue; a name 0 is the speaker."""
    if own is None:
        return _none(count)
    table = own.table
    starts, before = _integers(table["start"]), _integers(table["end"])
    columns: list[Column] = [_steps(starts, starts, own.owner), before - starts]
    columns.append(vocabulary.quotations.numbers(table["kind"], table["rule"]))
    for name in ("cue", "speaker"):
        begins, ends = _integers(table[f"{name}_start"]), _integers(table[f"{name}_end"])
        columns += [np.where(ends > begins, begins - before, 0), ends - begins]
        before = np.where(ends > begins, ends, before)
    same = pc.fill_null(pc.equal(table["speaker_name"], table["speaker"]), False)
    return own.rows(*columns, _or_zero(table["speaker_name"], same))


def _times(own: _Own | None, articles: pa.Table, vocabulary: Vocabulary) -> Rows:
    """Time expressions, with the day that they are counted from: 0 where it is that of publication."""
    if own is None:
        return _none(articles.num_rows)
    table = own.table
    starts = _integers(table["start"])
    published = articles["published_date"].combine_chunks().take(pa.array(own.owner)).cast(pa.string())
    anchors = table["anchor_date"].combine_chunks().cast(pa.string())
    return own.rows(
        _steps(starts, starts, own.owner),
        _integers(table["end"]) - starts,
        vocabulary.times.numbers(table["type"], table["granularity"], table["rule"], table["reason"]),
        table["value"].to_pylist(),
        _or_zero(anchors, pc.fill_null(pc.equal(anchors, published), False)),
    )


def _corrections(own: _Own | None, count: int) -> Rows:
    """What people corrected, in the order in which it was applied; old and new as JSON text, the time as ISO text."""
    if own is None:
        return _none(count)
    moments = pc.strftime(own.table["when"].cast(pa.timestamp("ms")), "%Y-%m-%dT%H:%M:%SZ")
    return own.rows(*((moments if name == "when" else own.table[name]).to_pylist() for name in CORRECTION))


def _or_zero(column: pa.ChunkedArray | pa.Array, same: pa.ChunkedArray | pa.Array) -> list[Any]:
    """The values of a column, 0 where `same` says that another column has them already."""
    return [0 if known else value for value, known in zip(column.to_pylist(), same.to_pylist(), strict=True)]
