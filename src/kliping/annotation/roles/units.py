"""Cuts a page into units: stretches of one line that get one role each, with the roles that knowledge alone decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from kliping.annotation.roles import datelines
from kliping.annotation.roles.breadcrumbs import RULE as BREADCRUMB
from kliping.annotation.roles.breadcrumbs import trail_end
from kliping.annotation.roles.cuts import NO_ANCHORS, Anchors, anchors, between, cut, is_whole
from kliping.annotation.roles.openings import BARE_TITLE, debris, headed, lead
from kliping.annotation.roles.pieces import Piece, trimmed
from kliping.annotation.roles.stamps import STAMPED_WITHIN, beside
from kliping.annotation.roles.vocabulary import words
from kliping.annotation.scan import Joined

BODY_LENGTH = 60
"""From this length on, in code points, a line may be the first one of the body."""
LEAD_PIECES, LEAD_LENGTH = 12, 110
"""The text of a page begins below so many pieces at most, with a line of so many code points."""
SENTENCE_LENGTH = 140
"""A longer line is a sentence of the body, whatever it ends with."""
BODY_WITHIN, BROKEN_WITHIN = 3, 16
"""The body begins so many lines below a dateline of its own line, and below the dash of one that links have broken."""
PLACE_WITHIN = 3
"""Only within so many long lines from the top may a place alone be a dateline; below, it has to name an outlet."""
OUTLET_WITHIN = 40
"""So far into a line, in code points, stands the dot or the bracket of a dateline that names an outlet."""
DATELINE_LINES, DATELINE_PART = 4, 40
"""Links break a dateline into so many lines before its dash at most, each no longer than this, in code points."""
CAPTION_WITHIN = 4
"""A caption's credit has a line of the body so few units below it."""

_SENTENCE_ENDS = ".!?\"”'’,:"
_CLOSINGS = frozenset({"split:closing-agency", "split:closing-byline", "split:closing-outlet"})


@dataclass(slots=True)
class Units:
    """The units of one page, as parallel lists in the order of the text; `decide` alone writes roles."""

    text: str
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    """Decided by knowledge, empty where the model decides."""
    rules: list[str] = field(default_factory=list)
    """What decided the role, empty where the model decides."""
    blanks: list[int] = field(default_factory=list)
    """White lines before the unit, 0 to 2; -1 where it continues the line of the unit before it."""
    lines: list[int] = field(default_factory=list)
    """Number of the raw line that the unit stands on."""
    title: int = -1
    """The unit that was cut off before the text as a title, -1 for none."""

    def __len__(self) -> int:
        return len(self.starts)

    def string(self, index: int) -> str:
        """Return the text of one unit."""
        return self.text[self.starts[index] : self.ends[index]]

    def size(self, index: int) -> int:
        """Return the length of one unit, in code points."""
        return self.ends[index] - self.starts[index]

    def sizes(self) -> list[int]:
        """Return the length of each unit, in code points."""
        return [end - start for start, end in zip(self.starts, self.ends, strict=True)]

    def add(self, start: int, end: int, blanks: int, line: int, role: str = "", rule: str = "") -> None:
        """Append a unit."""
        self.starts.append(start)
        self.ends.append(end)
        self.roles.append(role)
        self.rules.append(rule)
        self.blanks.append(blanks)
        self.lines.append(line)

    def decide(self, index: int, role: str, rule: str) -> None:
        """Give one unit a role, and name the rule that did it; the last decision stands."""
        self.roles[index], self.rules[index] = role, rule

    def reopen(self, index: int) -> None:
        """Leave one unit to the model again."""
        self.decide(index, "", "")

    def cut(self, index: int, size: int) -> None:
        """End a unit after `size` code points; what is left of it, if anything visible, follows as an open unit."""
        start, end = self.starts[index], self.ends[index]
        rest = self.text[start + size : end]
        begin = start + size + len(rest) - len(rest.lstrip())
        self.ends[index] = start + size
        if begin < end:
            for column, value in (
                (self.starts, begin),
                (self.ends, end),
                (self.blanks, -1),
                (self.lines, self.lines[index]),
            ):
                column.insert(index + 1, value)
            self.roles.insert(index + 1, "")
            self.rules.insert(index + 1, "")

    def join(self, index: int) -> None:
        """Make a unit part of the one before it."""
        self.ends[index - 1] = self.ends[index]
        for column in (self.starts, self.ends, self.roles, self.rules, self.blanks, self.lines):
            del column[index]

    def body_follows(self, index: int, within: int, undecided: bool = False) -> bool:
        """Tell whether a line of a body follows within so many units, one without a role if `undecided`."""
        following = range(index + 1, min(index + 1 + within, len(self)))
        return any(self.size(i) >= BODY_LENGTH and not (undecided and self.roles[i]) for i in following)


