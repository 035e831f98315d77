"""The sets of five-word shingles of bodies, as sorted 64-bit digests: what says how much two bodies are the same.

The words of a body are `re.findall(r"\\w+", body.casefold())`, a shingle is five words in a row, and what is compared
are sets of them (Broder, "On the resemblance and containment of documents", 1997). A shingle stands as 64 bits made of
the BLAKE2b digests of its words; two different ones are the same with a probability of 2^-64.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.int64]

WORDS = 5
"""Words in a shingle; a shorter body has none."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_BLANK_BUT_WORDS = bytes(
    code if code > 0x7F or chr(code).isalnum() or chr(code) == "_" else 0x20 for code in range(256)
)
"""For `bytes.translate`: every ASCII character that no word has is a blank."""
_PLACES = np.array([pow(0x9E3779B97F4A7C15, place + 1, 2**64) for place in range(WORDS)], dtype=np.uint64)
_MIXERS = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
"""The finaliser of MurmurHash3, as what is compared by its order has to be spread evenly."""
_HALF = np.uint64(33)


def shingle_sets(texts: pa.Array) -> tuple[Hashes, Counts]:
    """Return the shingles of all texts, those of each sorted and without repetitions, and how many each text has."""
    words, counts = _words(texts)
    if len(words) < WORDS:
        return np.empty(0, np.uint64), np.zeros(len(counts), np.int64)
    hashes = _mixed(_joined(words))
    text = np.repeat(np.arange(len(counts)), counts)
    within = text[: len(hashes)] == text[WORDS - 1 :]
    return _sets(hashes[within], np.maximum(counts - WORDS + 1, 0))


def _words(texts: pa.Array) -> tuple[Hashes, Counts]:
    """The digest of every word of all texts, and how many words each text has."""
    plain = pa.array(map(_plain, texts.to_pylist()), pa.string())
    _, offsets, data = plain.buffers()
    blanked = (data.to_pybytes() if data else b"").translate(_BLANK_BUT_WORDS)
    again = pa.StringArray.from_buffers(len(plain), offsets, pa.py_buffer(blanked))
    lists = pc.split_pattern(again, " ")
    words = lists.flatten().dictionary_encode()
    digests = np.fromiter(map(_digest, words.dictionary.to_pylist()), np.uint64, len(words.dictionary))
    filled = np.fromiter(map(bool, words.dictionary.to_pylist()), bool, len(words.dictionary))
    codes = words.indices.to_numpy()
    is_word = filled[codes]
    ends = np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False))
    before = np.concatenate(([0], np.cumsum(is_word)))[np.concatenate(([0], ends)).astype(np.int64)]
    return digests[codes[is_word]], np.diff(before)


def _plain(text: str) -> str:
    """A text casefolded, with a blank for every character beyond ASCII that no word has."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    for character in set(_BEYOND_ASCII.findall(folded)):
        if not _is_of_word(character):
            folded = folded.replace(character, " ")
    return folded


@cache
def _is_of_word(character: str) -> bool:
    return re.match(r"\w", character) is not None


def _digest(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def _joined(words: Hashes) -> Hashes:
    """Of every five words in a row a number that depends on each of them and its place."""
    count = len(words) - WORDS + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_PLACES):
        hashes += words[place : place + count] * factor
    return hashes


def _mixed(hashes: Hashes) -> Hashes:
    for factor in _MIXERS:
        hashes = (hashes ^ (hashes >> _HALF)) * factor
    return hashes ^ (hashes >> _HALF)


def _sets(hashes: Hashes, counts: Counts) -> tuple[Hashes, Counts]:
    """Each text's hashes sorted and once each."""
    ends = np.cumsum(counts)
    for start, end in zip((ends - counts).tolist(), ends.tolist(), strict=True):
        hashes[start:end].sort()
    text = np.repeat(np.arange(len(counts)), counts)
    first = np.ones(len(hashes), dtype=bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (text[1:] != text[:-1])
    return hashes[first], np.bincount(text[first], minlength=len(counts))
