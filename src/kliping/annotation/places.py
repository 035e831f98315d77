"""Where things stand: maps between positions in the raw text, the repaired text and the body of one document.

All positions are code points, ends exclusive. What a repair changed is one piece: a range that cuts it has all of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from kliping.annotation.repair import Repaired
from kliping.model import BODY_ROLES, PARAGRAPH_BREAK, Repair, Segment


class Home(NamedTuple):
    """A segment of the body and where it begins in the article text."""

    position: int
    """Its rank among the segments of the document."""
    segment: Segment
    begin: int
    mended: Repaired | None
    """What repair did in it; None for nothing."""

    @classmethod
    def of(cls, position: int, segment: Segment, begin: int) -> Home:
        """Return the home that a segment gives which begins at `begin` of the article text."""
        return cls(position, segment, begin, Repaired(segment.text, segment.repairs) if segment.repairs else None)

    @property
    def end(self) -> int:
        """Where it ends in the article text."""
        return self.begin + len(self.segment.text)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw range of [start, end) of the article text, which lies in this segment."""
        shift = self.segment.start - self.begin
        if self.mended is None:
            return start + shift, end + shift
        return self.mended.to_raw_start(start + shift), self.mended.to_raw_end(end + shift)


BodyPlace = tuple[int, int, int]
"""Where a range of the article text lies: the rank of the segment it begins in, its start and end in the raw text."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one document: its raw text and the segments of it, in order.

    `repaired` is what repair made of the raw text; only positions in the repaired text ask for it.
    """

    raw: str
    segments: Sequence[Segment]
    repaired: Repaired | None = None
    _homes: list[Home] = field(init=False, repr=False, compare=False, default_factory=list)
    """The segments of the body, once somebody asked for them: several layers do."""

    def page_to_raw(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw range of [start, end) of the repaired text. What was removed at its edges lies outside."""
        if self.repaired is None or not self.repaired.repairs:
            return start, end
        return self.repaired.to_raw_start(start), self.repaired.to_raw_end(end)

    def body_to_raw(self, spans: Iterable[tuple[int, int]]) -> Iterator[BodyPlace]:
        """Yield the places of ranges of the article text.

        They come in order, and none is empty or leaves its segment.
        """
        homes = iter(self.homes())
        behind = 0
        for start, end in spans:
            while start >= behind:
                home = next(homes)
                behind, shift, mended = home.end, home.segment.start - home.begin, home.mended
            if mended is None:
                yield home.position, start + shift, end + shift
            else:
                yield home.position, mended.to_raw_start(start + shift), mended.to_raw_end(end + shift)

    def homes(self) -> Sequence[Home]:
        """Return the segments of the body, with where each begins in the article text."""
        if not self._homes:
            begin = 0
            for position, segment in enumerate(self.segments):
                if segment.role in BODY_ROLES:
                    self._homes.append(Home.of(position, segment, begin))
                    begin += len(segment.text) + len(PARAGRAPH_BREAK)
        return self._homes

    def segment_at(self, position: int) -> int | None:
        """Return the rank of the segment that holds a position of the raw text, None where it lies between two."""
        rank = bisect_right(self.segments, position, key=_START) - 1
        return rank if rank >= 0 and position < self.segments[rank].end else None

    def text(self, start: int, end: int) -> str:
        """Return what [start, end) of the raw text says, repaired: the repairs that lie inside it are carried out."""
        first = max(0, bisect_right(self.segments, start, key=_START) - 1)
        last = bisect_left(self.segments, end, key=_START)
        repairs = chain.from_iterable(segment.repairs for segment in self.segments[first:last])
        return apply_repairs(self.raw, start, end, [r for r in repairs if start <= r.start and r.end <= end])


_START, _BEGIN = attrgetter("start"), attrgetter("begin")


def body_range_to_raw(homes: Sequence[Home], start: int, end: int) -> tuple[int, int]:
    """Return the raw range of [start, end) of the article text, which may run through several segments of the body."""
    first = homes[bisect_right(homes, start, key=_BEGIN) - 1]
    last = homes[bisect_left(homes, end, key=_BEGIN) - 1]
    return first.to_raw(start, first.end)[0], last.to_raw(last.begin, end)[1]


def body(segments: Iterable[Segment]) -> str:
    """Return the article text: the texts of the body's segments, PARAGRAPH_BREAK between them."""
    return PARAGRAPH_BREAK.join([segment.text for segment in segments if segment.role in BODY_ROLES])


def apply_repairs(raw: str, start: int, end: int, repairs: Iterable[Repair]) -> str:
    """Return raw[start:end] with `repairs` carried out; they are sorted and lie inside the range."""
    pieces: list[str] = []
    position = start
    for place, place_end, _, after, _ in repairs:
        pieces += (raw[position:place], after)
        position = place_end
    pieces.append(raw[position:end])
    return "".join(pieces)