def units(text: str, found: Anchors | None = None) -> Units:
    """Return the units of a page: every visible character lies in exactly one, none crosses a line.

    `found` are the anchors of the text, where they are known already.
    """
    if found is None:
        (found,) = anchors(Joined([text]))
    result = _cut_lines(text, found)
    _join_captions(result)
    _mark_dateline(result)
    return result


def _cut_lines(text: str, found: Anchors) -> Units:
    """Return the lines of a page as units, cut where a line may hold more than one role."""
    result = Units(text)
    left = _debris(text)
    lines = text.split("\n") if "\n" in text else [text]
    led = any(piece.role == "dateline" for piece in left)
    offset, blanks = 0, 0
    for number, line in enumerate(lines):
        stripped = line.strip()
        if not stripped:
            blanks = min(blanks + 1, 2)
        else:
            start = line.find(stripped[0]) if line[0] != stripped[0] else 0
            inside = between(found, offset, offset + len(line)) if len(lines) > 1 else found
            leads = not led and len(stripped) >= LEAD_LENGTH and len(result) < LEAD_PIECES
            led = led or leads
            for piece in _line(line, start, start + len(stripped), inside, leads, offset, left):
                if piece.rule == BARE_TITLE:
                    result.title = len(result)
                    piece = piece._replace(rule="")
                result.add(offset + piece.start, offset + piece.end, blanks, number, piece.role, piece.rule)
                blanks = -1
            blanks = 0
        offset += len(line) + 1
    return result


def _debris(text: str) -> Sequence[Piece]:
    """Return what a crawler left around the text: half a dateline at its start, the signs of a list or a cell."""
    end = len(text.rstrip())
    start = len(text) - len(text.lstrip())
    return tuple(debris(text, start, end)) if start < end else ()


def _line(
    line: str, start: int, end: int, found: Anchors, leads: bool, offset: int, left: Sequence[Piece]
) -> Iterator[Piece]:
    """Yield the pieces of a line, what is left around the text apart from the rest."""
    if not left:
        yield from _pieces(line, start, end, found, leads)
        return
    ends = [piece for piece in left if offset + start <= piece.start and piece.end <= offset + end]
    before = [piece for piece in ends if piece.start == offset + start]
    after = [piece for piece in ends if piece.start > offset + start]
    for piece in before:
        yield piece._replace(start=piece.start - offset, end=piece.end - offset)
        start = piece.end - offset
    if after:
        end = after[0].start - offset
    start, end = trimmed(line, start, end)
    if start < end:
        yield from _pieces(line, start, end, found, leads)
    for piece in after:
        yield piece._replace(start=piece.start - offset, end=piece.end - offset)


def _pieces(line: str, start: int, end: int, found: Anchors, leads: bool) -> Iterator[Piece]:
    """Yield the pieces of a trimmed stretch of a line; the first long line of a page `leads`."""
    if (trail := trail_end(line, start, end)) > start:
        yield Piece(start, trail, "navigation", BREADCRUMB)
        start, _ = trimmed(line, trail, end)
        if start == end:
            return
    if end - start < STAMPED_WITHIN and (stamped := tuple(beside(line, start, end))):
        yield from stamped
        return
    if leads:
        led = lead(line, start, end, next((place for place in found.openings if place > start), -1))
        parts = [(piece,) if piece.rule else _plain(line, piece.start, piece.end, found) for piece in led]
        yield from headed(line, [*chain.from_iterable(parts)])
        if led:
            start, _ = trimmed(line, led[-1].end, end)
    if start < end:
        yield from _plain(line, start, end, found)


def _plain(line: str, start: int, end: int, found: Anchors) -> Sequence[Piece]:
    if found is NO_ANCHORS and is_whole(line, end):
        return (Piece(start, end),)
    return cut(line, start, end, found)


