"""The n-grams that langdetect 1.0.9 takes from a text, the very same in the very same order, for many texts at once.

What langdetect does character by character (`Detector.append`, `cleaning_text`, `_extract_ngrams`, `NGram.add_char`)
depends on the last three normalised characters only: an n-gram never reaches back over a space, and a place is left
out when it and the one before it are capitals. So all places of all texts are looked up in one pass.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from langdetect.detector import Detector
from langdetect.utils.ngram import NGram
from numpy.typing import NDArray

from kliping.annotation.layers.language.profiles import (
    BITS,
    NARROW,
    NARROW_BITS,
    NARROW_CODES,
    SLOT_BITS,
    SLOTS,
    Profiles,
)

MAX_CHARACTERS = 10_000
"""langdetect looks at this many characters of a text, counted after URLs and mail addresses became one space each."""
LONGEST_MATCH = 4_096
"""More than the longest URL (8 + 2,076) and mail address (1 + 64 + 510) of langdetect's patterns together."""
FIRST_FOREIGN = 0x300
LATIN = re.compile("[A-z]+")


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of some texts, text after text. Only those that are drawn are looked up: most never are."""

    sizes: NDArray[np.intp]
    """How many each text has."""
    slots: NDArray[np.intp]
    """`SLOTS` times the place at which an n-gram ends, plus its length less one."""
    codes: NDArray[np.int32]
    """Place -> its row in the dense table; from `NARROW_CODES` on, its row in `wide` after that many."""
    wide: NDArray[np.int32]
    """Rows of likelihood where the dense table knows none, in its form."""
    dense: NDArray[np.int32]

    def rows(self, numbers: NDArray[np.intp]) -> NDArray[np.int32]:
        """Return the rows of likelihood of the n-grams with these numbers, counted through all texts."""
        slots = self.slots.take(numbers, mode="clip")
        codes = self.codes.take(slots >> SLOT_BITS, mode="clip")
        slots &= SLOTS - 1
        slots += SLOTS * codes
        rows = self.dense.take(slots, mode="clip")
        if self.wide.size:
            beyond = np.flatnonzero(codes >= NARROW_CODES)
            rows[beyond] = self.wide.take(slots[beyond] - SLOTS * NARROW_CODES)
        return rows


def grams_of(texts: Sequence[str], profiles: Profiles) -> Grams:
    """Return the n-grams of all texts: fastest with few, so that the arrays stay in the processor's cache."""
    heads = [head(text) for text in texts]
    points, starts = _points(heads)
    if any(foreign := _mostly_foreign(heads, points, starts)):
        heads = [LATIN.sub("", text) if alien else text for text, alien in zip(heads, foreign, strict=True)]
        points, starts = _points(heads)
    narrow = profiles.narrow_class.take(points, mode="clip")
    codes = _codes(narrow)
    taken = profiles.taken.take(codes, mode="clip")
    wide = np.zeros((0, SLOTS), dtype=np.int32)
    untold = narrow == NARROW
    places = np.flatnonzero(untold[:-2] | untold[1:-1] | untold[2:])
    if places.size:
        wide = _wide_rows(points, places, profiles)
        codes[places] = NARROW_CODES + np.arange(len(places))
        taken[places] = (wide >= 0).view(np.uint32).ravel()
    taken[starts[1:-1] - 1] = 0
    slots = np.flatnonzero(taken.view(np.bool_))
    sizes = np.diff(np.searchsorted(slots, SLOTS * starts))
    return Grams(sizes, slots, codes, wide, profiles.dense)


def head(text: str) -> str:
    """Return what langdetect keeps of a text: its start, without URLs and mail addresses, Vietnamese composed.

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


def _points(heads: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
    """The code points of the texts with a space between and two before them, and at which place each text starts.

    A place is the end of an n-gram of three: the code points at it are those of its number and of the next two.
    """
    joined = f"  {' '.join(heads)}"
    lengths = np.fromiter(map(len, heads), dtype=np.intp, count=len(heads))
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return points, np.append(0, np.cumsum(lengths + 1))


def _mostly_foreign(heads: Sequence[str], points: NDArray[np.uint32], starts: NDArray[np.intp]) -> list[bool]:
    """Which texts hold more than twice as many characters from U+0300 on as between A and z: there the latter go."""
    foreign = points[2:] >= FIRST_FOREIGN
    latin = points[2:] - np.uint32(ord("A")) <= ord("z") - ord("A")
    return [
        not text.isascii() and bool(np.count_nonzero(foreign[start:end]) > 2 * np.count_nonzero(latin[start:end]))
        for text, (start, end) in zip(heads, itertools.pairwise(starts.tolist()), strict=True)
    ]


def _codes(narrow: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Place -> the narrow classes of the three characters that end there, `NARROW_BITS` each, the last one lowest."""
    classes = narrow.astype(np.int32)
    codes = classes[:-2] << 2 * NARROW_BITS
    codes |= classes[1:-1] << NARROW_BITS
    codes |= classes[2:]
    return codes


def _wide_rows(points: NDArray[np.uint32], places: NDArray[np.intp], profiles: Profiles) -> NDArray[np.int32]:
    """What the dense table would hold for places whose characters it does not tell apart, by search in sorted codes."""
    first, middle, last = (
        profiles.char_class.take(points[places + ahead], mode="clip").astype(np.int64) for ahead in range(3)
    )
    pairs = middle << BITS | last
    rows = np.full((len(places), SLOTS), -1, dtype=np.int32)
    rows[:, 0] = profiles.single[last]
    rows[:, 1] = _search(pairs, profiles.codes[0], profiles.rows[0])
    rows[:, 2] = _search(first << 2 * BITS | pairs, profiles.codes[1], profiles.rows[1])
    rows[profiles.upper[last] & profiles.upper[middle]] = -1
    return rows


def _search(wanted: NDArray[np.int64], codes: NDArray[np.int64], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    found = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
    return np.where(codes[found] == wanted, rows[found], np.int32(-1))
