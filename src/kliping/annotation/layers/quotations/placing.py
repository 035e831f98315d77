"""Rows from what is said in a body: the same words in positions of the raw text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from kliping.annotation.layers.layer import Article
from kliping.annotation.places import body_range_to_raw
from kliping.model import Quotation


class Said(NamedTuple):
    """A quotation in a text: [start, end) with its marks, who says it, and the rule that found it."""

    start: int
    end: int
    kind: str
    rule: str
    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    speaker_name: str | None


class Placing:
    """The segments of one body, by which its positions become those of the raw text."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._homes = article.places.homes()
        self._begins = [home.begin for home in self._homes]

    def rows(self, said: Said) -> Iterator[Quotation]:
        """Yield the row of what is said; several where something that is not of the body parts it in the raw text."""
        cue, cue_start, cue_end = (None, None, None) if said.cue is None else self._place(*said.cue)
        speaker, speaker_start, speaker_end = (None, None, None) if said.speaker is None else self._place(*said.speaker)
        for part in self._parts(said.start, said.end):
            text, start, end = self._place(*part)
            yield Quotation(
                start,
                end,
                text,
                said.kind,
                cue,
                cue_start,
                cue_end,
                speaker,
                speaker_start,
                speaker_end,
                said.speaker_name,
                said.rule,
            )

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of [start, end) between which nothing but white space stands in the raw text."""
        homes = self._homes
        first, last = bisect_right(self._begins, start) - 1, bisect_left(self._begins, end) - 1
        for rank in range(first, last):
            if homes[rank + 1].position != homes[rank].position + 1:
                yield start, homes[rank].end
                start = homes[rank + 1].begin
        yield start, end

    def _place(self, start: int, end: int) -> tuple[str, int, int]:
        """The words of [start, end) of the body, repaired, and where they are in the raw text."""
        home = self._homes[bisect_right(self._begins, start) - 1]
        if home.mended is None and end <= home.end:
            shift = home.segment.start - home.begin
            return self._article.text[start:end], start + shift, end + shift
        start, end = body_range_to_raw(self._homes, start, end)
        return self._article.places.text(start, end), start, end
