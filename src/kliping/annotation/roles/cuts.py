"""Cuts a line into candidate spans: wherever something else may begin; long plain stretches stay in one piece.

What is glued into a line is cut out first (`glue`), then brackets and marks at the end of what is left, then titles and
heads without a stop before a sentence (`borders`). No character is lost. Most pieces have no role yet: the model labels
them by what stands around them, and neighbours of one role are joined again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from kliping.annotation.roles.borders import casing, title_end
from kliping.annotation.roles.glue import by_trigger, may_begin, stretches
from kliping.annotation.roles.knowledge import words
from kliping.annotation.scan import Hit, Joined, Words

CUT_FROM = 30
"""A shorter line is not searched for what is glued into it, in code points."""
HEAD_WITHIN = 150
"""A head or a credit that is glued before a sentence is no longer than this, in code points."""
HEAD_RESTS = 0.0
"""The logit from which on a head is cut off: more likely than not."""
KEYWORDS_WITHIN = 400
"""Keywords behind a desk's initials are no longer than this, in code points."""
OPENS, BREAKS = 2, 3
"""A word that opens sentences has so many bits for that, at all or behind a small letter."""


class Piece(NamedTuple):
    """A stretch [start, end) of a line; `role` is empty where the model has to decide."""

    start: int
    end: int
    role: str = ""
    rule: str = ""


class Anchors(NamedTuple):
    """Where something else may begin on a page, in code points, in order."""

    hits: Sequence[Hit]
    """Triggers of what is glued."""
    openings: Sequence[int]
    """Words that open sentences, without a stop before them."""


NO_ANCHORS = Anchors((), ())

_END_MARK = re.compile(r"(?:\(\*{1,3}\)|\*{1,5}|\[\]|\[ \]|={2,20}>?|-{3,30}|_{3,30}|#{2,5})$")
CLOSING = re.compile(r"\(([^()]{1,60})\)$|\[([^\[\]]{1,40})\]$")
_INITIALS = re.compile(r"[A-Za-z*]{1,8}(?:\d{1,3})?(?:\s?[/|-]\s?[A-Za-z0-9*]{1,8}){1,4}|[a-z]{2,4}|[A-Z]{2,4}")
_BRACKETED = re.compile(r"[.!?\"”’'…] ?([(\[][a-z]{2,4}\d{0,2}(?:/[A-Za-z0-9]{2,6}){0,3}[)\]])\s?(?=[a-z0-9])")
_NAME = re.compile(r"(?:[A-Z][\w'’.-]{0,20})(?: (?:[A-Z][\w'’.-]{0,20}|bin|al|van|de)){0,4}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{2,30}\.(?:co\.id|com|co|id|net|tv)\b", re.IGNORECASE)
_TAIL_ENDS = ")]*=-_#>"
_SENTENCE_END = ".!?\"”’'…"
_STOPPED = re.compile(r"[.!?…][\"”’')\]]{0,3}(?:\s+|(?=[A-Z\"“]))|[:;]\s+")
_NUMBERED = re.compile(r"(?:\d{1,2}|[A-Za-z])[.)] ?(?=[A-Z])")


def closing_role(inner: str) -> tuple[str, str]:
    """Return the role and rule of what stands in closing brackets, two empty strings where it is part of the text.

    Initials of a desk and names are a byline, agencies a source: `(dra/lim)`, `(Rukmini)`, `(Antara/Rukmini)`.
    """
    inner = inner.strip()
    tokens = re.split(r"[^\w.]+", inner.casefold())
    if any(token in words().agencies for token in tokens):
        return "source", "split:closing-agency"
    if _DOMAIN.search(inner):
        person = re.search(r"\.(?:com|co\.id|id|co|net)\s*/\s*[A-Z][a-z]", inner, re.IGNORECASE)
        another = len(_DOMAIN.findall(inner)) > 1
        return ("byline", "split:closing-byline") if person and not another else ("source", "split:closing-outlet")
    if _INITIALS.fullmatch(inner):
        return "byline", "split:desk-initials"
    if _NAME.fullmatch(inner) and len(inner.split()) <= 4:
        return "byline", "split:closing-byline"
    return "", ""


@cache
def _words() -> Words:
    """Return all that is looked for on a page: triggers, and words that open sentences, between blanks."""
    opening = {
        f" {word.capitalize()} "
        for word, known in casing().items()
        if (known.opens >= OPENS or known.breaks >= BREAKS) and len(word) > 1 and word.isalpha()
    }
    return Words({*by_trigger(), *opening})


def anchors(texts: Joined) -> list[Anchors]:
    """Return of each text where something else may begin, in one pass over all of them."""
    return [_anchors(text, hits) for text, hits in zip(texts.texts, _words().find(texts), strict=True)]


def _anchors(text: str, found: Sequence[Hit]) -> Anchors:
    hits: list[Hit] = []
    openings: list[int] = []
    for place, word in found:
        if word[0] != " ":
            hits.append((place, word))
        elif place and (text[place - 1].isalnum() or text[place - 1] in ")?!"):
            openings.append(place + 1)
        if word == " halaman":
            hits.append((place, word))
    return Anchors(hits, openings)


