"""Packs articles for the report: one JSON array each, with what its view needs and nothing that follows from the rest.

Texts are stored raw, once; what repair, segments, evidence and layers say of them is stored as places. A list of places
is two columns, the distance of each start from the end (or start) before it, and the length: small numbers pack well.
The page's `store.js` reads what is written here, by the names in ARTICLE.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kliping.report.explain import describe_quotation, describe_role, describe_value
from kliping.report.viewer.tallies import Codes, owners

ARTICLE = (
    "digest", "encoding", "path", "url", "segments", "repairs", "claims", "quotations", "times", "margins",
    "weighed", "corrections",
)  # fmt: skip
"""What stands at each place of an article's array; its raw text stands apart. `digest` is the second half of the
SHA-256 of its bytes, 0 where the page can take it of the text in UTF-8."""
CORRECTION = ("what", "start", "end", "old", "new", "who", "when", "note", "source_path", "outcome")
"""What stands in each column of an article's corrections."""
BLOCK_BYTES = 128 * 1024
"""JSON bytes after which a block of articles ends: to open an article, the page inflates one block."""
LEVEL = 6
"""Of deflate: 9 takes a quarter longer and saves two bytes in a thousand."""
SIGNS = bytes(sign for sign in range(0x21, 0x7F) if sign not in b"<&\\")
"""The 91 signs of the packed text: visible ASCII without those that markup and scripts read. Two of them hold 13 bits,
so that three bytes take 3.7 signs, where base64 takes 4."""
BITS = 13
UTF_8 = "utf-8"


@dataclass(slots=True)
class Kinds:
    """The distinct combinations of words that rows carry, numbered in the order of their coming."""

    known: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def numbers(self, *columns: pa.ChunkedArray) -> list[int]:
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
        found: list[int] = numbers[place].tolist() if len(rows) else []
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
    """Articles as the page holds them: blocks of JSON, deflated and in base64, and how many articles each has."""

    blocks: tuple[bytes, ...]
    counts: tuple[int, ...]


class ArticleJson(NamedTuple):
    """An article as JSON: its raw text, and the array of all else."""

    raw: bytes
    rest: bytes


def pack(articles: Iterable[ArticleJson]) -> Packed:
    """Return blocks of these articles, in their order; packed on all cores, which changes no byte."""
    with ThreadPoolExecutor() as pool:
        waiting = [(pool.submit(_block, group), len(group)) for group in _groups(articles)]
    return Packed(tuple(block.result() for block, _ in waiting), tuple(count for _, count in waiting))


def _block(group: Sequence[ArticleJson]) -> bytes:
    """Texts first, then all else: each packs better among its like."""
    raws, rests = (b",\n".join(part) for part in zip(*group, strict=True))
    return packed(b"[[" + raws + b"],[" + rests + b"]]")


