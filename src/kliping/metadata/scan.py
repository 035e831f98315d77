"""Finds every place where one of many words stands in many texts, in one pass over all texts; nothing is missed.

A word costs nothing of its own: the first four letters of all words are looked for at once, as in Teddy, the string
matcher of Hyperscan (Wang et al., NSDI 2019). Each letter of the texts becomes a byte whose bits say which groups of
words have that letter in that place; where the bytes of four letters in a row share a bit a word may begin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

_GRAM = 4
_GROUPS = 8

Hit = tuple[int, str]
"""Where a word starts in its text, in code points, and the word."""


class Words:
    """Words to look for; each has four letters or more and no line break."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) < _GRAM or "\n" in word:
                raise ValueError(f"{word!r} is too short or holds a line break")
            self._words.setdefault(word[:_GRAM], []).append(word)
        grams = [_bytes(gram) for gram in self._words]
        self._codes = np.frombuffer(b"".join(grams), "<u4")
        self._tables = [_table([gram[place] for gram in grams]) for place in range(_GRAM)]

    def find(self, texts: Sequence[str]) -> list[list[Hit]]:
        """The hits in each of `texts`, in order of the text; words that overlap are all found."""
        found: list[list[Hit]] = [[] for _ in texts]
        begins = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=0), np.int64, len(texts) + 1)
        places = self._candidates(b"\n".join([_bytes(text) for text in texts]))
        numbers = np.searchsorted(begins, places, side="right") - 1
        for number, at in zip(numbers.tolist(), (places - begins[numbers]).tolist(), strict=True):
            text = texts[number]
            for word in self._words.get(text[at : at + _GRAM], ()):
                if text.startswith(word, at):
                    found[number].append((at, word))
        return found

    def _candidates(self, data: bytes) -> npt.NDArray[np.int64]:
        """Where the first four letters of a word stand."""
        places = max(len(data) - _GRAM + 1, 0)
        shared = np.full(places, 255, np.uint8)
        for place, table in enumerate(self._tables):
            shared &= np.frombuffer(data.translate(table), np.uint8)[place : place + places]
        begins = np.flatnonzero(shared != 0)
        codes = np.ndarray(places, "<u4", data, strides=(1,))[begins]
        return begins[np.isin(codes, self._codes)]


def _bytes(text: str) -> bytes:
    """One byte a code point: those beyond Latin-1 all become the same one, so a candidate is looked at again."""
    return text.encode("latin-1", "replace")


def _table(letters: Sequence[int]) -> bytes:
    """For `bytes.translate`: a letter to the bits of the groups that have it, neighbours being in one group."""
    table = bytearray(256)
    for index, letter in enumerate(letters):
        table[letter] |= 1 << index * _GROUPS // len(letters)
    return bytes(table)