def between(found: Anchors, start: int, end: int) -> Anchors:
    """Return the anchors in [start, end), counted from there."""
    hits = found.hits[bisect_left(found.hits, (start, "")) : bisect_left(found.hits, (end, ""))]
    openings = found.openings[bisect_left(found.openings, start) : bisect_left(found.openings, end)]
    if not hits and not openings:
        return NO_ANCHORS
    return Anchors([(place - start, word) for place, word in hits], [place - start for place in openings])


def is_whole(line: str) -> bool:
    """Tell whether a trimmed line is one piece, if no anchor stands in it."""
    return line[-1] not in _TAIL_ENDS


def cut(line: str, start: int, end: int, found: Anchors) -> list[Piece]:
    """Return the pieces of line[start:end], which is trimmed; together they hold every visible character."""
    if end - start < CUT_FROM:
        return list(_tails(line, start, end))
    pieces: list[Piece] = []
    position = start
    for stretch in stretches(line, start, end, found.hits):
        pieces += _gap(line, position, stretch.start, found.openings)
        begin, stop = _trim(line, stretch.start, stretch.end)
        if begin < stop:
            pieces.append(
                Piece(begin, stop) if stretch.glue.open else Piece(begin, stop, stretch.glue.role, stretch.glue.rule)
            )
        position = stretch.end
    pieces += _gap(line, position, end, found.openings)
    return pieces


def _gap(line: str, start: int, end: int, openings: Sequence[int]) -> Iterator[Piece]:
    """Yield the pieces of what lies between two stretches."""
    start, end = _trim(line, start, end)
    if start >= end:
        return
    tails = list(_tails(line, start, end))
    yield from _heads(line, tails[0].start, tails[0].end, openings)
    yield from tails[1:]


def _tails(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield a stretch without the marks and brackets at its end, then these; keywords may stand behind initials."""
    tails: list[Piece] = []
    if keywords := _keywords(line, start, end):
        tails.append(keywords)
        _, end = _trim(line, start, keywords.start)
    while len(tails) < 4 and (tail := _tail(line, start, end)):
        tails.append(tail)
        _, end = _trim(line, start, tail.start)
    if start < end:
        yield Piece(start, end)
    yield from reversed(tails)


def _keywords(line: str, start: int, end: int) -> Piece | None:
    """Return what stands behind a desk's initials: `(dra/lim) harga cabai pasar induk`."""
    if (
        ")" not in line[max(start, end - KEYWORDS_WITHIN) : end - 1]
        and "]" not in line[max(start, end - KEYWORDS_WITHIN) : end - 1]
    ):
        return None
    found = None
    for found in _BRACKETED.finditer(line, max(start, end - KEYWORDS_WITHIN), end):
        pass
    if found is None or _STOPPED.search(line, found.end(), end):
        return None
    return Piece(found.end(), end)


def _tail(line: str, start: int, end: int) -> Piece | None:
    """Return the end mark or closing brackets at the end of line[start:end], if what stands before is a sentence."""
    if end <= start or line[end - 1] not in _TAIL_ENDS:
        return None
    if mark := _END_MARK.search(line, max(start, end - 32), end):
        before = line[start : mark.start()].rstrip()
        ended = before[-1:] and before[-1] in _SENTENCE_END + ")]"
        return Piece(mark.start(), end, "mark", "split:end-mark") if ended else None
    closing = CLOSING.search(line, max(start, end - 64), end)
    if not closing or line[start : closing.start()].rstrip()[-1:] not in [*_SENTENCE_END]:
        return None
    role, rule = closing_role(closing.group(1) or closing.group(2))
    return Piece(closing.start(), end, role, rule) if role else None


def _heads(line: str, start: int, end: int, openings: Sequence[int]) -> Iterator[Piece]:
    """Yield a stretch cut before and behind each title or head that stands in it without a stop."""
    position = start
    for place in openings[bisect_left(openings, start + 1) : bisect_left(openings, end)]:
        head = _head(line, position, place, end)
        if head is not None:
            begin, stop = head
            yield from (
                Piece(*span) for span in (_trim(line, position, begin), _trim(line, begin, stop)) if span[0] < span[1]
            )
            position = stop
    rest = _trim(line, position, end)
    if rest[0] < rest[1]:
        yield Piece(*rest)


def _head(line: str, start: int, place: int, end: int) -> tuple[int, int] | None:
    """Return where a head begins and ends behind which a sentence opens at `place` or near it, None for none."""
    begin = start
    for stop in _STOPPED.finditer(line, max(start, place - HEAD_WITHIN), place):
        begin = stop.end()
    numbered = _NUMBERED.match(line, begin, place)
    if place - begin > HEAD_WITHIN or (begin == start and place - start > HEAD_WITHIN):
        return None
    border = title_end(line, numbered.end() if numbered else begin, end)
    if border is None or border.logit < HEAD_RESTS:
        return None
    return begin, border.place


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end


__all__ = ["CLOSING", "Anchors", "Piece", "anchors", "between", "closing_role", "cut", "is_whole", "may_begin"]
