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
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kliping import knowledge
from kliping.annotation.roles import datelines
from kliping.annotation.roles.borders import casing, logit_at, title_end
from kliping.annotation.roles.glue import Glue, by_trigger, stretches
from kliping.annotation.roles.pieces import Piece, trimmed
from kliping.annotation.roles.vocabulary import DOMAIN, closing
from kliping.annotation.scan import Hit, Joined, Words

CUT_FROM = 30
"""A shorter line is not searched for what is glued into it, in code points."""
HEAD_WITHIN = 150
"""A head or a credit that is glued before a sentence is no longer than this, in code points."""
HEADS_FROM = 110
"""A shorter stretch is no sentence with a head before it, in code points."""
HEAD_RESTS = 0.0
"""The logit from which on a head is cut off: more likely than not."""
NUMBERED_RESTS = -2.5
"""The same for a head with a number."""
PREFIX_WITHIN = 300
"""So much of a line tells whether a dateline opens it, in code points."""
NOTE_WITHIN = 300
"""A note that takes all the rest of a line is no longer than this, in code points."""
RUNS_ON = 3
"""A head whose words are written as in a sentence has no more of them."""
RUN, RUN_CAPITALS = 48, 3
"""A head with fewer capitals is no longer than this, in code points."""
SIGNATURE_WITHIN = 120
"""A signature is no longer than this, in code points."""
STYLE_WITHIN = 60
"""So much behind a place tells the style of what follows, in code points."""
OPENS, BREAKS = 2, 3
"""A word that opens sentences has so many bits for that, at all or behind a small letter."""


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
_PARTICLES = knowledge.any_of(knowledge.load("bylines.toml")["particles"])
_NAME = re.compile(rf"(?:[A-Z][\w'’.-]{{0,20}})(?: (?:[A-Z][\w'’.-]{{0,20}}|{_PARTICLES})){{0,4}}")
_SLASH = re.compile(r" ?/ ?")
_DOMAIN_AND_PERSON = re.compile(rf"\.(?:{knowledge.domain_ending()})\s{{0,4}}/\s{{0,4}}[A-Za-z]{{2}}")
_TAIL_ENDS = ")]*=-_#>"
_SENTENCE_END = ".!?\"”’'…"
_WORD = re.compile(r"[^\W\d_]{2,20}")
_SENTENCE_SIGN = re.compile(r"[.!?:\"“”]")
_STOPPED = re.compile(
    r"[.!?…:;](?:(?<=[.!?…])[\"”’')\]]{0,3}\s{1,150}"
    r"|(?<=[a-z0-9)\"”][.!?…])[\"”’')\]]{0,3}(?=[A-Z\"“])|(?<=[:;])\s{1,150})"
)
"""The sign comes first, for one of a set is sought fast; what stands before it is looked at behind it."""
_NUMBERED_INSIDE = re.compile(r"\d(?:(?<=[.!?:”\"’')\]\d] \d)|(?<=[.!?:”\"’')]\d))\d?\. ?(?=[A-Z])")
"""What stands before the number is looked at behind its first digit, which is found sooner."""
_NUMBERED_BEFORE = re.compile(r"\d{1,2}[.)] ?$")


def closing_role(inner: str) -> tuple[str, str]:
    """Return the role and rule of what stands in closing brackets, two empty strings where it is part of the text.

    Initials of a desk and names are a byline, agencies a source: `(dra/lim)`, `(Rukmini)`, `(Antara/Rukmini)`.
    """
    inner = inner.strip()
    tokens = re.split(r"[^\w.]+", DOMAIN.sub(" ", inner).casefold())
    if not closing().isdisjoint(tokens):
        return "source", "split:closing-agency"
    if DOMAIN.search(inner):
        person = _DOMAIN_AND_PERSON.search(inner)
        another = len(DOMAIN.findall(inner)) > 1
        return ("byline", "split:closing-byline") if person and not another else ("source", "split:closing-outlet")
    if _INITIALS.fullmatch(inner):
        return "byline", "split:desk-initials"
    if all(_NAME.fullmatch(part) and len(part.split()) <= 4 for part in _SLASH.split(inner)):
        return "byline", "split:closing-byline"
    return "", ""


@cache
def _triggers() -> Words:
    return Words(by_trigger())


@cache
def _openers() -> frozenset[str]:
    """Return the words that open sentences far more often than they stand in names."""
    return frozenset(
        word.capitalize()
        for word, known in casing().items()
        if (known.opens >= OPENS or known.breaks >= BREAKS) and len(word) > 1 and word.isalpha()
    )


_CAPITAL, _SMALL, _STOP, _UNSTOPPED = 1, 2, 4, 8
_KINDS = bytes(
    _CAPITAL * ("A" <= sign <= "Z")
    | _SMALL * sign.islower()
    | _STOP * (sign in '.?!:;"\n')
    | _UNSTOPPED * (sign.isalnum() or sign in ")%")
    for sign in map(chr, range(256))
)
"""Kinds of the bytes of Latin-1: capitals, small letters, what may end a sentence (all beyond may) and what may not."""
_LETTERS = 3
"""So many of the first letters of openers are looked for at once."""


