"""langdetect's own profiles as arrays: which n-gram is which row, and how likely each language is to show it.

Read at first use from the files of the installed langdetect package (1.0.9), so nothing of its data is copied into
kliping. The profiles are taken in sorted order of their file names; langdetect itself takes them in the order of
`os.listdir`, which moves the last bits of its probabilities from one machine to the next.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from langdetect.utils import unicode_block
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

CODE_POINTS = 0x110000
NARROW_BITS = 6
NARROW = 63
"""Classes below this one (the space, A-Z, a-z and a few others) are told apart in the dense table, all others not."""
NARROW_CODES = 1 << 3 * NARROW_BITS
"""Rows of the dense table."""
SLOT_BITS = 2
SLOTS = 1 << SLOT_BITS
"""Columns of the dense table: n-grams of one, two and three characters, and one that is empty, for speed."""
BITS = 13
"""A class fits into this many bits, so an n-gram of three fits into an int64."""
NORMALIZED_BLOCKS = frozenset(
    {
        unicode_block.UNICODE_BASIC_LATIN,
        unicode_block.UNICODE_LATIN_1_SUPPLEMENT,
        unicode_block.UNICODE_LATIN_EXTENDED_B,
        unicode_block.UNICODE_GENERAL_PUNCTUATION,
        unicode_block.UNICODE_ARABIC,
        unicode_block.UNICODE_LATIN_EXTENDED_ADDITIONAL,
        unicode_block.UNICODE_HIRAGANA,
        unicode_block.UNICODE_KATAKANA,
        unicode_block.UNICODE_BOPOMOFO,
        unicode_block.UNICODE_BOPOMOFO_EXTENDED,
        unicode_block.UNICODE_CJK_UNIFIED_IDEOGRAPHS,
        unicode_block.UNICODE_HANGUL_SYLLABLES,
    }
)
"""The only blocks in which `NGram.normalize` may change a character."""

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Profiles:
    """All that the detector looks up. A row number is -1 where langdetect takes no n-gram."""

    languages: tuple[str, ...]
    likelihood: NDArray[np.float64]
    """One row an n-gram, one column a language: its share among the language's n-grams of that length."""
    char_class: NDArray[np.uint16]
    """Code point -> class of its normalised character; 0 is the space, unknown characters have the last two classes."""
    narrow_class: NDArray[np.uint8]
    """The same, but `NARROW` for every class from there on."""
    upper: NDArray[np.bool_]
    """Class -> whether the normalised character is upper case."""
    single: Rows
    """Class -> row of the one-character n-gram."""
    codes: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Sorted codes of the n-grams of two and of three characters, `BITS` bits a class, the first character highest."""
    rows: tuple[Rows, Rows]
    """The row of each of `codes`."""
    dense: Rows
    """The n-grams that end at a place, `SLOTS` columns, by the narrow classes of its last three characters,
    `NARROW_BITS` each; the rules on capitals and spaces are in it."""
    taken: NDArray[np.uint32]
    """A row of the dense table -> `SLOTS` bytes, 1 where it has an n-gram."""


@cache
def load() -> Profiles:
    """The tables, made once a process. Raises FileNotFoundError where langdetect came without its profiles."""
    profiles = _read()
    index: dict[str, int] = {}
    for profile in profiles:
        for gram in profile["freq"]:
            index.setdefault(gram, len(index))
    classes = _classes(index)
    char_class, upper = _class_tables(classes)
    single, codes, rows = _coded(index, classes)
    dense = _dense(single, codes, rows, upper)
    return Profiles(
        languages=tuple(profile["name"] for profile in profiles),
        likelihood=_likelihood(profiles, index),
        char_class=char_class,
        narrow_class=np.minimum(char_class, NARROW).astype(np.uint8),
        upper=upper,
        single=single,
        codes=codes,
        rows=rows,
        dense=dense,
        taken=(dense >= 0).view(np.uint32).ravel(),
    )


def _read() -> list[dict[str, Any]]:
    folder = resources.files("langdetect") / "profiles"
    files = sorted((f for f in folder.iterdir() if not f.name.startswith(".")), key=lambda f: f.name)
    return [json.loads(f.read_text("utf-8")) for f in files if f.is_file()]


def _likelihood(profiles: list[dict[str, Any]], index: dict[str, int]) -> NDArray[np.float64]:
    table = np.zeros((len(index), len(profiles)))
    for column, profile in enumerate(profiles):
        grams = profile["freq"]
        totals = np.array(profile["n_words"], dtype=np.float64)
        lengths = np.fromiter(map(len, grams), dtype=np.intp, count=len(grams))
        counts = np.fromiter(grams.values(), dtype=np.float64, count=len(grams))
        places = np.fromiter(map(index.__getitem__, grams), dtype=np.intp, count=len(grams))
        table[places, column] = counts / totals[lengths - 1]
    return table


def _classes(index: dict[str, int]) -> dict[str, int]:
    """Every character of an n-gram -> its class: the space first, then the ASCII letters, then the others."""
    letters = set().union(*index) - {" "}
    ordered = [" ", *sorted(letters, key=lambda c: (not c.isascii(), c))]
    return {character: number for number, character in enumerate(ordered)}


def _class_tables(classes: dict[str, int]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    is_upper = np.strings.isupper(np.arange(CODE_POINTS, dtype=np.uint32).view("U1"))
    table = np.where(is_upper, len(classes) + 1, len(classes)).astype(np.uint16)
    known = np.fromiter(map(ord, classes), dtype=np.intp)
    table[known] = np.arange(len(classes))
    upper = np.append(is_upper[known], [False, True])
    normalized = np.arange(CODE_POINTS)
    for name, first, last in unicode_block._unicode_blocks:
        if name in NORMALIZED_BLOCKS:
            normalized[first : last + 1] = [ord(NGram.normalize(chr(c))) for c in range(first, last + 1)]
    return table[normalized], upper


def _coded(
    index: dict[str, int], classes: dict[str, int]
) -> tuple[Rows, tuple[NDArray[np.int64], NDArray[np.int64]], tuple[Rows, Rows]]:
    single = np.full(len(classes) + 2, -1, dtype=np.int32)
    pairs: dict[int, int] = {}
    triples: dict[int, int] = {}
    for gram, row in index.items():
        if len(gram) == 1:
            single[classes[gram]] = row
        elif len(gram) == 2:
            pairs[classes[gram[0]] << BITS | classes[gram[1]]] = row
        elif gram[1] != " ":
            triples[(classes[gram[0]] << BITS | classes[gram[1]]) << BITS | classes[gram[2]]] = row
    single[0] = -1
    pair_codes, pair_rows = _by_code(pairs)
    triple_codes, triple_rows = _by_code(triples)
    return single, (pair_codes, triple_codes), (pair_rows, triple_rows)


def _by_code(table: dict[int, int]) -> tuple[NDArray[np.int64], Rows]:
    codes = np.fromiter(table, dtype=np.int64, count=len(table))
    order = np.argsort(codes)
    return codes[order], np.fromiter(table.values(), dtype=np.int32, count=len(table))[order]


def _dense(
    single: Rows,
    codes: tuple[NDArray[np.int64], NDArray[np.int64]],
    rows: tuple[Rows, Rows],
    upper: NDArray[np.bool_],
) -> Rows:
    size = NARROW + 1
    table = np.full((size, size, size, SLOTS), -1, dtype=np.int32)
    table[:, :, :NARROW, 0] = single[:NARROW]
    mask = (1 << BITS) - 1
    a, b = codes[0] >> BITS, codes[0] & mask
    narrow = (a < NARROW) & (b < NARROW)
    table[:, a[narrow], b[narrow], 1] = rows[0][narrow]
    a, b, c = codes[1] >> 2 * BITS, codes[1] >> BITS & mask, codes[1] & mask
    narrow = (a < NARROW) & (b < NARROW) & (c < NARROW)
    table[a[narrow], b[narrow], c[narrow], 2] = rows[1][narrow]
    capital = np.append(upper[:NARROW], False)
    table[:, capital[:, None] & capital] = -1
    return table.reshape(-1, SLOTS)