def packed(data: bytes) -> bytes:
    """Return `data` as raw deflate, in SIGNS: 13 bits in two of them, the last ones filled up with zeros.

    The first sign says how many bytes of zeros these make, none or one.
    """
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    bits = np.unpackbits(np.frombuffer(packer.compress(data) + packer.flush(), np.uint8))
    fill = -len(bits) % BITS
    rows = np.concatenate([bits, np.zeros(fill, np.uint8)]).reshape(-1, BITS).astype(np.float32)
    values = (rows @ np.exp2(np.arange(BITS - 1, -1, -1, dtype=np.float32))).astype(np.int32)
    pairs = np.stack(np.divmod(values, len(SIGNS)), axis=1)
    return SIGNS[fill // 8 : fill // 8 + 1] + bytes(np.frombuffer(SIGNS, np.uint8)[pairs.ravel()])


def _groups(articles: Iterable[ArticleJson]) -> Iterator[list[ArticleJson]]:
    group: list[ArticleJson] = []
    size = 0
    for article in articles:
        group.append(article)
        size += len(article.raw) + len(article.rest)
        if size >= BLOCK_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def article_json(
    tables: Mapping[str, pa.Table], vocabulary: Vocabulary, weighed: Mapping[str, Sequence[object]]
) -> Iterator[ArticleJson]:
    """Yield the JSON of each article of these tables, in the order of `articles`.

    `weighed` has for some article_ids what the model weighed, see `weighing`. Columns that are null because the text is
    withheld, and tables that are not there, give nothing.
    """
    raw = tables["raw"]
    ids = raw["article_id"]
    columns = [
        _or_zero(
            pc.utf8_slice_codeunits(raw["sha256"], 32),
            pc.and_(pc.equal(raw["encoding"], UTF_8), raw["text"].is_valid()),
        ),
        raw["encoding"].to_pylist(),
        raw["source_path"].to_pylist(),
        raw["url"].to_pylist(),
        _segments(tables["segments"], ids, vocabulary),
        _repairs(tables["segments"], ids, vocabulary),
        _claims(tables["evidence"], ids, vocabulary),
        _quotations(tables.get("quotations"), ids, vocabulary),
        _times(tables.get("time_expressions"), tables["articles"], ids, vocabulary),
        _margins(tables["segments"], ids),
        [weighed.get(article_id, 0) for article_id in ids.to_pylist()],
        _corrections(tables.get("corrections"), ids),
    ]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for text, rest in zip(raw["text"].to_pylist(), zip(*columns, strict=True), strict=True):
        yield ArticleJson(encode(text).encode(), encode(rest).encode())


Columns = Sequence[list[Any]]


def _by_article(owner: Codes, count: int, columns: Columns) -> list[list[list[Any]]]:
    """The slices of columns that belong to each article: a list of columns an article, empty where it has no row."""
    bounds = np.searchsorted(owner, np.arange(count + 1)).tolist()
    return [[column[start:end] for column in columns] if end > start else [] for start, end in pairwise(bounds)]


def _integers(column: pa.ChunkedArray, missing: int = 0) -> Codes:
    found: Codes = pc.fill_null(column, missing).to_numpy().astype(np.int64)
    return found


def _steps(values: Codes, before: Codes, owner: Codes) -> list[int]:
    """Each value less what stands in `before` for the row above; in the first row of an article, the value itself."""
    above = np.concatenate(([0], before[:-1])) if len(before) else before
    fresh = np.concatenate(([True], owner[1:] != owner[:-1])) if len(owner) else owner.astype(bool)
    steps: list[int] = (values - np.where(fresh, 0, above)).tolist()
    return steps


def _segments(table: pa.Table, ids: pa.ChunkedArray, vocabulary: Vocabulary) -> list[Any]:
    owner = owners(table, ids)
    starts, ends = _integers(table["start"]), _integers(table["end"])
    columns = [
        _steps(starts, ends, owner),
        (ends - starts).tolist(),
        vocabulary.segments.numbers(table["role"], table["rule"]),
    ]
    return _by_article(owner, len(ids), columns)


def _margins(table: pa.Table, ids: pa.ChunkedArray) -> list[Any]:
    """The margins of the segments by article, null where knowledge decided; nothing where there is no such column."""
    if "margin" not in table.column_names:
        return [0] * len(ids)
    found = _by_article(owners(table, ids), len(ids), [table["margin"].to_pylist()])
    return [columns[0] if columns else [] for columns in found]


def _repairs(table: pa.Table, ids: pa.ChunkedArray, vocabulary: Vocabulary) -> list[Any]:
    lists = table["repairs"].combine_chunks()
    rows = pc.list_flatten(lists)
    if not len(rows):
        return [[]] * len(ids)
    owner = owners(table, ids)[pc.list_parent_indices(lists).to_numpy()]
    starts, ends = (pc.struct_field(rows, name).to_numpy().astype(np.int64) for name in ("start", "end"))
    columns = [
        _steps(starts, ends, owner),
        (ends - starts).tolist(),
        pc.struct_field(rows, "after").to_pylist(),
        vocabulary.reasons.numbers(pa.chunked_array([pc.struct_field(rows, "reason")])),
    ]
    return _by_article(owner, len(ids), columns)


def _claims(table: pa.Table, ids: pa.ChunkedArray, vocabulary: Vocabulary) -> list[Any]:
    """Values with their proof: the start -1 where nothing in the text is it, the value 0 where it is the quote."""
    owner = owners(table, ids)
    starts = _integers(table["start"], -1)
    same = pc.fill_null(pc.equal(table["value"], table["quote"]), False)
    columns = [
        starts.tolist(),
        (_integers(table["end"], -1) - starts).tolist(),
        vocabulary.claims.numbers(table["field"], table["rule"], table["accepted"]),
        _or_zero(table["value"], same),
    ]
    return _by_article(owner, len(ids), columns)


def _quotations(table: pa.Table | None, ids: pa.ChunkedArray, vocabulary: Vocabulary) -> list[Any]:
    """Quotations; the cue is counted from their end, the speaker from that of the cue; a name 0 is the speaker."""
    if table is None:
        return [[]] * len(ids)
    owner = owners(table, ids)
    starts = _integers(table["start"])
    columns = [
        _steps(starts, starts, owner),
        (_integers(table["end"]) - starts).tolist(),
        vocabulary.quotations.numbers(table["kind"], table["rule"]),
    ]
    before = _integers(table["end"])
    for name in ("cue", "speaker"):
        begins, ends = _integers(table[f"{name}_start"]), _integers(table[f"{name}_end"])
        columns += [np.where(ends > begins, begins - before, 0).tolist(), (ends - begins).tolist()]
        before = np.where(ends > begins, ends, before)
    same = pc.fill_null(pc.equal(table["speaker_name"], table["speaker"]), False)
    columns.append(_or_zero(table["speaker_name"], same))
    return _by_article(owner, len(ids), columns)


def _times(table: pa.Table | None, articles: pa.Table, ids: pa.ChunkedArray, vocabulary: Vocabulary) -> list[Any]:
    """Time expressions, with the day that they are counted from: 0 where it is that of publication."""
    if table is None:
        return [[]] * len(ids)
    owner = owners(table, ids)
    starts = _integers(table["start"])
    published = articles["published_date"].combine_chunks().take(pa.array(owner)).cast(pa.string())
    anchors = table["anchor_date"].combine_chunks().cast(pa.string())
    columns = [
        _steps(starts, starts, owner),
        (_integers(table["end"]) - starts).tolist(),
        vocabulary.times.numbers(table["type"], table["granularity"], table["rule"], table["reason"]),
        table["value"].to_pylist(),
        _or_zero(anchors, pc.fill_null(pc.equal(anchors, published), False)),
    ]
    return _by_article(owner, len(ids), columns)


def _corrections(table: pa.Table | None, ids: pa.ChunkedArray) -> list[Any]:
    """What people corrected, in the order in which it was applied; old and new as JSON text, the time as ISO text."""
    if table is None:
        return [[]] * len(ids)
    columns = [table[name].to_pylist() for name in CORRECTION if name != "when"]
    columns.insert(
        CORRECTION.index("when"), pc.strftime(table["when"].cast(pa.timestamp("ms")), "%Y-%m-%dT%H:%M:%SZ").to_pylist()
    )
    return _by_article(owners(table, ids), len(ids), columns)


def _or_zero(column: pa.ChunkedArray | pa.Array, same: pa.ChunkedArray | pa.Array) -> list[Any]:
    """The values of a column, 0 where `same` says that another column has them already."""
    return [0 if known else value for value, known in zip(column.to_pylist(), same.to_pylist(), strict=True)]
