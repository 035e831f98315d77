"""Finds every place where one of many words stands in many texts, in one pass over all texts; nothing is missed.

A word costs nothing of its own: the first four letters of all words are looked for at once, as in Teddy, the string
matcher of Hyperscan (Wang et al., NSDI 2019). Each letter of the texts becomes a byte whose bits say which groups of
words have that letter in that place; where the bytes of four letters in a row share a bit a word may begin.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

_GRAM = 4
_CHECKED = 8
_GROUPS = 8
_LETTERS = np.array([chr(code).isalpha() for code in range(256)])
HASHES = 1 << 16

Hit = tuple[int, str]
"""Where a word starts in its text, in code points, and the word."""

Places = npt.NDArray[np.int64]


class Joined:
    """Texts one after the other, a line break between, one byte a code point; all beyond Latin-1 share one byte."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.data = b"\n".join([_bytes(text) for text in texts])
        self._begins = np.fromiter(accumulate([len(text) + 1 for text in texts], initial=0), np.int64, len(texts) + 1)

    def split(self, places: Places) -> Iterator[tuple[int, int]]:
        """Return each of the places in `data` as the number of its text and the place in that text."""
        numbers = np.searchsorted(self._begins, places, side="right") - 1
        return zip(numbers.tolist(), (places - self._begins[numbers]).tolist(), strict=True)

    def on_top(self, places: Places, within: int) -> npt.NDArray[np.bool_]:
        """Tell whether each of the places stands no more than `within` code points behind the start of its text."""
        return places - self._begins[np.searchsorted(self._begins, places, side="right") - 1] <= within

    def by_text(self, places: Places) -> list[list[int]]:
        """Return the places in each text; `places` are in order."""
        inside = [place for _, place in self.split(places)]
        return [inside[i:j] for i, j in pairwise(np.searchsorted(places, self._begins).tolist())]


class Words:
    """Words to look for; each has four letters or more and no line break.

    Those of `beginning` may be left out where a letter is before them.
    """

    def __init__(self, words: Iterable[str], beginning: Container[str] = ()) -> None:
        grams: dict[bytes, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) < _GRAM or "\n" in word:
                raise ValueError(f"{word!r} is too short or holds a line break")
            grams.setdefault(_bytes(word[:_GRAM]), []).append(word)
        self._tables = [_table([gram[place] for gram in sorted(grams)]) for place in range(_GRAM)]
        by_code = sorted((int.from_bytes(gram, "little"), words) for gram, words in grams.items())
        self._words = [words for _, words in by_code]
        heads = [_bytes(words[0])[: _CHECKED if len(words) == 1 else _GRAM] for words in self._words]
        self._codes = np.array([code for code, _ in by_code], "<u4")
        self._heads = np.array([int.from_bytes(head, "little") for head in heads], "<u8")
        self._masks = np.array([256 ** len(head) - 1 for head in heads], "<u8")
        self._begin = np.array([all(word in beginning for word in words) for words in self._words])
        self._hashes = np.zeros(HASHES, np.bool_)
        self._hashes[hashed(self._codes)] = True

    def find(self, joined: Joined) -> list[list[Hit]]:
        """Return the hits in each of the texts, in order of the text; words that overlap are all found."""
        found: list[list[Hit]] = [[] for _ in joined.texts]
        places, words = self._candidates(joined.data)
        for (number, at), index in zip(joined.split(places), words, strict=True):
            for word in self._words[index]:
                if joined.texts[number].startswith(word, at):
                    found[number].append((at, word))
        return found

    def _candidates(self, data: bytes) -> tuple[Places, list[int]]:
        """Where words may stand, and which: their first eight letters do, or four where several words share them."""
        size, padded = len(data), data + bytes(_CHECKED)
        shared = np.full(size, 255, np.uint8)
        for place, table in enumerate(self._tables):
            shared &= np.frombuffer(padded.translate(table), np.uint8)[place : place + size]
        begins = np.flatnonzero(shared != 0)
        windows = np.ndarray(size, "<u8", padded, strides=(1,))[begins]
        likely = self._hashes[hashed(windows.astype("<u4"))]
        begins, windows = begins[likely], windows[likely]
        words = np.minimum(np.searchsorted(self._codes, windows.astype("<u4")), len(self._codes) - 1)
        before = np.frombuffer(padded, np.uint8)[begins - 1]
        meant = (windows & self._masks[words] == self._heads[words]) & ~(self._begin[words] & _LETTERS[before])
        return begins[meant], words[meant].tolist()


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def hashed(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return sixteen bits of each code, as in Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4)."""
    mixed: npt.NDArray[np.uint32] = codes * np.uint32(2654435769) >> np.uint32(16)
    return mixed


def _table(letters: Sequence[int]) -> bytes:
    """For `bytes.translate`: a letter to the bits of the groups that have it, neighbours being in one group."""
    table = bytearray(256)
    for index, letter in enumerate(letters):
        table[letter] |= 1 << index * _GROUPS // len(letters)
    return bytes(table)
