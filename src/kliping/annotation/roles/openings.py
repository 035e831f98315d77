"""Cuts what stands before the first sentence of a page's text: debris, titles, decks, bylines, stamps, captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kliping.annotation.roles import datelines
from kliping.annotation.roles.borders import UNKNOWN, casing, title_end
from kliping.annotation.roles.cuts import HEAD_WITHIN
from kliping.annotation.roles.persons import NAME, is_person, name_start
from kliping.annotation.roles.pieces import Piece, trimmed, visible_end
from kliping.annotation.roles.stamps import CLOCK, INSIDE, signed
from kliping.annotation.roles.vocabulary import words
from kliping.knowledge import any_of

LEAD_WITHIN = 700
"""What is glued before the dateline ends within so many code points, dateline and all."""
STAMP_WITHIN = 300
"""A stamp that is glued before the text ends within so many code points."""
TITLE_RESTS = 2.0
"""The logit from which on a title is cut off where no dateline stands behind it."""
TITLE_HEAD, TITLE_CAPITALS, USUAL = 90, 2, 70
"""A title has so many words within so many code points whose capital is not usual: behind another capital in fewer of a
hundred places."""
TITLE_WORDS = 3
"""A stretch of fewer words before a dateline is no title; in one of so many, one such word is enough."""
BARE_TITLE = "border:title"
"""Marks a title that was told by how it is written; the model has the last word."""
_SIGNS = "\"“”'‘’(),.:;?!"
TOLD_WORDS = 4
"""A deck or a caption has so many words behind its first one."""
WRAPPED_FROM = 200
"""A shorter text in quotes is a quotation, in code points."""

_GUTTED = re.compile(r"[,.\s\u00a0]{0,12}[-–—]{1,3}(?:,{1,3})?[\s\u00a0]{0,80}(?=[^\W\d_]|[\"“'‘,])")
_LIST_OPENS = re.compile(r"\[\s?[\"'“‘](?=\S)")
_TAGS_OPEN = re.compile(r"(?:<(?:p|div|br|span|article|section)\b[^<>]{0,100}>\s{0,4}){1,4}")
_ADDRESS_OPENS = re.compile(r"(?:https?://|www\.)[^\s<>]{6,300}(?=\s{1,9}\S)")
_QUOTES_OPEN = re.compile(r"\"{2,3}(?=\w)")
_LIST_CLOSES = re.compile(r"[\"'”’]\s?\]$")
_CELL_CLOSES = re.compile(r"[\"'];$")
_SIGNED = re.compile(rf"({NAME}) ?[-–|] ?(?:[a-z]{{1,40}}[A-Z]\w{{2,15}}|[\w-]{{2,25}}\.(?:com|co\.id|id|net|tv))$")
"""A person and the outlet that he writes for: `Rukmini Wardhana - kabarInet`."""
_SENTENCE = re.compile(r"[.!?][\"”’')]{0,2}\s{1,80}(?=[A-Z\"“])")


def debris(text: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what a crawler left around a text: half a dateline, the signs of a printed list or of a table's cell."""
    opened, quotes = _LIST_OPENS.match(text, start, end), _cell_quotes(text, start, end)
    if opened:
        yield Piece(start, opened.end(), "mark", "shape:printed-list")
    elif tags := _TAGS_OPEN.match(text, start, end):
        yield Piece(start, visible_end(text, start, tags.end()), "mark", "shape:html-tag")
    elif address := _ADDRESS_OPENS.match(text, start, end):
        yield Piece(start, address.end(), "source", "split:address")
    elif quotes:
        yield Piece(start, start + quotes, "mark", "shape:cell")
    elif (gutted := _GUTTED.match(text, start, end)) and not _is_item(text, start, gutted.end()):
        yield Piece(start, visible_end(text, start, gutted.end()), "dateline", "dateline:gutted")
    if closed := _LIST_CLOSES.search(text, max(start, end - 3), end):
        if opened:
            yield Piece(closed.start(), end, "mark", "shape:printed-list")
    elif closed := _CELL_CLOSES.search(text, max(start, end - 2), end):
        yield Piece(closed.start(), end, "mark", "shape:cell")
    elif quotes:
        yield Piece(end - quotes, end, "mark", "shape:cell")


def _cell_quotes(text: str, start: int, end: int) -> int:
    """Return how many quotes a table's cell has put around the text, 0 where there is no cell."""
    doubled = _QUOTES_OPEN.match(text, start, end)
    if doubled and text.endswith(doubled.group(), start, end):
        return len(doubled.group())
    return 1 if text[start] == '"' and _is_cell(text, start, end) else 0


def _is_item(text: str, start: int, place: int) -> bool:
    """Tell whether the dash opens an item of a list, as other lines have one too."""
    return text[start] in "-–—" and text.count("\n-", place) + text.count("\n–", place) + text.count("\n•", place) > 0