def _join_captions(page: Units) -> None:
    """Give closing credits back to their line unless it ends the body: inside a page they belong to a caption."""
    if _CLOSINGS.isdisjoint(page.rules):
        return
    for index in range(len(page) - 1, 0, -1):
        closes = page.rules[index] in _CLOSINGS and page.blanks[index] == -1
        if closes and page.body_follows(index, CAPTION_WITHIN, undecided=True):
            page.join(index)


def _mark_dateline(page: Units) -> None:
    """Find the one dateline of the page, on its own line or lines or as the prefix of the first line of the body.

    A short line with a dash that names no known place counts only where there is no other.
    """
    if "dateline" not in page.roles and not _find_dateline(page, sure=True):
        _find_dateline(page, sure=False)


def _find_dateline(page: Units, sure: bool) -> bool:
    long_lines = 0
    for index in range(len(page)):
        if page.roles[index]:
            continue
        start, end = page.starts[index], page.ends[index]
        long = end - start >= BODY_LENGTH
        if (not long or page.text[start] in datelines.DASHES) and _mark_lines(page, index, sure):
            return True
        if long:
            line = page.text[start:end]
            sentence = line[-1] in _SENTENCE_ENDS or len(line) > SENTENCE_LENGTH
            if _mark_prefix(page, index, line, sentence, long_lines < PLACE_WITHIN):
                return True
            long_lines += sentence
    return False


def _mark_prefix(page: Units, index: int, line: str, sentence: bool, on_top: bool) -> bool:
    """Mark the dateline that opens a long line; tell whether there is one."""
    if not on_top and "." not in line[:OUTLET_WITHIN] and "(" not in line[:OUTLET_WITHIN]:
        return False
    if size := datelines.prefix_end(line, sentence and on_top):
        page.cut(index, size)
        page.decide(index, "dateline", "dateline:prefix")
        return True
    return False


def _mark_lines(page: Units, index: int, sure: bool) -> bool:
    """Mark short lines that together are a dateline and stand before the body: `KUPANG` / `-`, `Kabar.id, Kupang -`."""
    first_character = page.text[page.starts[index]]
    if first_character in datelines.DASHES:
        return _mark_broken(page, index)
    goes_on = index + 1 < len(page) and page.blanks[index + 1] == -1
    if page.size(index) >= BODY_LENGTH or not first_character.isalnum() or goes_on:
        return False
    if datelines.is_line(page.string(index), sure) and page.body_follows(index, BODY_WITHIN):
        page.decide(index, "dateline", "dateline:line")
        return True
    return False


def _mark_broken(page: Units, index: int) -> bool:
    """Mark a dateline over several lines by the line that holds its dash, alone or before the text."""
    line = page.string(index)
    dash = datelines.opening_dash(line)
    if not dash and not (datelines.is_dash(line) and page.body_follows(index, BROKEN_WITHIN)):
        return False
    first = _first_line(page, index)
    if first == index:
        return False
    if dash:
        page.cut(index, dash)
    for i in range(first, index + 1):
        page.decide(i, "dateline", "dateline:lines")
    return True


def _first_line(page: Units, dash: int) -> int:
    """Return the first of the short lines that are a dateline up to the one with the dash; `dash` if there are none.

    They name an outlet, or they are one single place; a place is known, or opens the page and is no item of a menu.
    """
    best = dash
    opens = dash == 1 and not any(
        datelines.is_dash(page.string(i)) for i in range(2, min(len(page), 2 + BROKEN_WITHIN))
    )
    for first in range(dash - 1, max(-1, dash - 1 - DATELINE_LINES), -1):
        if page.size(first) > DATELINE_PART or page.roles[first]:
            break
        joined = " ".join(page.string(i) for i in range(first, dash)).replace(" ,", ",")
        if joined.count(")") > joined.count("(") or (best < dash and not datelines.domain_at_start(joined)):
            continue
        if _is_dateline(joined, opens):
            best = first
    return best


def _is_dateline(joined: str, opens: bool) -> bool:
    """Tell whether lines, joined, name an outlet or a place: a known one, or one that `opens` a page without menus."""
    strength = datelines.is_prefix(joined)
    name = joined.split(",")[0].casefold()
    place = strength == 1 and (name in words().places or (opens and name not in words().menu))
    return strength == 2 or place
