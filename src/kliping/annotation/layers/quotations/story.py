"""A text as the rules of quotations look at it: its sentences, its cues and what stands between marks in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from kliping.annotation.layers.quotations.cues import Cue, cue_words
from kliping.annotation.layers.quotations.marks import Quoted
from kliping.annotation.layers.quotations.speakers import Speaker
from kliping.model import PARAGRAPH_BREAK

DIRECT, MIXED, INDIRECT = "direct", "mixed", "indirect"
_JOINT = re.compile(r"\.,{1,3} ?(?=[\"“A-ZÀ-Ý])")
_AFAR = 400
"""Code points of a sentence that are read on either side of a position."""


class Attributed(NamedTuple):
    """Words [start, end) that somebody said, by which rule that is known, and who is named beside the cue."""

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None = None
    speaker: Speaker | None = None


class Story:
    """A text in which PARAGRAPH_BREAK parts paragraphs; sentences and stretches come as (start, end), in order."""

    def __init__(
        self, text: str, sentences: Sequence[tuple[int, int]], cues: Sequence[Cue], quoted: Sequence[Quoted]
    ) -> None:
        self.text = text
        parted = _parted(text, sentences)
        self.starts, self.ends = map(list, zip(*parted, strict=True))
        self.cues = cues
        self.quoted = quoted
        self._places = [cue.start for cue in cues]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return the sentence that holds a position or comes last before it, cut to what the rules read."""
        rank = (bisect_right(self.starts, at) or 1) - 1
        start, end = self.starts[rank], self.ends[rank]
        return (start if at - start < _AFAR else at - _AFAR), (end if end - at < _AFAR else at + _AFAR)

    def sentence_of(self, at: int) -> tuple[int, int]:
        """Return the same, of which nothing stands in a paragraph before that of the position."""
        left, right = self.sentence(at)
        broken = self.text.rfind(PARAGRAPH_BREAK, left, at)
        return (left if broken < 0 else broken + len(PARAGRAPH_BREAK)), right

    def cues_in(self, start: int, end: int) -> Sequence[Cue]:
        """Return the cues that begin in [start, end)."""
        return self.cues[bisect_left(self._places, start) : bisect_left(self._places, end)]

    def in_marks(self, at: int) -> bool:
        """Tell whether a position stands within a stretch between marks."""
        rank = bisect_left(self.quoted, (at,)) - 1
        return rank >= 0 and at < self.quoted[rank].end


def _parted(text: str, sentences: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """The sentences, cut also where a printed list joined paragraphs: `... sejak subuh.,Pasar itu ...`."""
    joints = [match.span() for match in _JOINT.finditer(text)] if ".," in text else []
    if not joints:
        return sentences
    parted: list[tuple[int, int]] = []
    for start, end in sentences:
        begin = start
        for stop, behind in joints[bisect_left(joints, (start,)) : bisect_left(joints, (end,))]:
            if behind < end:
                parted.append((begin, stop + 1))
                begin = behind
        parted.append((begin, end))
    return parted


def is_announced(lead: str) -> bool:
    """Tell whether the words before a mark announce a title, a nickname or a term: `film berjudul`."""
    heads = cue_words("none", "heads")
    tail = [word.casefold().strip("(,.:;") for word in lead[-40:].split()[-2:]]
    return bool(tail) and (tail[-1] in heads or " ".join(tail) in heads)