def _is_cell(text: str, start: int, end: int) -> bool:
    """Tell whether the text stands in the quotes of a table's cell: the next quote inside opens, or there is none."""
    if end - start < WRAPPED_FROM or text[end - 1] != '"':
        return False
    inner = text.find('"', start + 1, end)
    if inner == end - 1:
        return len(_SENTENCE.findall(text[start:end])) > 1
    return text[inner + 1] == '"' or text[inner - 1].isspace()


def lead(line: str, start: int, end: int, opening: int) -> list[Piece]:
    """Return the pieces of what stands before the dateline or the first sentence, and the dateline; empty for nothing.

    `opening` is the first place where a sentence may open without a stop before it, -1 for none.
    """
    if datelines.prefix_end(line[start:end], opening=True):
        return []
    begin, stop = datelines.inside(line[start : min(end, start + LEAD_WITHIN)])
    if stop:
        before = list(_before_dateline(line, start, start + begin))
        return [*before, Piece(start + begin, visible_end(line, start, start + stop), "dateline", "dateline:inside")]
    within = min(end, start + STAMP_WITHIN)
    if signature := signed(line, start, within):
        return list(_before_dateline(line, start, signature[1].end))
    if CLOCK.search(line, start, within) and (stamp := INSIDE.search(line, start, within)):
        return list(_before_dateline(line, start, stamp.end()))
    titled = 0 < opening < start + HEAD_WITHIN or _unusual(line[start:]) >= TITLE_CAPITALS
    border = title_end(line, start, end) if titled else None
    if border is None or border.logit < TITLE_RESTS:
        return []
    return [Piece(start, visible_end(line, start, border.place), "", BARE_TITLE)]


def _unusual(text: str) -> int:
    """Return how many words at the beginning have a capital that sentences do not give them, as titles do."""
    return sum(
        word[0].isupper() and casing().get(word.strip(_SIGNS).lower(), UNKNOWN).behind_capital < USUAL
        for word in text[:TITLE_HEAD].split()[1:]
    )


def headed(line: str, pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of what opens a page, the first of them as its headline where all others are decided.

    It is written like a title, and stands before the author, the stamp or the dateline.
    """
    is_open = [not piece.role for piece in pieces]
    if len(pieces) < 2 or not is_open[0] or any(is_open[1:]) or not is_title(line[pieces[0].start : pieces[0].end]):
        return pieces
    return [pieces[0]._replace(role="headline", rule="split:glued-title"), *pieces[1:]]


def is_title(text: str) -> bool:
    """Tell whether all that stands before a dateline is written like a title: no credit, caption, name or sentences."""
    if len(text.split()) < TITLE_WORDS or is_person(text) or _SENTENCE.search(text) or _credits().search(text):
        return False
    return _unusual(text) > 0 and not _is_told(text)


@cache
def _credits() -> re.Pattern[str]:
    """Return what stands in credits and in no title: words of photographers, brackets, addresses."""
    return re.compile(rf"\b(?:{any_of(words().photo)})\b|[()©@|]|\.\w", re.IGNORECASE)


def _is_told(text: str) -> bool:
    """Tell whether most words behind the first one are written small, as in a deck or a caption."""
    rest = [word for word in text.split()[1:] if word[0].isalpha()]
    return len(rest) >= TOLD_WORDS and 2 * sum(word[0].islower() for word in rest) > len(rest)


def _before_dateline(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what stands before a dateline: a title, who wrote it, a stamp, a caption, a deck."""
    end = visible_end(line, start, end)
    if signature := signed(line, start, end):
        yield Piece(start, visible_end(line, start, signature[0].start))
        yield from signature
        start, _ = trimmed(line, signature[1].end, end)
    stamp = INSIDE.search(line, start, end) if CLOCK.search(line, start, end) else None
    if stamp:
        yield from _signed(line, start, stamp.start())
        begin, stop = trimmed(line, stamp.start(), stamp.end())
        yield Piece(begin, stop, "timestamp", "split:glued-stamp")
        start, _ = trimmed(line, stamp.end(), end)
    if start < end:
        border = title_end(line, start, end)
        if border is not None and border.logit >= 0.0 and _parts(line[border.place : end]):
            yield Piece(start, visible_end(line, start, border.place))
            start = border.place
        yield Piece(start, end)


def _parts(rest: str) -> bool:
    """Tell whether what stands behind a title's end is a deck, a caption or a credit, not the title's last words."""
    return _is_told(rest) or _credits().search(rest) is not None


def _signed(line: str, start: int, end: int) -> Iterator[Piece]:
    """Yield what stands before a stamp: a title, and a person with the outlet that he writes for; signs go with it."""
    end = visible_end(line, start, end)
    unsigned = len(line[:end].rstrip(" \u00a0-–|,"))
    author = _SIGNED.search(line, max(start, unsigned - 80), unsigned)
    name = name_start(line, start, *author.span(1)) if author else start
    if name > start:
        yield Piece(start, visible_end(line, start, name), "headline", "split:glued-title")
    if author:
        yield Piece(name, end, "byline", "split:author-and-outlet")
    elif start < end:
        yield Piece(start, end)