def _code(letters: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return sixteen bits of the letters that the rows hold, by Fibonacci hashing (Knuth, TAOCP 3, 6.4)."""
    packed = letters[0] | letters[1] << np.uint32(8) | letters[2] << np.uint32(16)
    mixed: npt.NDArray[np.uint32] = packed * np.uint32(2654435769) >> np.uint32(16)
    return mixed


@cache
def _first_letters() -> npt.NDArray[np.bool_]:
    """Return which codes of first letters openers have; a third one that a word lacks may be any."""
    heads = {word[:_LETTERS].encode("latin-1", "replace") for word in _openers()}
    heads |= {head + bytes([code]) for head in heads if len(head) < _LETTERS for code in range(256)}
    letters = np.array([list(head) for head in heads if len(head) == _LETTERS], np.uint32)
    table = np.zeros(1 << 16, np.bool_)
    table[_code(letters.T)] = True
    return table


def anchors(texts: Joined) -> list[Anchors]:
    """Return of each text where something else may begin, in one pass over all of them."""
    hits, places = _triggers().find(texts), texts.by_text(_capitals(texts))
    word_at, openers = _WORD.match, _openers()
    return [
        Anchors(found, [place for place in opening if (word := word_at(text, place)) and word[0] in openers])
        for text, found, opening in zip(texts.texts, hits, places, strict=True)
    ]


def _capitals(texts: Joined) -> npt.NDArray[np.int64]:
    """Return where a word with a capital stands inside a sentence, or inside a word where a blank was lost.

    Not where words in small letters run up to it, too many for a head; titles on top may be written so.
    """
    data = b"  " + texts.data + b"  "
    codes, kinds = np.frombuffer(data, np.uint8), np.frombuffer(data.translate(_KINDS), np.uint8)
    capitals = np.flatnonzero(kinds & _CAPITAL != 0)
    letters = np.stack([codes[capitals + place].astype(np.uint32) for place in range(_LETTERS)])
    places = capitals[_first_letters()[_code(letters)]]
    blank, before, earlier = codes[places - 1] == ord(" "), kinds[places - 1], kinds[places - 2]
    inside = np.where(blank, earlier & _UNSTOPPED > 0, before & earlier & _SMALL > 0)
    places, blank = places[inside], blank[inside]
    stops = np.flatnonzero(kinds & _STOP != 0)
    few = np.searchsorted(capitals, places) - np.searchsorted(capitals, places - RUN) < RUN_CAPITALS
    run = few & (np.searchsorted(stops, places) == np.searchsorted(stops, places - RUN))
    run &= blank & ~texts.on_top(places - 2, HEAD_WITHIN)
    found: npt.NDArray[np.int64] = places[~run] - 2
    return found


def between(found: Anchors, start: int, end: int) -> Anchors:
    """Return the anchors in [start, end), counted from there."""
    hits = found.hits[bisect_left(found.hits, (start, "")) : bisect_left(found.hits, (end, ""))]
    openings = found.openings[bisect_left(found.openings, start) : bisect_left(found.openings, end)]
    if not hits and not openings:
        return NO_ANCHORS
    return Anchors([(place - start, word) for place, word in hits], [place - start for place in openings])


def is_whole(line: str, end: int) -> bool:
    """Tell whether a trimmed stretch that ends at `end` is one piece, if no anchor stands in its line."""
    return line[end - 1] not in _TAIL_ENDS


def cut(line: str, start: int, end: int, found: Anchors) -> list[Piece]:
    """Return the pieces of line[start:end], which is trimmed; together they hold every visible character."""
    if end - start < CUT_FROM:
        return list(_tails(line, start, end))
    pieces: list[Piece] = []
    position, numbers = start, _numbers(line, start, end)
    hits = found.hits and found.hits[bisect_left(found.hits, (start, "")) : bisect_left(found.hits, (end, ""))]
    for stretch in stretches(line, start, end, hits):
        pieces += _gap(line, position, stretch.start, found.openings, numbers)
        begin, stop = trimmed(line, stretch.start, stretch.end)
        if begin < stop:
            pieces.append(Piece(begin, stop, *_decided(line, begin, stop, end, stretch.glue)))
        position = stretch.end
    if pieces and pieces[-1].rule == "split:desk-initials" and _is_keywords(line[position:end]):
        return [*pieces, Piece(*trimmed(line, position, end), "tags", "split:keywords")]
    pieces += _gap(line, position, end, found.openings, numbers)
    return pieces


def _decided(line: str, start: int, stop: int, end: int, glue: Glue) -> tuple[str, str]:
    """Return the role and rule of a stretch, two empty strings where the model decides."""
    if glue.reach == "rest" and stop - start > NOTE_WITHIN:
        return "", ""
    if not glue.open:
        return glue.role, glue.rule
    bracket = CLOSING.fullmatch(line, start, stop) if stop == end else None
    return closing_role(bracket[1] or bracket[2]) if bracket else ("", "")


def _is_keywords(text: str) -> bool:
    """Tell whether the text holds bare keywords: no sign of a sentence, and hardly a capital."""
    words_ = text.split()
    return (
        len(words_) > 0
        and not _SENTENCE_SIGN.search(text)
        and sum(word[0].isupper() for word in words_) * 3 <= len(words_)
    )


def _gap(line: str, start: int, end: int, openings: Sequence[int], numbers: Sequence[int]) -> Iterator[Piece]:
    """Yield the pieces of what lies between two stretches."""
    start, end = trimmed(line, start, end)
    if start >= end:
        return
    tails = list(_tails(line, start, end))
    yield from _heads(line, tails[0].start, tails[0].end, openings, numbers)
    yield from tails[1:]


def _tails(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield a stretch without the marks, brackets and signatures at its end, then these."""
    tails: list[Piece] = []
    while len(tails) < 4 and (tail := _tail(line, start, end)):
        tails.append(tail)
        _, end = trimmed(line, start, tail.start)
    if start < end and (signature := _signature(line, start, end)):
        tails.append(signature)
        _, end = trimmed(line, start, signature.start)
    if start < end:
        yield Piece(start, end)
    yield from reversed(tails)


def _signature(line: str, start: int, end: int) -> Piece | None:
    """Return the few words without a stop that stand behind the last sentence: a name, an agency, a slogan."""
    if line[end - 1] in _SENTENCE_END or end - start < 2 * SIGNATURE_WITHIN:
        return None
    begin = end
    for stop in _STOPPED.finditer(line, end - SIGNATURE_WITHIN, end):
        begin = stop.end()
    opens = begin < end and (line[begin].isupper() or line[begin] in "#([")
    return Piece(begin, end) if opens else None


def _tail(line: str, start: int, end: int) -> Piece | None:
    """Return the end mark or closing brackets at the end of line[start:end], if what stands before is a sentence."""
    if end <= start or line[end - 1] not in _TAIL_ENDS:
        return None
    if mark := _END_MARK.search(line, max(start, end - 32), end):
        before = line[start : mark.start()].rstrip()
        ended = before[-1:] and before[-1] in _SENTENCE_END + ")]"
        return Piece(mark.start(), end, "mark", "split:end-mark") if ended else None
    bracket = CLOSING.search(line, max(start, end - 64), end)
    before = line[start : bracket.start()].rstrip() if bracket else ""
    if not bracket or not before or not (before[-1] in _SENTENCE_END or before.endswith(bracket.group())):
        return None
    role, rule = closing_role(bracket.group(1) or bracket.group(2))
    return Piece(bracket.start(), end, role, rule) if role else None


def _heads(line: str, start: int, end: int, openings: Sequence[int], numbers: Sequence[int]) -> Iterator[Piece]:
    """Yield a stretch cut before and behind each title or head that stands in it without a stop."""
    position = start
    if end - start < HEADS_FROM:
        openings = ()
    inside = [places[bisect_left(places, start + 1) : bisect_left(places, end)] for places in (openings, numbers)]
    for place in sorted(chain(*inside)):
        head = _head(line, position, place, end) if place > position else None
        if head is not None:
            begin, stop = head
            spans = (trimmed(line, position, begin), trimmed(line, begin, stop))
            yield from (Piece(*span) for span in spans if span[0] < span[1])
            position = stop
    rest = trimmed(line, position, end)
    if rest[0] < rest[1]:
        yield Piece(*rest)


def _numbers(line: str, start: int, end: int) -> list[int]:
    """Return where words stand behind numbers that may be those of heads: `2. Syarat Pendaftaran`."""
    if "1. " not in line and "2. " not in line:
        return []
    return [found.end() for found in _NUMBERED_INSIDE.finditer(line, start, end)]


def _head(line: str, start: int, place: int, end: int) -> tuple[int, int] | None:
    """Return where a head begins and ends behind which a sentence opens at `place`, None where there is none."""
    begin = start
    for stop in _STOPPED.finditer(line, max(start, place - HEAD_WITHIN), place):
        begin = stop.end()
    if numbered := _NUMBERED_BEFORE.search(line, max(start, place - 5), place):
        begin = numbered.start()
    if not 0 < place - begin <= HEAD_WITHIN:
        return None
    if line[place - 2 : place].strip() == ")":
        return begin, place
    if begin == start:
        begin += datelines.prefix_end(line[start : min(end, start + PREFIX_WITHIN)], opening=True)
    if numbered:
        border = title_end(line, numbered.end(), min(end, numbered.end() + HEAD_WITHIN + STYLE_WITHIN))
        return (begin, border.place) if border and border.logit >= NUMBERED_RESTS else None
    if _runs_on(line, begin, place):
        return None
    return (begin, place) if logit_at(line, begin, place, min(end, place + STYLE_WITHIN)) >= HEAD_RESTS else None


def _runs_on(line: str, begin: int, place: int) -> bool:
    """Tell whether words in small letters run up to the place, too many for a head without capitals."""
    before = line[begin:place].split()
    if len(before) <= RUNS_ON or not line[place - 1].isspace() or before[-1][-1] in "?!":
        return False
    return 2 * sum(map(str.islower, before)) > len(before)
