"""The n-grams that langdetect 1.0.9 takes from a text, the very same in the very same order, for many texts at once.

What langdetect does character by character (`Detector.append`, `cleaning_text`, `_extract_ngrams`, `NGram.add_char`)
depends on the last three normalised characters only: an n-gram never reaches back over a space, and a place is left
out when it and the one before it are capitals. So all places of all texts are looked up in one pass.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

import numpy as np
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from kliping.language.profiles import BITS, NARROW, NARROW_BITS, Profiles

MAX_CHARACTERS = 10_000
"""langdetect looks at this many characters of a text, counted after URLs and mail addresses became one space each."""
LONGEST_MATCH = 4_096
"""More than the longest URL (8 + 2,076) and mail address (1 + 64 + 510) of langdetect's patterns together."""
FIRST_FOREIGN = 0x300
LATIN = re.compile("[A-z]+")
GROUP = 48
"""Texts looked up at once: few, so that the arrays stay in the processor's cache."""


def extract(texts: Sequence[str], profiles: Profiles) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """The rows of all n-grams, text after text, and where each text's begin (at the end, where the last one's end)."""
    parts = [_extract(texts[i : i + GROUP], profiles) for i in range(0, len(texts), GROUP)]
    grams = np.concatenate([np.zeros(0, dtype=np.int32), *(grams for grams, _ in parts)])
    return grams, np.cumsum([0, *(size for _, sizes in parts for size in sizes)], dtype=np.intp)


def _extract(texts: Sequence[str], profiles: Profiles) -> tuple[NDArray[np.int32], list[int]]:
    """The rows of all n-grams, text by text, and how many each text has."""
    heads = [head(text) for text in texts]
    points, starts = _points(heads)
    latin_in_foreign = _latin_in_foreign(points, starts)
    if latin_in_foreign.any():
        heads = [LATIN.sub("", h) if foreign else h for h, foreign in zip(heads, latin_in_foreign, strict=True)]
        points, starts = _points(heads)
    rows = _rows(points, profiles)
    rows[starts - 1] = -1
    flat = rows.ravel()
    taken = flat >= 0
    sizes = [int(np.count_nonzero(taken[start:end])) for start, end in itertools.pairwise((3 * starts).tolist())]
    return flat[taken], sizes


def head(text: str) -> str:
    """What langdetect keeps of a text: its first characters, without URLs and mail addresses, Vietnamese composed.

    >>> head("Surel redaksi@contoh.id, laman https://contoh.id/a.")
    'Surel  , laman  '
    """
    size = MAX_CHARACTERS + LONGEST_MATCH
    while True:
        taken = _without_addresses(text[:size])
        if size >= len(text) or len(taken) >= MAX_CHARACTERS + LONGEST_MATCH:
            return taken[:MAX_CHARACTERS]
        size *= 2


def _without_addresses(text: str) -> str:
    if "http" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    if not text.isascii() and any(mark in text for mark in NGram.DMARK_CLASS):
        text = str(NGram.normalize_vi(text))
    return text


def _points(heads: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The code points of the texts with a space before, between and after them, and where each text starts."""
    joined = f" {' '.join(heads)} "
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.intp)
    lengths = np.fromiter(map(len, heads), dtype=np.intp, count=len(heads))
    return points, np.concatenate(([1], np.cumsum(lengths + 1) + 1))


def _latin_in_foreign(points: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which texts hold more than twice as many characters from U+0300 on as between A and z: there the latter go."""
    foreign = points >= FIRST_FOREIGN
    if not foreign.any():
        return np.zeros(len(starts) - 1, dtype=np.bool_)
    latin = (points >= ord("A")) & (points <= ord("z"))
    weight = np.add.reduceat(foreign.astype(np.intp) - 2 * latin, starts[:-1])
    return np.asarray(weight > 0)


def _rows(points: NDArray[np.intp], profiles: Profiles) -> NDArray[np.int32]:
    """(places, 3): the row of the n-grams of one, two and three characters that end at each place, or -1."""
    narrow = profiles.narrow_class.take(points, mode="clip")
    codes = narrow.copy()
    codes[1:] |= narrow[:-1] << NARROW_BITS
    codes[2:] |= narrow[:-2] << 2 * NARROW_BITS
    rows = profiles.dense.take(codes, axis=0, mode="clip")
    wide = np.flatnonzero(narrow == NARROW)
    if wide.size:
        places = np.unique(np.concatenate((wide, wide + 1, wide + 2)))
        places = places[places < len(points)]
        rows[places] = _wide_rows(points, places, profiles)
    return rows


def _wide_rows(points: NDArray[np.intp], places: NDArray[np.intp], profiles: Profiles) -> NDArray[np.int32]:
    """The same by search in the sorted codes, for places whose characters the dense tables do not tell apart."""
    last, middle, first = (
        profiles.char_class[points[np.maximum(places - back, 0)]].astype(np.int64) for back in range(3)
    )
    pairs = middle << BITS | last
    rows = np.stack(
        (
            profiles.single[last],
            _search(pairs, profiles.codes[0], profiles.rows[0]),
            _search(first << 2 * BITS | pairs, profiles.codes[1], profiles.rows[1]),
        ),
        axis=1,
    )
    rows[profiles.upper[last] & profiles.upper[middle]] = -1
    return rows


def _search(wanted: NDArray[np.int64], codes: NDArray[np.int64], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    found = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[found] == wanted, rows[found], np.int32(-1))
