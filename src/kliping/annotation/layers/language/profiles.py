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

CODE_POINTS = 0x20001
"""The tables by code point end here: no later one is in a profile, and the last entry stands for them."""
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
MERGED_BLOCKS = frozenset(
    {
        unicode_block.UNICODE_GENERAL_PUNCTUATION,
        unicode_block.UNICODE_HIRAGANA,
        unicode_block.UNICODE_KATAKANA,
        unicode_block.UNICODE_BOPOMOFO,
        unicode_block.UNICODE_BOPOMOFO_EXTENDED,
        unicode_block.UNICODE_HANGUL_SYLLABLES,
    }
)
"""The blocks whose characters `NGram.normalize` takes for one ..."""
NORMALIZED_BLOCKS = frozenset(
    {
        unicode_block.UNICODE_BASIC_LATIN,
        unicode_block.UNICODE_LATIN_1_SUPPLEMENT,
        unicode_block.UNICODE_LATIN_EXTENDED_B,
        unicode_block.UNICODE_ARABIC,
        unicode_block.UNICODE_LATIN_EXTENDED_ADDITIONAL,
    }
)
"""... and those of which it changes some. Beside these, only the ideographs of `NGram.CJK_MAP` are changed."""

MASK = (1 << BITS) - 1

RowNumbers = NDArray[np.int32]
Integers = NDArray[np.intp]


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
    single: RowNumbers
    """Class -> row of the one-character n-gram."""
    codes: tuple[NDArray[np.int64], NDArray[np.int64]]
    """Sorted codes of the n-grams of two and of three characters, `BITS` bits a class, the first character highest."""
    rows: tuple[RowNumbers, RowNumbers]
    """The row of each of `codes`."""
    dense: RowNumbers
    """The n-grams that end at a place, `SLOTS` columns, by the narrow classes of its last three characters,
    `NARROW_BITS` each; the rules on capitals and spaces are in it."""
    taken: NDArray[np.uint32]
    """A row of the dense table -> `SLOTS` bytes, 1 where it has an n-gram."""


@cache
def load() -> Profiles:
    """Return the tables, made once a process. Raises FileNotFoundError where langdetect came without its profiles."""
    profiles = _read()
    grams = np.array([gram for profile in profiles for gram in profile["freq"]], dtype="U3")
    points = grams.view(np.uint32).reshape(-1, 3)
    letters = np.unique(points)[1:]
    char_class, upper = _class_tables(letters)
    lengths = np.count_nonzero(points, axis=1)
    known, row = np.unique(_codes(letters, points, lengths), return_inverse=True)
    single, codes, rows = _by_length(known, len(upper))
    dense = _dense(single, codes, rows, upper)
    return Profiles(
        languages=tuple(profile["name"] for profile in profiles),
        likelihood=_likelihood(profiles, row, lengths, len(known)),
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


def _class_tables(letters: NDArray[np.uint32]) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """Code point -> class and class -> upper case, for the characters of the n-grams in order: the space comes first,
    then the ASCII letters, then the others."""
    is_upper = np.strings.isupper(np.arange(CODE_POINTS, dtype=np.uint32).view("U1"))
    table = np.where(is_upper, len(letters) + 1, len(letters)).astype(np.uint16)
    table[letters] = np.arange(len(letters))
    return table[_normalized()], np.append(is_upper[letters], [False, True])


def _normalized() -> NDArray[np.intp]:
    """Code point -> the one that langdetect takes it for."""
    table = np.arange(CODE_POINTS)
    for name, first, last in unicode_block._unicode_blocks:
        if name in MERGED_BLOCKS:
            table[first : last + 1] = ord(NGram.normalize(chr(first)))
        elif name in NORMALIZED_BLOCKS:
            table[first : last + 1] = [ord(NGram.normalize(chr(point))) for point in range(first, last + 1)]
        elif name == unicode_block.UNICODE_CJK_UNIFIED_IDEOGRAPHS:
            for character in NGram.CJK_MAP:
                if first <= ord(character) <= last:
                    table[ord(character)] = ord(NGram.CJK_MAP[character])
    return table


def _codes(letters: NDArray[np.uint32], points: NDArray[np.uint32], lengths: Integers) -> NDArray[np.int64]:
    """One number an n-gram: its length, then the classes of its characters, `BITS` each, 0 where it has none.

    Not of its normalised characters: an n-gram with others is in no text, and must not pass for one that is.
    """
    table = np.zeros(CODE_POINTS, dtype=np.int64)
    table[letters] = np.arange(len(letters))
    classes = table[points]
    return ((lengths << BITS | classes[:, 0]) << BITS | classes[:, 1]) << BITS | classes[:, 2]


def _by_length(
    known: NDArray[np.int64], classes: int
) -> tuple[RowNumbers, tuple[NDArray[np.int64], NDArray[np.int64]], tuple[RowNumbers, RowNumbers]]:
    """`single`, `codes` and `rows` of the sorted numbers of all n-grams, each of which is its row.

    No n-gram is taken that is a space alone or has one in the middle.
    """
    first, second = np.searchsorted(known, [2 << 3 * BITS, 3 << 3 * BITS])
    row = np.arange(len(known), dtype=np.int32)
    single = np.full(classes, -1, dtype=np.int32)
    single[known[:first] >> 2 * BITS & MASK] = row[:first]
    single[0] = -1
    pairs = known[first:second] >> BITS & (1 << 2 * BITS) - 1
    triples = known[second:] & (1 << 3 * BITS) - 1
    whole = np.flatnonzero(triples >> BITS & MASK)
    return single, (pairs, triples[whole]), (row[first:second], row[second:][whole])


def _likelihood(profiles: list[dict[str, Any]], row: Integers, lengths: Integers, rows: int) -> NDArray[np.float64]:
    sizes = [len(profile["freq"]) for profile in profiles]
    column = np.repeat(np.arange(len(profiles)), sizes)
    counts = np.fromiter((n for profile in profiles for n in profile["freq"].values()), np.float64, sum(sizes))
    totals = np.array([profile["n_words"] for profile in profiles], dtype=np.float64)
    table = np.zeros((rows, len(profiles)))
    table[row, column] = counts / totals[column, lengths - 1]
    return table


def _dense(
    single: RowNumbers,
    codes: tuple[NDArray[np.int64], NDArray[np.int64]],
    rows: tuple[RowNumbers, RowNumbers],
    upper: NDArray[np.bool_],
) -> RowNumbers:
    size = NARROW + 1
    table = np.full((size, size, size, SLOTS), -1, dtype=np.int32)
    table[:, :, :NARROW, 0] = single[:NARROW]
    a, b = codes[0] >> BITS, codes[0] & MASK
    narrow = (a < NARROW) & (b < NARROW)
    table[:, a[narrow], b[narrow], 1] = rows[0][narrow]
    a, b, c = codes[1] >> 2 * BITS, codes[1] >> BITS & MASK, codes[1] & MASK
    narrow = (a < NARROW) & (b < NARROW) & (c < NARROW)
    table[a[narrow], b[narrow], c[narrow], 2] = rows[1][narrow]
    capital = np.append(upper[:NARROW], False)
    table[:, capital[:, None] & capital] = -1
    return table.reshape(-1, SLOTS)
