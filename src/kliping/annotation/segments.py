"""Turns role spans into segments of the raw text: every visible raw character ends in exactly one segment, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kliping.annotation.places import apply_repairs
from kliping.annotation.repair import Repaired
from kliping.model import Segment, Span

_VISIBLE = re.compile(r"\S+")

DEBRIS_RULE = "debris"
"""The rule of a `mark` that repair left nothing of, such as a lone `Â`."""


def segments(raw: str, repaired: Repaired, spans: Sequence[Span]) -> tuple[Segment, ...]:
    """Return the segments of `raw` that `spans` of its repaired text describe, plus a `mark` for loose debris.

    Where a repair straddles two spans it goes to the first. What repair removed altogether (a zero-width
    character, a lone `Â`) joins the span that it touches, else it becomes a `mark` of its own with empty text.

    Raises ValueError if the spans leave visible text of the repaired document uncovered.
    """
    if not repaired.repairs:
        return _plain(raw, spans)
    return tuple([_segment(raw, repaired, piece) for piece in _pieces(raw, repaired, spans)])


def _plain(raw: str, spans: Sequence[Span]) -> tuple[Segment, ...]:
    """The common case: nothing was repaired, so the spans are the segments."""
    position = 0
    for span in spans:
        if raw[position : span.start].strip():
            raise ValueError(f"no role for {raw[position : span.start].strip()[:40]!r} at {position}")
        position = span.end
    if raw[position:].strip():
        raise ValueError(f"no role for {raw[position:].strip()[:40]!r} at {position}")
    return tuple([Segment(s.role, raw[s.start : s.end], s.start, s.end, s.rule, (), s.margin) for s in spans])


class _Piece(NamedTuple):
    role: str
    start: int
    end: int
    rule: str
    margin: int | None = None


def _pieces(raw: str, repaired: Repaired, spans: Sequence[Span]) -> list[_Piece]:
    """Return the spans in raw positions, loose debris joined to what it touches or standing alone as `mark`."""
    pieces: list[_Piece] = []
    position = 0
    for span in spans:
        start = max(position, repaired.to_raw_start(span.start))
        end = max(start, repaired.to_raw_end(span.end))
        if start == end:
            continue
        for left, right in _debris(raw, repaired, position, start):
            if right == start:
                start = left
            else:
                _add_debris(pieces, left, right)
        pieces.append(_Piece(span.role, start, end, span.rule, span.margin))
        position = end
    for left, right in _debris(raw, repaired, position, len(raw)):
        _add_debris(pieces, left, right)
    return pieces


def _add_debris(pieces: list[_Piece], start: int, end: int) -> None:
    if pieces and pieces[-1].end == start:
        pieces[-1] = pieces[-1]._replace(end=end)
    else:
        pieces.append(_Piece("mark", start, end, DEBRIS_RULE))


def _debris(raw: str, repaired: Repaired, start: int, end: int) -> Iterable[tuple[int, int]]:
    """Return the stretches of raw[start:end] that hold visible characters, each with the whole of its repairs."""
    return _stretches(raw, repaired, start, end) if raw[start:end].strip() else ()


def _stretches(raw: str, repaired: Repaired, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretches = [(start + word.start(), start + word.end()) for word in _VISIBLE.finditer(raw[start:end])]
    stretches += [(r.start, r.end) for r in repaired.slice(start, end) if r.before.strip()]
    left, right = min(stretches)
    for next_left, next_right in sorted(stretches):
        if next_left > right:
            yield left, right
            left = next_left
        right = max(right, next_right)
    yield left, right


def _segment(raw: str, repaired: Repaired, piece: _Piece) -> Segment:
    role, start, end, rule, margin = piece
    repairs = repaired.slice(start, end)
    text = apply_repairs(raw, start, end, repairs) if repairs else raw[start:end]
    if rule == DEBRIS_RULE and text.strip():
        raise ValueError(f"no role for {text.strip()[:40]!r} at {start}")
    return Segment(role, text, start, end, rule, repairs, margin)
