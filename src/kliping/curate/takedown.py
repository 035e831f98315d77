"""Keeps removed articles out of every later build, recognised by id or body, without keeping any of their text.

A takedown list is a CSV file with the columns article_id, removed_date, reason and body_sketch. The id alone knows
only the very same bytes; crawled again, an article comes with other menus and advertisements and so has another id.
The sketch recognises the body all the same: it is 32 numbers of 4 bits, each the low bits of the smallest hash of the
body's five-word shingles under one hash function (b-bit minwise hashing: Li and König, "b-Bit Minwise Hashing", WWW
2010). It tells how much two bodies resemble each other. No word can be read from it, and unlike a digest it does not
even prove which text it was made from.
"""

from __future__ import annotations

import csv
import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kliping.curate import REASONS
from kliping.errors import KlipingError

COLUMNS = ("article_id", "removed_date", "reason", "body_sketch")

SHINGLE = 5
SKETCH_SLOTS = 32
SKETCH_BITS = 4
SAME_SLOTS = 20
"""Two bodies are taken for one from 20 equal slots of 32 on. Unrelated bodies share a slot with probability 1/16, so
twenty or more with less than 1e-15; a body of which 60 % of the shingles are the same shares about twenty."""
MIN_WORDS = 30
"""Shorter bodies have too few shingles to be told apart; they are recognised by their id only."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Removed:
    """The articles of a takedown list."""

    ids: frozenset[str]
    sketches: tuple[str, ...]

    def holds(self, article_id: str, body: str) -> bool:
        """Tell whether an article with this id, or one with nearly this body, was taken down."""
        if article_id in self.ids:
            return True
        return bool(self.sketches) and _known(sketch(body), self.sketches)


NOTHING_REMOVED = Removed(frozenset(), ())


def read_removed(path: Path) -> Removed:
    """Read a takedown list. Raises KlipingError with the line where it is malformed."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise KlipingError(f"The takedown list {path} cannot be read: {error}.") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise KlipingError(f"The takedown list {path} must begin with the line {','.join(COLUMNS)}.")
    for number, row in enumerate(rows[1:], start=2):
        _check(path, number, row)
    return Removed(frozenset(row[0] for row in rows[1:]), tuple(row[3] for row in rows[1:] if row[3]))


def _check(path: Path, number: int, row: Sequence[str]) -> None:
    shapes = (r"[0-9a-f]{32}", r"\d{4}-\d{2}-\d{2}", "|".join(REASONS), rf"(?:[0-9a-f]{{{SKETCH_SLOTS}}})?")
    if len(row) != len(COLUMNS):
        raise KlipingError(f"{path}, line {number}: {len(row)} values where {len(COLUMNS)} belong.")
    for column, value, shape in zip(COLUMNS, row, shapes, strict=True):
        if not re.fullmatch(shape, value):
            raise KlipingError(f"{path}, line {number}: {value!r} is no {column} (it must match {shape}).")


def sketch(body: str) -> str:
    """Return the sketch of a body as 32 hexadecimal digits, empty where the body is too short for one.

    The same on every machine and for every version of kliping: lists live longer than code.
    """
    words = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in _WORD.findall(body.casefold())]
    if len(words) < MIN_WORDS:
        return ""
    hashes = _shingle_hashes(np.array(words, dtype=np.uint64))
    factors, offsets = _functions()
    smallest = np.empty(SKETCH_SLOTS, dtype=np.uint64)
    for slot in range(SKETCH_SLOTS):
        smallest[slot] = ((hashes * factors[slot] + offsets[slot]) >> np.uint64(32)).min()
    return "".join(f"{int(value) % 2**SKETCH_BITS:x}" for value in smallest)


def _shingle_hashes(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One 64-bit hash a shingle: a polynomial of its words, then the finaliser of MurmurHash3."""
    count = len(words) - SHINGLE + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + words[place : place + count]
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    return hashes ^ (hashes >> np.uint64(33))


@cache
def _functions() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """The 32 hash functions h -> (a h + b) / 2^32, a odd, drawn once and for all from SHA-256."""
    drawn = b"".join(hashlib.sha256(f"kliping sketch 1 {slot}".encode()).digest()[:16] for slot in range(SKETCH_SLOTS))
    pairs = np.frombuffer(drawn, dtype="<u8").reshape(SKETCH_SLOTS, 2).astype(np.uint64)
    return pairs[:, 0] | np.uint64(1), pairs[:, 1]


def _known(found: str, sketches: Sequence[str]) -> bool:
    if not found:
        return False
    return any(sum(map(str.__eq__, found, known)) >= SAME_SLOTS for known in sketches)


def entry(article_id: str, body: str, removed_date: str, reason: str) -> str:
    """Return the line that takes an article down."""
    return ",".join((article_id, removed_date, reason, sketch(body)))
