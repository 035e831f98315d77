"""Finds every place where one of many words stands in many texts, in one pass over all texts; nothing is missed.

The automaton of Aho and Corasick ("Efficient string matching", 1975) runs over one byte a code point, so that what it
finds are positions in code points; a word costs nothing of its own.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from ahocorasick_rs import BytesAhoCorasick, Implementation

Hit = tuple[int, str]
"""Where a word starts in its text, in code points, and the word."""

Places = npt.NDArray[np.int64]
_START = itemgetter(1)


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
    """Words to look for; none is empty or has a line break.

    Those of `beginning` count only where no letter is before them.
    """

    def __init__(self, words: Iterable[str], beginning: Container[str] = ()) -> None:
        self._words = sorted(set(words))
        if wrong := [word for word in self._words if not word or "\n" in word]:
            raise ValueError(f"{wrong[0]!r} is empty or holds a line break")
        self._begin = [word in beginning for word in self._words]
        # By itself the library takes, for more than a hundred words, an automaton that is smaller and far slower.
        self._automaton = BytesAhoCorasick(map(_bytes, self._words), implementation=Implementation.DFA)

    def find(self, joined: Joined) -> list[list[Hit]]:
        """Return the hits in each of the texts, in order of the text; words that overlap are all found."""
        found: list[list[Hit]] = [[] for _ in joined.texts]
        hits = sorted(self._automaton.find_matches_as_indexes(joined.data, overlapping=True), key=_START)
        places = joined.split(np.fromiter(map(_START, hits), np.int64, len(hits)))
        for (index, _, _), (number, at) in zip(hits, places, strict=True):
            word, text = self._words[index], joined.texts[number]
            inside = self._begin[index] and at > 0 and text[at - 1].isalpha()
            if not inside and text.startswith(word, at):  # letters beyond Latin-1 are all alike until here
                found[number].append((at, word))
        return found


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")
